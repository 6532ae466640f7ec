package io.vectorconnect.milvus.source.timestamp;

import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import io.vectorconnect.source.reconcile.RowHash;
import java.util.HashMap;
import java.util.Map;

/**
 * The last state of rows that will be read again, for they are within the overlap: those that have
 * not changed need not be published again.
 */
public final class RecentRows {
  private final TimestampField field;
  private final int limit;
  private final Map<String, Seen> rows = new HashMap<>();
  private long from;

  /**
   * No rows yet.
   *
   * @param from the time of rows from which on they are kept
   * @param limit how many are kept; more are published again
   */
  public RecentRows(TimestampField field, long from, int limit) {
    this.field = field;
    this.from = from;
    this.limit = limit;
  }

  private record Seen(long time, RowHash hash) {}

  /** Notes a row that is read; false when it was published before, just as it is. */
  public boolean isNew(MappedRow row) {
    long time = field.time(row);
    Seen before = rows.remove(row.key());
    if (before == null && time < from) {
      return true;
    }
    Seen now = new Seen(time, RowHash.of(row.value()));
    if (time >= from && rows.size() < limit) {
      rows.put(row.key(), now);
    }
    return !now.equals(before);
  }

  /** From now on keeps rows of this time and later; earlier ones until {@link #forget}. */
  void keepFrom(long time) {
    from = time;
  }

  /** Forgets the rows that are not to be read again. */
  void forget() {
    rows.values().removeIf(seen -> seen.time < from);
  }
}
