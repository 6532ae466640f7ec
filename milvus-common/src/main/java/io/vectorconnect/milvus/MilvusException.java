package io.vectorconnect.milvus;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vectorconnect.config.Problem;
import java.util.Optional;

/** A request that Milvus did not answer, or refused. */
public final class MilvusException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is to be done about it. */
  public enum Kind {
    /** The server cannot be reached, or does not answer in time; trying again may help. */
    UNREACHABLE,
    /** The server is busy, starting, or at a limit; trying again may help. */
    BUSY,
    /** The request or its answer is larger than a message may be; fewer rows help. */
    TOO_LARGE,
    /** The server's certificate or the client's is refused, or a file of them cannot be used. */
    UNTRUSTED,
    /** User, password or token are wrong, or may not do this. */
    DENIED,
    /** No such database. */
    NO_DATABASE,
    /** No such collection. */
    NO_COLLECTION,
    /** The collection is not loaded. */
    NOT_LOADED,
    /** The request is at fault: a value that the field does not take, a bad or reserved name. */
    INVALID,
    /** Anything else. */
    REFUSED;

    /** Whether the same request may succeed later. */
    public boolean isTransient() {
      return this == UNREACHABLE || this == BUSY;
    }
  }

  private final Kind kind;
  private final String key;
  private final boolean unimplemented;

  private MilvusException(
      Kind kind, String message, Throwable cause, String key, boolean unimplemented) {
    super(message, cause);
    this.kind = kind;
    this.key = key;
    this.unimplemented = unimplemented;
  }

  /**
   * A failed request.
   *
   * @param message what was tried and how it failed, without values
   */
  public MilvusException(Kind kind, String message, Throwable cause) {
    this(
        kind,
        message,
        cause,
        "",
        cause instanceof StatusRuntimeException e
            && e.getStatus().getCode() == Status.Code.UNIMPLEMENTED);
  }

  /** A status that says that something failed. */
  MilvusException(Kind kind, String message, boolean unimplemented) {
    this(kind, message, null, "", unimplemented);
  }

  /** One that a certificate, or its file, is to blame for. */
  static MilvusException untrusted(Problem problem, Throwable cause) {
    return new MilvusException(Kind.UNTRUSTED, problem.message(), cause, problem.key(), false);
  }

  /** The key that it is about, where that is known. */
  public Optional<String> key() {
    return Optional.of(key).filter(name -> !name.isEmpty());
  }

  /** Whether the server does not know this kind of request at all. */
  public boolean isUnimplemented() {
    return unimplemented;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }
}
