package io.vectorconnect.sink;

/** The database did not take a write now, and may later: lost connection, deadlock, rate limit. */
public final class TransientWriteException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was tried and how it failed, without values
   * @param cause the driver's exception
   */
  public TransientWriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
