package io.vectorconnect.sql.sink;

import io.vectorconnect.sink.Batch;
import io.vectorconnect.sink.PartialUpdate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;

/**
 * Encoded changes by table. Where rows have keys, each is in it at most once.
 *
 * @param <R> the encoded changes
 */
public abstract class RowBatch<R extends SqlRow> implements Batch {
  /** What a row costs beside its bytes: the objects around it. */
  private static final int ROW_OVERHEAD = 200;

  private final boolean keyed;
  private final Map<TableId, Changes<R>> tables = new LinkedHashMap<>();
  private int rows;

  /** What was added; a row that was replaced counts on, its bytes may still be there. */
  private long bytes;

  /** What the batch does to one table. */
  static final class Changes<R extends SqlRow> {
    private final Map<Object, R> byKey = new LinkedHashMap<>();
    private final List<R> inOrder = new ArrayList<>();
    private boolean truncated;

    /** Whether all rows go before the changes come. */
    boolean truncated() {
      return truncated;
    }

    /** The changes, in an order in which they may be written. */
    Collection<R> rows() {
      return inOrder.isEmpty() ? byKey.values() : inOrder;
    }
  }

  /**
   * An empty batch.
   *
   * @param keyed whether rows have keys
   */
  protected RowBatch(boolean keyed) {
    this.keyed = keyed;
  }

  /** A change and then an update of some columns of the same row, as one change. */
  protected abstract R updated(R earlier, R update);

  /** All is written, and nobody reads the rows any more. */
  protected void release() {}

  /**
   * Adds a change.
   *
   * @throws DataException when it updates a row that the batch deletes
   */
  public final void add(R row) {
    Changes<R> changes = changes(row.plan().table());
    if (!keyed) {
      changes.inOrder.add(row);
      count(row);
      rows++;
      return;
    }
    R earlier = changes.byKey.get(row.key());
    R added = earlier == null ? row : after(earlier, row);
    changes.byKey.put(added.key(), added);
    count(added);
    rows += earlier == null ? 1 : 0;
  }

  private void count(R row) {
    bytes += row.bytes() + ROW_OVERHEAD;
  }

  /** What two changes of one key come to: the last one, unless it leaves columns as they are. */
  private R after(R earlier, R row) {
    if (row.plan().kind() != RowPlan.Kind.UPDATE) {
      return row;
    }
    if (earlier.plan().kind() == RowPlan.Kind.DELETE) {
      throw new DataException(PartialUpdate.NO_SUCH_ROW);
    }
    return updated(earlier, row);
  }

  /** All rows of a table go, those of this batch with them. */
  final void truncate(TableId table) {
    Changes<R> changes = changes(table);
    rows -= changes.rows().size();
    changes.byKey.clear();
    changes.inOrder.clear();
    changes.truncated = true;
  }

  /** A row was refused for good, and is not to be tried again. */
  final void refuse(R row) {
    changes(row.plan().table()).rows().remove(row);
  }

  private Changes<R> changes(TableId table) {
    return tables.computeIfAbsent(table, t -> new Changes<>());
  }

  final Map<TableId, Changes<R>> tables() {
    return tables;
  }

  /** The plans of the rows as they are now. */
  public final List<RowPlan<?>> plans() {
    List<RowPlan<?>> plans = new ArrayList<>();
    RowPlan<?> last = null;
    for (Changes<R> changes : tables.values()) {
      for (R row : changes.rows()) {
        if (row.plan() != last) {
          last = row.plan();
          if (!plans.contains(last)) {
            plans.add(last);
          }
        }
      }
    }
    return plans;
  }

  @Override
  public final int rows() {
    return rows;
  }

  @Override
  public final long bytes() {
    return bytes;
  }
}
