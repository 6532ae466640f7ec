package io.vectorconnect.source.reconcile;

import io.vectorconnect.source.range.TaskShare;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/** Checks, when a plan is made, that no task will have more rows to compare than it may. */
public final class PlannedRows {
  /** The ranges of a new plan may be this much larger than their mean. */
  private static final double TOLERANCE = 1.1;

  private final Map<String, Count> counts = new HashMap<>();

  /**
   * The rows of a unit.
   *
   * @param isNew whether its plan is new, so that its ranges have about the same number of rows
   */
  private record Count(long rows, boolean isNew) {}

  public void clear() {
    counts.clear();
  }

  public void add(String unit, long rows, boolean isNew) {
    counts.put(unit, new Count(rows, isNew));
  }

  /**
   * Checks the shares of all tasks.
   *
   * @throws ConnectException when a task would certainly have more rows than {@code maximum}
   */
  public void requireRoom(List<List<TaskShare.Entry>> shares, long maximum) {
    long all = counts.values().stream().mapToLong(Count::rows).sum();
    if (!shares.isEmpty() && all / shares.size() > maximum) {
      throw tooMany(all, all / shares.size(), shares.size(), maximum);
    }
    for (List<TaskShare.Entry> share : shares) {
      double least = share.stream().mapToDouble(this::atLeast).sum();
      if (least > maximum) {
        throw tooMany(all, (long) least, shares.size(), maximum);
      }
    }
  }

  /** The ranges of an old plan may have grown in any way. */
  private double atLeast(TaskShare.Entry entry) {
    Count count = counts.get(entry.unit());
    int size = entry.plan().size();
    if (count == null || (!count.isNew && size > 1)) {
      return 0;
    }
    double mean = (double) count.rows * entry.ranges().size() / size;
    return size == 1 ? mean : mean / TOLERANCE;
  }

  private static ConnectException tooMany(long all, long ofOne, int tasks, long maximum) {
    return new ConnectException(
        "%d rows are to be compared by %d tasks, so one of them would have about %d rows; %s=%d allows fewer. Raise it and the workers' heap, or raise tasks.max"
            .formatted(all, tasks, ofOne, ReconcileKeys.MAX_ROWS, maximum));
  }
}
