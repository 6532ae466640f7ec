package io.vectorconnect.faiss.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * The rows of an inverted file, list after list. The sizes of the lists are read from the file as
 * they are needed, for there may be any number.
 */
final class InvertedLists implements IndexRows {
  private final FileChannel channel;
  private final IndexInput sizes;
  private final long sizesPosition;
  private final boolean sparse;
  private final long entries;
  private final long dataPosition;
  private final VectorCodec codec;
  private final Optional<Centroids> centroids;
  private final int codeSize;
  private final long lists;
  private final long count;

  // The list that is being read.
  private long entry;
  private long listSize;
  private long listFirstRow;
  private long listPosition;
  private long listNumber;

  /** Where the sizes of lists stand: one for each list, or pairs of number and size. */
  private record Sizes(long position, boolean sparse, long entries) {}

  private InvertedLists(
      FileChannel channel,
      Sizes table,
      VectorCodec codec,
      long lists,
      Optional<Centroids> centroids)
      throws IOException {
    this.channel = channel;
    this.sizes = new IndexInput(channel);
    this.sizesPosition = table.position();
    this.sparse = table.sparse();
    this.entries = table.entries();
    this.codec = codec;
    this.centroids = centroids;
    this.codeSize = codec.codeSize();
    this.lists = lists;
    this.dataPosition = sizesPosition + entries * (sparse ? 16 : 8);
    this.count = total();
    rewind();
  }

  /**
   * Parses what follows the fourcc {@code ilar}; leaves the input behind the lists.
   *
   * @param centroids those of the lists, where the codes are of the differences to them
   */
  static InvertedLists parse(
      IndexInput input,
      FileChannel channel,
      VectorCodec codec,
      long lists,
      Optional<Centroids> centroids)
      throws IOException {
    int codeSize = codec.codeSize();
    long declared = input.int64();
    long declaredCode = input.int64();
    if (declared != lists || declaredCode != codeSize) {
      throw new IndexFormatException(
          "inverted lists: %s lists with %s bytes a vector, expected %d and %d"
              .formatted(
                  Long.toUnsignedString(declared),
                  Long.toUnsignedString(declaredCode),
                  lists,
                  codeSize));
    }
    String form = input.fourcc();
    boolean sparse = form.equals("sprs");
    if (!sparse && !form.equals("full")) {
      throw new IndexFormatException("sizes of inverted lists in an unknown form " + form);
    }
    long numbers = input.int64();
    if (sparse ? numbers % 2 != 0 : numbers != lists) {
      throw new IndexFormatException(
          "sizes of inverted lists: " + Long.toUnsignedString(numbers) + " numbers");
    }
    long position = input.skip(numbers, Long.BYTES, "sizes of inverted lists");
    Sizes sizes = new Sizes(position, sparse, sparse ? numbers / 2 : numbers);
    InvertedLists rows = new InvertedLists(channel, sizes, codec, lists, centroids);
    input.skip(rows.count, codeSize + (long) Long.BYTES, "inverted lists");
    return rows;
  }

  private long total() throws IOException {
    long bytes = channel.size() - dataPosition;
    long most = bytes / (codeSize + (long) Long.BYTES);
    long total = 0;
    sizes.seek(sizesPosition);
    listNumber = -1;
    for (long i = 0; i < entries; i++) {
      long size = nextSize();
      if (size < 0 || size > most - total) {
        throw new IndexFormatException(
            "an inverted list of %s vectors, but %d bytes are left"
                .formatted(Long.toUnsignedString(size), bytes));
      }
      total += size;
    }
    return total;
  }

  private long nextSize() throws IOException {
    listNumber = sparse ? sizes.int64() : listNumber + 1;
    if (listNumber < 0 || listNumber >= lists) {
      throw new IndexFormatException(
          "an inverted list with number %s of %d"
              .formatted(Long.toUnsignedString(listNumber), lists));
    }
    return sizes.int64();
  }

  private void rewind() {
    sizes.seek(sizesPosition);
    entry = 0;
    listNumber = -1;
    listSize = 0;
    listFirstRow = 0;
    listPosition = dataPosition;
  }

  /** Goes to the list that holds a row. */
  private void goTo(long row) throws IOException {
    if (row < listFirstRow) {
      rewind();
    }
    while (row >= listFirstRow + listSize) {
      if (entry++ >= entries) {
        throw new IndexFormatException("row %d is in no inverted list".formatted(row));
      }
      listPosition += listSize * (codeSize + (long) Long.BYTES);
      listFirstRow += listSize;
      listSize = nextSize();
    }
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public boolean hasIds() {
    return true;
  }

  @Override
  public VectorCodec codec() {
    return codec;
  }

  @Override
  public void read(long first, long[] ids, byte[] vectors) throws IOException {
    read(first, ids, Optional.of(vectors));
  }

  @Override
  public void readIds(long first, long[] ids) throws IOException {
    read(first, ids, Optional.empty());
  }

  private void read(long first, long[] ids, Optional<byte[]> vectors) throws IOException {
    for (int done = 0; done < ids.length; ) {
      goTo(first + done);
      long inList = first + done - listFirstRow;
      int taken = (int) Math.min(ids.length - done, listSize - inList);
      if (vectors.isPresent()) {
        int to = done * codec.vectorBytes();
        long from = listPosition + inList * codeSize;
        IndexRows.decode(channel, codec, from, vectors.get(), to, taken);
        if (centroids.isPresent()) {
          centroids.get().add(listNumber, vectors.get(), to, taken);
        }
      }
      ByteBuffer table = ByteBuffer.allocate(taken * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      IndexInput.readFully(
          channel, table, listPosition + listSize * codeSize + inList * Long.BYTES);
      table.flip().asLongBuffer().get(ids, done, taken);
      done += taken;
    }
  }
}
