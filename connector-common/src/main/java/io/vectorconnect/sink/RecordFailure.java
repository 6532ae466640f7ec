package io.vectorconnect.sink;

import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/**
 * What goes wrong while one record is read or encoded, of whatever class, is that record's error.
 */
final class RecordFailure {
  private RecordFailure() {}

  /** Work on one record that touches no database. */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * Does the work.
   *
   * @throws DataException when it fails because of the record
   * @throws ConnectException of another kind, which is thrown on purpose: the task has to fail
   */
  static <T, E extends Exception> T locate(Work<T, E> work) throws E {
    try {
      return work.run();
    } catch (ConnectException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw unexpected(e);
    }
  }

  /** The message of such an exception may show values; its class and its place do not. */
  private static DataException unexpected(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    DataException located =
        new DataException(
            "the record cannot be read (%s%s); its form is not one that this sink knows"
                .formatted(
                    e.getClass().getSimpleName(), trace.length == 0 ? "" : " at " + trace[0]));
    located.setStackTrace(trace);
    return located;
  }
}
