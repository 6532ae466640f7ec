package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.row.RowBatch;
import java.util.ArrayList;
import java.util.List;

/** Rows as COPY BINARY tuples, one after the other in large buffers. */
final class CopyBatch extends RowBatch<Row> {
  /** From here on another buffer is begun, so that few rows make one grow. */
  private static final int FILLED = BufferPool.BUFFER - (BufferPool.BUFFER >> 4);

  private final BufferPool pool;
  private final List<CopyBuffer> buffers = new ArrayList<>();

  CopyBatch(boolean keyed, BufferPool pool) {
    super(keyed);
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

  @Override
  protected Row updated(Row earlier, Row update) {
    return earlier.updatedBy(update, buffer());
  }

  @Override
  public void release() {
    pool.giveBack(buffers);
    buffers.clear();
  }
}
