package io.vectorconnect.source.reconcile;

import org.apache.kafka.connect.errors.ConnectException;

/** How many rows a task may keep in mind. */
public final class RowLimit {
  private final long maximum;
  private long rows;

  /** A limit of so many rows. */
  public RowLimit(long maximum) {
    this.maximum = maximum;
  }

  /**
   * Counts rows that are kept, or that are not any more.
   *
   * @throws ConnectException when there are more than the limit
   */
  void add(int more) {
    rows += more;
    if (rows > maximum) {
      throw new ConnectException(
          "the ranges of this task have more than %s=%d rows to compare; raise it and the worker's heap, or tasks.max where the collection has more ranges than tasks"
              .formatted(ReconcileKeys.MAX_ROWS, maximum));
    }
  }
}
