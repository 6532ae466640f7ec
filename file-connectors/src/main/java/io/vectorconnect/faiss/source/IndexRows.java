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

  /** What the vectors are. */
  VectorCodec codec();

  /**
   * Reads as many rows as {@code ids} has places.
   *
   * @param first the number of the first one
   * @param vectors takes their vectors, packed, one after another
   */
  void read(long first, long[] ids, byte[] vectors) throws IOException;

  /**
   * Codes side by side; the row number is the id.
   *
   * @param position where they begin
   */
  record Flat(FileChannel channel, long position, long count, VectorCodec codec)
      implements IndexRows {
    @Override
    public boolean hasIds() {
      return false;
    }

    @Override
    public void read(long first, long[] ids, byte[] vectors) throws IOException {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = first + i;
      }
      decode(channel, codec, position + first * codec.codeSize(), vectors, 0, ids.length);
    }
  }

  /** Reads codes that stand side by side, and decodes them. */
  static void decode(
      FileChannel channel, VectorCodec codec, long position, byte[] vectors, int to, int count)
      throws IOException {
    int length = count * codec.codeSize();
    if (codec instanceof VectorCodec.Plain) { // nothing to decode, no second array
      IndexInput.readFully(channel, ByteBuffer.wrap(vectors, to, length), position);
      return;
    }
    byte[] codes = new byte[length];
    IndexInput.readFully(channel, ByteBuffer.wrap(codes), position);
    codec.decode(codes, 0, vectors, to, count);
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
    public VectorCodec codec() {
      return rows.codec();
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
