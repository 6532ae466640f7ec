package io.vectorconnect.sink;

/** The database did not take a write now, and may later: lost connection, deadlock, rate limit. */
public final class TransientWriteException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean busy;

  /**
   * The database did not take a write.
   *
   * @param message what was tried and how it failed, without values
   * @param cause the driver's exception
   */
  public TransientWriteException(String message, Throwable cause) {
    super(message, cause);
    this.busy = false;
  }

  private TransientWriteException(String message) {
    super(message);
    this.busy = true;
  }

  /** Nothing has failed: the writer is at work on something else, for however long that takes. */
  public static TransientWriteException busy(String message) {
    return new TransientWriteException(message);
  }

  /** Whether nothing has failed. */
  public boolean isBusy() {
    return busy;
  }
}
