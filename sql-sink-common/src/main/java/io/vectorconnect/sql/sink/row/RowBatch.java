package io.vectorconnect.sql.sink.row;

import io.vectorconnect.sink.Batch;
import io.vectorconnect.sink.PartialUpdate;
import io.vectorconnect.sink.RecordProof;
import io.vectorconnect.sql.sink.table.TableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Encoded changes by table. Where rows have keys, the changes of a key come to one, or to two that
 * follow each other; all of them stay at hand for the case that the database refuses one.
 *
 * @param <R> the encoded changes
 */
public abstract class RowBatch<R extends SqlRow> implements Batch {
  /** What a row costs beside its bytes: the objects around it. */
  private static final int ROW_OVERHEAD = 200;

  private final boolean keyed;
  private final Map<TableId, Changes<R>> tables = new LinkedHashMap<>();
  private int rows;

  /** The last record of each partition, whatever became of it. */
  private final Map<TopicPartition, SinkRecord> last = new HashMap<>();

  /** Where partitions are to be read again. */
  private final Map<TopicPartition, Long> heldBack = new HashMap<>();

  /** What was added; a row that was replaced counts on, its bytes are still there. */
  private long bytes;

  /** Which of the writer's batches are still wanted: those of its present epoch. */
  private int epoch;

  /** What the batch does to one table. */
  public static final class Changes<R extends SqlRow> {
    private final boolean keyed;
    private final Map<Object, R> byKey = new LinkedHashMap<>();

    /** Changes that are not covered by the one of the same key in {@code byKey} and go before. */
    private final Map<Object, R> before = new LinkedHashMap<>();

    private final List<R> all = new ArrayList<>();
    private boolean truncated;
    private boolean refused;

    Changes(boolean keyed) {
      this.keyed = keyed;
    }

    /** Whether all rows go before the changes come. */
    public boolean truncated() {
      return truncated;
    }

    /** Every change, in the order in which they came, but for those refused for good. */
    List<R> all() {
      return all;
    }

    /** Whether rows have keys. */
    boolean isKeyed() {
      return keyed;
    }

    /** Whether there is a shorter way than one change after the other. */
    boolean isShortened() {
      return keyed && !refused && (byKey.size() < all.size() || !before.isEmpty());
    }

    /** What all changes come to, in steps each of which has a key at most once. */
    List<Collection<R>> shortened() {
      return List.of(before.values(), byKey.values());
    }

    /** Some of the changes, in order, in steps each of which has a key at most once. */
    List<Collection<R>> steps(List<R> some) {
      if (!keyed || (byKey.size() == all.size() && before.isEmpty())) {
        return List.of(some);
      }
      List<Map<Object, R>> steps = new ArrayList<>();
      Map<Object, Integer> stepOfKey = new HashMap<>();
      for (R row : some) {
        Integer last = stepOfKey.get(row.key());
        int step = last == null ? 0 : covers(row, steps.get(last).get(row.key())) ? last : last + 1;
        if (step == steps.size()) {
          steps.add(new LinkedHashMap<>());
        }
        steps.get(step).put(row.key(), row);
        stepOfKey.put(row.key(), step);
      }
      return steps.stream().map(Map::values).toList();
    }

