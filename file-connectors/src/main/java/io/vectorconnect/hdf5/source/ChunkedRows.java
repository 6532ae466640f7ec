package io.vectorconnect.hdf5.source;

import io.jhdf.exceptions.HdfException;
import io.vectorconnect.hdf5.format.ChunkReader;
import io.vectorconnect.hdf5.format.StoredDataset;
import java.util.Optional;

/**
 * Rows out of chunks. The chunks side by side that contain a row are unpacked once, and kept until
 * a row beyond them is asked for.
 */
final class ChunkedRows implements RowBytes {
  /** A chunk is in memory as it is stored, unpacked, and as rows, beside everything else. */
  private static final int HEAP_SHARE = 4;

  private final StoredDataset dataset;
  private final ChunkReader chunks;
  private final int rowBytes;
  private final int elementBytes;
  private final int bandRows;

  /** Bytes of a chunk's part of a row. */
  private final int width;

  private byte[] band;
  private long bandFirst = -1;
  private byte[] fill;

  /**
   * Rows of a dataset.
   *
   * @param maxBytes how large a chunk, and the chunks of a row side by side, may be
   * @throws HdfException when they are larger
   */
  ChunkedRows(StoredDataset dataset, ChunkReader chunks, int rowBytes, int maxBytes) {
    this.dataset = dataset;
    this.chunks = chunks;
    this.rowBytes = rowBytes;
    this.elementBytes = dataset.type().getSize();
    long[] chunk = chunks.chunkExtents();
    long bandBytes = chunk[0] > Integer.MAX_VALUE ? Long.MAX_VALUE : chunk[0] * rowBytes;
    long most = Math.max(bandBytes, chunks.chunkBytes());
    if (chunk[0] <= 0 || most > maxBytes) {
      throw new HdfException(
          "its chunks of %d rows take %d bytes in memory, but %s is %d; raise it, and the heap with it, or write the dataset with smaller chunks"
              .formatted(chunk[0], most, Hdf5SourceConfig.MAX_CHUNK, maxBytes));
    }
    long room = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    if (most > room) {
      throw new HdfException(
          "its chunks of %d rows take %d bytes in memory, and the worker's heap has room for chunks of %d bytes; raise the heap, or write the dataset with smaller chunks"
              .formatted(chunk[0], most, room));
    }
    this.bandRows = (int) chunk[0];
    this.width = chunk.length == 1 ? rowBytes : (int) (chunk[1] * elementBytes);
  }

  @Override
  public byte[] read(long first, int count) {
    byte[] rows = new byte[count * rowBytes];
    for (int done = 0; done < count; ) {
      long row = first + done;
      long number = row / bandRows;
      if (number != bandFirst) {
        bandFirst = -1;
        load(number);
        bandFirst = number;
      }
      int inBand = (int) (row % bandRows);
      int taken = Math.min(count - done, bandRows - inBand);
      System.arraycopy(band, inBand * rowBytes, rows, done * rowBytes, taken * rowBytes);
      done += taken;
    }
    return rows;
  }

  private void load(long number) {
    if (band == null) {
      band = new byte[bandRows * rowBytes];
    }
    for (int left = 0; left < rowBytes; left += width) {
      byte[] tile = tile(number, left / width);
      int copied = Math.min(width, rowBytes - left);
      for (int row = 0; row < bandRows; row++) {
        System.arraycopy(tile, row * width, band, row * rowBytes + left, copied);
      }
    }
  }

  private byte[] tile(long row, long column) {
    Optional<byte[]> stored =
        dataset.extents().length == 1 ? chunks.read(row) : chunks.read(row, column);
    return stored.orElseGet(
        () -> {
          fill = fill == null ? dataset.fillValue() : fill;
          return RowBytes.filled(fill, bandRows * width);
        });
  }
}
