package io.vectorconnect.milvus.source;

/** A request that Milvus did not answer, or refused. */
final class MilvusException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is to be done about it. */
  enum Kind {
    /** The server cannot be reached, or does not answer in time; trying again may help. */
    UNREACHABLE,
    /** The server is busy, starting or limiting rates; trying again may help. */
    BUSY,
    /** The answer is larger than a message may be; a smaller page helps. */
    TOO_LARGE,
    /** User, password or token are wrong, or may not do this. */
    DENIED,
    /** No such database. */
    NO_DATABASE,
    /** No such collection. */
    NO_COLLECTION,
    /** The collection is not loaded. */
    NOT_LOADED,
    /** Anything else. */
    REFUSED;

    boolean isTransient() {
      return this == UNREACHABLE || this == BUSY;
    }
  }

  private final Kind kind;

  MilvusException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
