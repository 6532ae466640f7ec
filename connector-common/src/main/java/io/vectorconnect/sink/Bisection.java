package io.vectorconnect.sink;

import java.util.List;

/** Writes what can be written of a batch of which the database refuses some rows. */
public final class Bisection {
  private Bisection() {}

  /** Writes rows in one transaction: all or none. */
  @FunctionalInterface
  public interface Write<T> {
    /** Writes the rows, or throws {@link RefusedException} when one of them is refused. */
    void write(List<T> rows) throws TransientWriteException, RefusedException;
  }

  /** Takes a row that was refused when it was written alone. */
  @FunctionalInterface
  public interface Errant<T> {
    /** Reports the row. */
    void report(T row, RefusedException reason);
  }

  /** The database refuses a row for good, because of its values. */
  public static class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Made of the driver's exception, with a message that shows no values. */
    public RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Writes {@code pending} in order, all at once if that goes; around a refused row in halves until
   * it stands alone, so that k refused rows of n cost at most 4k log2 n writes.
   *
   * @param pending mutable; rows leave it as they are written or reported, so that after an
   *     exception it holds just what is left to do
   */
  public static <T> void write(List<T> pending, Write<T> write, Errant<T> errant)
      throws TransientWriteException {
    int size = pending.size();
    while (!pending.isEmpty()) {
      List<T> next = pending.subList(0, Math.min(size, pending.size()));
      try {
        write.write(next);
        size = Math.min(next.size() * 2, pending.size());
        next.clear();
      } catch (RefusedException e) {
        if (next.size() == 1) {
          errant.report(next.get(0), e);
          next.clear();
        } else {
          size = next.size() / 2;
        }
      }
    }
  }
}
