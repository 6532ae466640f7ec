package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.util.Optional;

/** Reads the chunks of a dataset, and undoes their filters. */
public final class ChunkReader {
  private final FileBytes file;
  private final Layout.Chunked layout;
  private final Filters filters;
  private final int elementBytes;
  private final long[] extents;
  private final long[] mostExtents;
  private ChunkIndex index;

  ChunkReader(
      FileBytes file,
      Layout.Chunked layout,
      Filters filters,
      int elementBytes,
      long[] extents,
      long[] mostExtents) {
    this.file = file;
    this.layout = layout;
    this.filters = filters;
    this.elementBytes = elementBytes;
    this.extents = extents;
    this.mostExtents = mostExtents;
    filters.check(elementBytes);
    if (layout.extents().length != extents.length) {
      throw new HdfException(
          "its chunks have %d dimensions, but it has %d"
              .formatted(layout.extents().length, extents.length));
    }
  }

  /** Elements of a chunk in each dimension. */
  public long[] chunkExtents() {
    return layout.extents().clone();
  }

  /**
   * Bytes of a chunk without filters; {@link Long#MAX_VALUE} where that is no number of 64 bits.
   */
  public long chunkBytes() {
    long bytes = elementBytes;
    for (long extent : layout.extents()) {
      if (extent <= 0 || bytes > Long.MAX_VALUE / extent) {
        return Long.MAX_VALUE;
      }
      bytes *= extent;
    }
    return bytes;
  }

  /**
   * The elements of the chunk with these numbers, one for each dimension.
   *
   * @return nothing where it was never written
   * @throws HdfException when it is damaged, or unpacks to more than a chunk has
   */
  public Optional<byte[]> read(long... numbers) {
    int bytes = Math.toIntExact(chunkBytes());
    if (index == null) {
      index = ChunkIndex.of(file, layout, extents, mostExtents, bytes);
    }
    return index
        .find(numbers)
        .filter(chunk -> chunk.address() != FileBytes.UNDEFINED)
        .map(
            chunk -> {
              if (chunk.size() > 2L * bytes + Decoder.SLACK) {
                throw new HdfException(
                    "a chunk of %d bytes is stored in %d".formatted(bytes, chunk.size()));
              }
              byte[] stored = file.read(chunk.address(), chunk.size()).array();
              boolean plain = layout.wholeEdges() && reachesBeyond(numbers);
              return plain
                  ? new Filters(java.util.List.of()).decode(stored, 0, bytes)
                  : filters.decode(stored, chunk.skipped(), bytes);
            });
  }

  private boolean reachesBeyond(long... numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if ((numbers[i] + 1) * layout.extents()[i] > extents[i]) {
        return true;
      }
    }
    return false;
  }
}
