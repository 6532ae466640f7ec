package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.Batch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Encoded changes by table. Where rows have keys, only the last change of each is kept. */
final class RowBatch implements Batch {
  /** What a row costs beside its bytes: the objects around it. */
  private static final int ROW_OVERHEAD = 200;

  /** From here on another buffer is begun, so that few rows make one grow. */
  private static final int FILLED = BufferPool.BUFFER - (BufferPool.BUFFER >> 4);

  private final boolean keyed;
  private final BufferPool pool;
  private final List<CopyBuffer> buffers = new ArrayList<>();
  private final Map<TableId, Map<ByteBuffer, Row>> byKey = new LinkedHashMap<>();
  private final Map<TableId, List<Row>> inOrder = new LinkedHashMap<>();
  private int rows;
  private long bytes;

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

  void add(Row row) {
    // A replaced row counts on: its bytes stay in the buffer.
    bytes += row.tuple().length() + ROW_OVERHEAD;
    TableId table = row.plan().table();
    if (!keyed) {
      inOrder.computeIfAbsent(table, t -> new ArrayList<>()).add(row);
      rows++;
      return;
    }
    Row replaced = byKey.computeIfAbsent(table, t -> new LinkedHashMap<>()).put(row.key(), row);
    if (replaced == null) {
      rows++;
    }
  }

  /** What is left to write, by table; the writer removes from it what is done. */
  Map<TableId, List<Row>> pending() {
    byKey.forEach((table, changes) -> inOrder.put(table, new ArrayList<>(changes.values())));
    byKey.clear();
    return inOrder;
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
