package io.vectorconnect.weaviate.source;

/** A request that Weaviate did not answer, or answered with an error. */
final class WeaviateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  enum Kind {
    /** No answer, or no server. */
    UNREACHABLE,
    /** The server cannot answer now. */
    BUSY,
    /** The login is refused, or may not read this. */
    DENIED,
    /** The answer would be larger than what is allowed. */
    TOO_LARGE,
    /** There is no such collection, or tenant. */
    NOT_FOUND,
    /** The tenant is not active. */
    INACTIVE,
    /** Anything else. */
    REFUSED;

    /** Whether the same request may succeed later. */
    boolean isTransient() {
      return this == UNREACHABLE || this == BUSY;
    }
  }

  private final Kind kind;

  WeaviateException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  WeaviateException(Kind kind, String message) {
    this(kind, message, null);
  }

  Kind kind() {
    return kind;
  }
}
