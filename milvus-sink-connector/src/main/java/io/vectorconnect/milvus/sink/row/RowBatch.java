package io.vectorconnect.milvus.sink.row;

import io.vectorconnect.sink.Batch;
import io.vectorconnect.sink.PartialUpdate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;

/** Encoded changes. Where rows have keys, only the last change of each is kept. */
public final class RowBatch implements Batch {
  /** What a row costs beside its bytes: the objects around it. */
  private static final int ROW_OVERHEAD = 200;

  /** What can go in one request. */
  private record Group(Target target, RowPlan.Kind kind) {}

  private final boolean keyed;
  private final int epoch;
  private final VectorPool pool;
  private final List<byte[]> borrowed = new ArrayList<>();
  private final Map<String, Map<Object, Row>> byKey = new HashMap<>();
  private final Set<String> ofScan = new HashSet<>();
  private final List<Row> inOrder = new ArrayList<>();
  private List<List<Row>> pending;
  private int rows;
  private long bytes;

  /**
   * An empty batch.
   *
   * @param epoch how often the writer had been broken off
   * @param pool where its vectors come from
   */
  public RowBatch(boolean keyed, int epoch, VectorPool pool) {
    this.keyed = keyed;
    this.epoch = epoch;
    this.pool = pool;
  }

  /** A vector of a row of this batch, in an array of the pool. */
  public byte[] copy(byte[] vector) {
    byte[] copy = pool.copy(vector);
    borrowed.add(copy);
    return copy;
  }

  /** All is written, and nobody reads the rows any more. */
  public void release() {
    pool.giveBack(borrowed);
    borrowed.clear();
  }

  /** A request with the rows was broken off, and may still be read: the pool gets nothing back. */
  public void keepVectors() {
    borrowed.clear();
  }

  /** How often the writer had been broken off when the batch was begun. */
  public int epoch() {
    return epoch;
  }

  /**
   * Adds a change.
   *
   * @throws DataException when it updates a row that the batch deletes
   */
  public void add(Row row) {
    if (!keyed) {
      inOrder.add(row);
      rows++;
      bytes += row.bytes() + ROW_OVERHEAD;
      return;
    }
    Map<Object, Row> changes =
        byKey.computeIfAbsent(row.plan().target().collection(), c -> new LinkedHashMap<>());
    Row earlier = changes.get(row.key());
    Row added = earlier == null ? row : after(earlier, row);
    changes.put(row.key(), added);
    bytes += added.bytes();
    if (earlier == null) {
      rows++;
      bytes += ROW_OVERHEAD;
    } else {
      bytes -= earlier.bytes();
    }
  }

  /** The batch has a row of a first scan for this collection. */
  public void markScan(String collection) {
    ofScan.add(collection);
  }

  /** Whether it has one. */
  public boolean isOfScan(String collection) {
    return ofScan.contains(collection);
  }

  /** What two changes of one key come to: the last one, unless it leaves columns as they are. */
  private static Row after(Row earlier, Row row) {
    if (row.plan().kind() != RowPlan.Kind.UPDATE) {
      return row;
    }
    if (earlier.plan().kind() == RowPlan.Kind.DELETE) {
      throw new DataException(PartialUpdate.NO_SUCH_ROW);
    }
    if (!earlier.plan().target().columns().equals(row.plan().target().columns())) {
      throw new DataException(
          "collection %s got other fields between two changes of one row; send the record again"
              .formatted(row.plan().target().collection()));
    }
    return earlier.updatedBy(row);
  }

  /**
   * What is left to write, in groups of one target and kind; the writer removes from the groups
   * what is done. The order of the groups does not matter, for no key is in two of them.
   */
  public List<List<Row>> pending() {
    if (pending == null) {
      Map<Group, List<Row>> groups = new LinkedHashMap<>();
      collect(inOrder, groups);
      byKey.values().forEach(changes -> collect(changes.values(), groups));
      pending = new ArrayList<>(groups.values());
      inOrder.clear();
      byKey.clear();
    }
    return pending;
  }

  private static void collect(Collection<Row> rows, Map<Group, List<Row>> groups) {
    for (Row row : rows) {
      groups
          .computeIfAbsent(
              new Group(row.plan().target(), row.plan().kind()), group -> new ArrayList<>())
          .add(row);
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public long bytes() {
    return bytes;
  }
}