    private void clear() {
      byKey.clear();
      before.clear();
      all.clear();
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

  /** A change and then one of other columns of the same row, as one change. */
  protected abstract R updated(R earlier, R update);

  /** All is written, and nobody reads the rows any more. */
  public void release() {}

  /** A record is about to be added. */
  public final void note(SinkRecord record) {
    last.put(partition(record), record);
  }

  /** What proves where the batch ends, by partition. */
  public final Map<TopicPartition, RecordProof> proofs() {
    Map<TopicPartition, RecordProof> proofs = new HashMap<>();
    last.forEach((partition, record) -> proofs.put(partition, RecordProof.of(record)));
    return proofs;
  }

  public final int epoch() {
    return epoch;
  }

  public final void begin(int now) {
    epoch = now;
  }

  /**
   * Adds a change.
   *
   * @throws DataException when it updates a row that the batch deletes
   */
  public final void add(R row) {
    Changes<R> changes = changes(row.plan().table());
    if (keyed) {
      addByKey(changes, row);
    } else {
      rows++;
    }
    changes.all.add(row);
    count(row);
  }

  private void addByKey(Changes<R> changes, R row) {
    R earlier = changes.byKey.get(row.key());
    if (earlier == null) {
      changes.byKey.put(row.key(), row);
      rows++;
      return;
    }
    R added = row;
    if (row.plan().kind() == RowPlan.Kind.DELETE) {
      changes.before.remove(row.key());
    } else if (!covers(row, earlier)) {
      if (row.plan().kind() == RowPlan.Kind.UPDATE
          && earlier.plan().kind() == RowPlan.Kind.DELETE) {
        throw new DataException(PartialUpdate.NO_SUCH_ROW);
      }
      if (row.plan().kind() == RowPlan.Kind.UPDATE || earlier.plan().kind() == RowPlan.Kind.ROW) {
        added = updated(earlier, row);
        count(added);
      } else {
        changes.before.put(row.key(), earlier);
      }
    }
    changes.byKey.put(added.key(), added);
  }

  private void count(R row) {
    bytes += row.bytes() + ROW_OVERHEAD;
  }

  /** Whether nothing is left of an earlier change of the same key once a later one is written. */
  private static boolean covers(SqlRow later, SqlRow earlier) {
    RowPlan<?> plan = later.plan();
    return switch (plan.kind()) {
      case DELETE -> true;
      case UPDATE ->
          earlier.plan().kind() == RowPlan.Kind.UPDATE && plan.hasColumnsOf(earlier.plan());
      default ->
          earlier.plan().kind() == RowPlan.Kind.DELETE
              ? plan.isWhole()
              : plan.hasColumnsOf(earlier.plan());
    };
  }

  /** All rows of a table go, those of this batch with them. */
  public final void truncate(TableId table) {
    Changes<R> changes = changes(table);
    rows -= keyed ? changes.byKey.size() : changes.all.size();
    changes.clear();
    changes.truncated = true;
  }

  /**
   * Takes out the changes of partitions from these offsets on. They are not written with this
   * batch, and come again.
   */
  public final void holdBack(Map<TopicPartition, Long> from) {
    from.forEach((partition, offset) -> heldBack.merge(partition, offset, Math::min));
    last.keySet().removeAll(from.keySet());
    for (Changes<R> changes : tables.values()) {
      boolean less =
          changes.all.removeIf(
              row -> row.records().stream().anyMatch(record -> isHeldBack(record)));
      changes.refused |= less;
    }
  }

  private boolean isHeldBack(SinkRecord record) {
    Long from = heldBack.get(partition(record));
    return from != null && record.originalKafkaOffset() >= from;
  }

  public static TopicPartition partition(SinkRecord record) {
    return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
  }

  @Override
  public final Map<TopicPartition, Long> heldBack() {
    return Map.copyOf(heldBack);
  }

  /** A change was refused for good, and is not to be tried again. */
  public final void refuse(R row) {
    Changes<R> changes = changes(row.plan().table());
    changes.all.removeIf(change -> change == row);
    changes.refused = true;
  }

  private Changes<R> changes(TableId table) {
    return tables.computeIfAbsent(table, t -> new Changes<>(keyed));
  }

  public final Map<TableId, Changes<R>> tables() {
    return tables;
  }

  /** The plans of the changes, one by one and shortened. */
  public final List<RowPlan<?>> plans() {
    Set<RowPlan<?>> plans = new LinkedHashSet<>();
    for (Changes<R> changes : tables.values()) {
      addPlans(changes.all, plans);
      if (changes.isShortened()) {
        addPlans(changes.byKey.values(), plans);
      }
    }
    return List.copyOf(plans);
  }

  private static void addPlans(Collection<? extends SqlRow> rows, Set<RowPlan<?>> plans) {
    RowPlan<?> last = null;
    for (SqlRow row : rows) {
      if (row.plan() != last) {
        last = row.plan();
        plans.add(last);
      }
    }
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
