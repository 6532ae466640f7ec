package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.Batch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Encoded changes by table. Where rows have keys, only the last change of each is kept. */
final class RowBatch implements Batch {
  /** What a row costs beside its bytes: the objects around it. */
  private static final int ROW_OVERHEAD = 200;

  private final boolean keyed;
  private final Map<TableId, Changes> tables = new LinkedHashMap<>();
  private int rows;
  private long bytes;

  /** What the batch does to one table. */
  static final class Changes {
    private final Map<ByteBuffer, Row> byKey = new LinkedHashMap<>();
    private final List<Row> inOrder = new ArrayList<>();
    private boolean truncated;

    /** Whether all rows go before the changes come. */
    boolean truncated() {
      return truncated;
    }

    /** The changes, in an order in which they may be written. */
    Collection<Row> rows() {
      return inOrder.isEmpty() ? byKey.values() : inOrder;
    }
  }

  RowBatch(boolean keyed) {
    this.keyed = keyed;
  }

  void add(Row row) {
    Changes changes = changes(row.plan().table());
    Row replaced = null;
    if (keyed) {
      replaced = changes.byKey.put(row.key(), row);
    } else {
      changes.inOrder.add(row);
    }
    count(row, 1);
    if (replaced != null) {
      count(replaced, -1);
    }
  }

  /** All rows of a table go, those of this batch with them. */
  void truncate(TableId table) {
    Changes changes = changes(table);
    changes.rows().forEach(row -> count(row, -1));
    changes.byKey.clear();
    changes.inOrder.clear();
    changes.truncated = true;
  }

  /** A row was refused for good, and is not to be tried again. */
  void refuse(Row row) {
    changes(row.plan().table()).rows().remove(row);
  }

  private Changes changes(TableId table) {
    return tables.computeIfAbsent(table, t -> new Changes());
  }

  private void count(Row row, int sign) {
    rows += sign;
    bytes += (long) sign * (row.tuple().length + ROW_OVERHEAD);
  }

  Map<TableId, Changes> tables() {
    return tables;
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
