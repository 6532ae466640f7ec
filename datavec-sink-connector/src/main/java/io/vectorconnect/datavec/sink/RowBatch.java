package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.Batch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;

/** Encoded changes by table. Where rows have keys, each is in it at most once. */
final class RowBatch implements Batch {
  /** What a row costs beside its bytes: the objects around it. */
  private static final int ROW_OVERHEAD = 200;

  /** From here on another buffer is begun, so that few rows make one grow. */
  private static final int FILLED = BufferPool.BUFFER - (BufferPool.BUFFER >> 4);

  private final boolean keyed;
  private final BufferPool pool;
  private final List<CopyBuffer> buffers = new ArrayList<>();
  private final Map<TableId, Changes> tables = new LinkedHashMap<>();
  private int rows;

  /** What the buffers hold; a row that was replaced counts on, its bytes are still there. */
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

  RowBatch(boolean keyed, BufferPool pool) {
    this.keyed = keyed;
    this.pool = pool;
  }

  /** The buffer that the next row is to be encoded into. */
  CopyBuffer buffer() {
    CopyBuffer last = buffers.isEmpty() ? null : buffers.get(buffers.size() - 1);
    if (last == null || last.size() >= FILLED) {
      last = pool.take();
      buffers.add(last);
    }
    return last;
  }

  /** All is written, and nobody reads the rows any more. */
  void release() {
    pool.giveBack(buffers);
    buffers.clear();
  }

  /**
   * Adds a change.
   *
   * @throws DataException when it updates a row that the batch deletes
   */
  void add(Row row) {
    Changes changes = changes(row.plan().table());
    if (!keyed) {
      changes.inOrder.add(row);
      count(row);
      rows++;
      return;
    }
    Row earlier = changes.byKey.get(row.key());
    Row added = earlier == null ? row : after(earlier, row);
    changes.byKey.put(added.key(), added);
    count(added);
    rows += earlier == null ? 1 : 0;
  }

  private void count(Row row) {
    bytes += row.tuple().length() + ROW_OVERHEAD;
  }

  /** What two changes of one key come to: the last one, unless it leaves columns as they are. */
  private Row after(Row earlier, Row row) {
    if (row.plan().kind() != RowPlan.Kind.UPDATE) {
      return row;
    }
    if (earlier.plan().kind() == RowPlan.Kind.DELETE) {
      throw new DataException(RowLoader.NO_SUCH_ROW);
    }
    return earlier.updatedBy(row, buffer());
  }

  /** All rows of a table go, those of this batch with them. */
  void truncate(TableId table) {
    Changes changes = changes(table);
    rows -= changes.rows().size();
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
