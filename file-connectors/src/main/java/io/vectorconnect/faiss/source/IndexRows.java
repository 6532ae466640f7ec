package io.vectorconnect.faiss.source;

import io.vectorconnect.data.LittleEndian;
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

  /** The same without the vectors. */
  void readIds(long first, long[] ids) throws IOException;

  /**
   * Checks that the vectors can be read, and not only be counted.
   *
   * @throws IndexFormatException naming the kind of index when they cannot
   */
  default void requireReadable() throws IndexFormatException {}

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
      readIds(first, ids);
      decode(channel, codec, position + first * codec.codeSize(), vectors, 0, ids.length);
    }

    @Override
    public void readIds(long first, long[] ids) {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = first + i;
      }
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
   * The centroids of a MultiIndexQuantizer: all combinations of the centroids of its parts.
   *
   * <p>The number of a list is the code of its centroid, lowest bits first.
   */
  record Combinations(ProductCodec codec) implements IndexRows {
    @Override
    public long count() {
      return 1L << (codec.parts() * codec.bits());
    }

    @Override
    public boolean hasIds() {
      return false;
    }

    @Override
    public void read(long first, long[] ids, byte[] vectors) {
      readIds(first, ids);
      for (int i = 0; i < ids.length; i++) {
        byte[] code = new byte[Long.BYTES];
        LittleEndian.putInt(code, 0, (int) ids[i]);
        LittleEndian.putInt(code, Integer.BYTES, (int) (ids[i] >>> 32));
        codec.decode(code, 0, vectors, i * codec.vectorBytes(), 1);
      }
    }

    @Override
    public void readIds(long first, long[] ids) {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = first + i;
      }
    }
  }

  /**
   * The rows of an IndexPreTransform, which are not those that were added. An IndexRefine has the
   * vectors once more, so such rows are only counted.
   *
   * @param rows the transformed rows
   * @param codec what the rows would be without the transform
   */
  record Transformed(IndexRows rows, VectorCodec codec) implements IndexRows {
    @Override
    public long count() {
      return rows.count();
    }

    @Override
    public boolean hasIds() {
      return rows.hasIds();
    }

    @Override
    public void read(long first, long[] ids, byte[] vectors) throws IOException {
      requireReadable();
    }

    @Override
    public void readIds(long first, long[] ids) throws IOException {
      rows.readIds(first, ids);
    }

    @Override
    public void requireReadable() throws IndexFormatException {
      throw RefusedIndexes.refusal("IxPT", 0);
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
    public VectorCodec codec() {
      return rows.codec();
    }

    @Override
    public boolean hasIds() {
      return true;
    }

    @Override
    public void requireReadable() throws IndexFormatException {
      rows.requireReadable();
    }

    @Override
    public void read(long first, long[] ids, byte[] vectors) throws IOException {
      rows.read(first, ids, vectors);
      lookUp(first, ids);
    }

    @Override
    public void readIds(long first, long[] ids) throws IOException {
      rows.readIds(first, ids);
      lookUp(first, ids);
    }

    private void lookUp(long first, long[] ids) throws IOException {
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
