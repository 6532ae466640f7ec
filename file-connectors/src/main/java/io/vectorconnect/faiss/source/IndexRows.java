package io.vectorconnect.faiss.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Ids and vectors of an index in the order in which they stand in its file. */
interface IndexRows {
  /** How many there are. */
  long count();

  /** Whether the ids are the user's, and not row numbers. */
  boolean hasIds();

  /**
   * Reads as many rows as {@code ids} has places.
   *
   * @param first the number of the first one
   * @param vectors takes their vectors, one after another
   */
  void read(long first, long[] ids, byte[] vectors) throws IOException;

  /**
   * Vectors side by side; the row number is the id.
   *
   * @param position where they begin
   * @param codeSize bytes of one
   */
  record Flat(FileChannel channel, long position, long count, int codeSize) implements IndexRows {
    @Override
    public boolean hasIds() {
      return false;
    }

    @Override
    public void read(long first, long[] ids, byte[] vectors) throws IOException {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = first + i;
      }
      IndexInput.readFully(channel, ByteBuffer.wrap(vectors), position + first * codeSize);
    }
  }

  /**
   * Other rows, whose ids are places in a table of the user's ids.
   *
   * @param position where the table begins
   */
  record Mapped(FileChannel channel, IndexRows rows, long position) implements IndexRows {
    @Override
    public long count() {
      return rows.count();
    }

    @Override
    public boolean hasIds() {
      return true;
    }

    @Override
    public void read(long first, long[] ids, byte[] vectors) throws IOException {
      rows.read(first, ids, vectors);
      if (!rows.hasIds()) { // ascending, so that one read gets them all
        ByteBuffer table = table(ids.length);
        IndexInput.readFully(channel, table, position + first * Long.BYTES);
        table.flip().asLongBuffer().get(ids);
        return;
      }
      for (int i = 0; i < ids.length; i++) {
        if (ids[i] < 0 || ids[i] >= count()) {
          throw new IndexFormatException(
              "row %d: its place in the table of ids is %d of %d"
                  .formatted(first + i, ids[i], count()));
        }
        ByteBuffer entry = table(1);
        IndexInput.readFully(channel, entry, position + ids[i] * Long.BYTES);
        ids[i] = entry.getLong(0);
      }
    }

    private static ByteBuffer table(int entries) {
      return ByteBuffer.allocate(entries * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
