package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.source.RetryAfter;
import java.time.Duration;
import java.util.Optional;

/** A request that Weaviate did not answer, or answered with an error. */
public final class WeaviateException extends RuntimeException implements RetryAfter {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** No answer, or no server. */
    UNREACHABLE,
    /** The server cannot answer now. */
    BUSY,
    /** The answer was not there in time, or the server failed over it: a smaller one may do. */
    SLOW,
    /** The server's certificate is not one to trust. */
    UNTRUSTED,
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
    public boolean isTransient() {
      return this == UNREACHABLE || this == BUSY || this == SLOW;
    }
  }

  private final Kind kind;
  private final Duration retryAfter;
  private final String key;

  private WeaviateException(
      Kind kind, String message, Throwable cause, Duration retryAfter, String key) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
    this.key = key;
  }

  public WeaviateException(Kind kind, String message, Throwable cause, Duration retryAfter) {
    this(kind, message, cause, retryAfter, "");
  }

  /** One that a certain key is to blame for. */
  static WeaviateException about(String key, Kind kind, String message, Throwable cause) {
    return new WeaviateException(kind, message, cause, Duration.ZERO, key);
  }

  public WeaviateException(Kind kind, String message, Throwable cause) {
    this(kind, message, cause, Duration.ZERO);
  }

  public WeaviateException(Kind kind, String message) {
    this(kind, message, null);
  }

  /** The same, told with what it was part of. */
  public WeaviateException within(String what) {
    return new WeaviateException(kind, what + getMessage(), this, retryAfter, key);
  }

  /** The same with another kind, if it is of a certain one. */
  WeaviateException ofKind(Kind from, Kind to) {
    return kind == from
        ? new WeaviateException(to, getMessage(), getCause(), retryAfter, key)
        : this;
  }

  public Kind kind() {
    return kind;
  }

  /** The key that it is about, where that is known. */
  public Optional<String> key() {
    return Optional.of(key).filter(name -> !name.isEmpty());
  }

  @Override
  public Duration retryAfter() {
    return retryAfter;
  }
}
