package io.vectorconnect.sink;

/** A position in the target is not where this task left it: another task has written there. */
public final class LostPositionException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message which partition, and where it was expected
   */
  public LostPositionException(String message) {
    super(message);
  }
}
