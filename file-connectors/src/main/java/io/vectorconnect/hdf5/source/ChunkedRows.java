package io.vectorconnect.hdf5.source;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.PipelineFilterWithData;

/**
 * Rows out of chunks. The chunks side by side that hold a row are unpacked once, and kept until a
 * row beyond them is asked for: jHDF's own slices would unpack them anew for every slice.
 */
final class ChunkedRows implements RowBytes {
  /** More than that in one band of chunks is no layout to read by rows. */
  private static final long MAX_BAND = 512L << 20;

  private static final String NO_CHUNK = "No chunk with offset"; // how jHDF says it

  /** H5Z_FILTER_SHUFFLE. */
  private static final int SHUFFLE = 2;

  private final ChunkedDataset dataset;
  private final int rowBytes;
  private final int elementBytes;
  private final int bandRows;
  private final int[] chunk;
  private byte[] band;
  private long bandFirst = -1;
  private boolean fillsWithZero;

  /**
   * Rows of a dataset.
   *
   * @param mostBytes what the file could hold at the most, unpacked
   */
  ChunkedRows(ChunkedDataset dataset, int rowBytes, long mostBytes) {
    this.dataset = dataset;
    this.rowBytes = rowBytes;
    this.elementBytes = dataset.getDataType().getSize();
    this.chunk = dataset.getChunkDimensions();
    this.bandRows = chunk[0];
    checkShuffle(dataset);
    long bandBytes = (long) bandRows * rowBytes;
    long chunkBytes = (long) chunk[0] * (chunk.length == 1 ? 1 : chunk[1]) * elementBytes;
    long most = Math.min(MAX_BAND, mostBytes);
    if (bandRows <= 0 || Math.max(bandBytes, chunkBytes) > most) {
      throw new HdfException(
          "its chunks of %d rows take %d bytes in memory; at most %d are read, so write it with smaller chunks"
              .formatted(bandRows, Math.max(bandBytes, chunkBytes), most));
    }
  }

  /** jHDF counts up to what the file says, however long that takes. */
  private static void checkShuffle(ChunkedDataset dataset) {
    for (PipelineFilterWithData filter : dataset.getFilters()) {
      int[] data = filter.getFilterData();
      if (filter.getId() == SHUFFLE
          && (data.length == 0 || data[0] < 1 || data[0] > dataset.getDataType().getSize())) {
        throw new HdfException("its shuffle filter has elements of another size");
      }
    }
  }

  @Override
  public byte[] read(long first, int count) {
    byte[] rows = new byte[count * rowBytes];
    for (int done = 0; done < count; ) {
      long row = first + done;
      long start = row / bandRows * bandRows;
      if (start != bandFirst) {
        bandFirst = -1;
        load(start);
        bandFirst = start;
      }
      int inBand = (int) (row - start);
      int taken = Math.min(count - done, bandRows - inBand);
      System.arraycopy(band, inBand * rowBytes, rows, done * rowBytes, taken * rowBytes);
      done += taken;
    }
    return rows;
  }

  private void load(long start) {
    if (band == null) {
      band = new byte[bandRows * rowBytes];
    }
    int width = chunk.length == 1 ? rowBytes : chunk[1] * elementBytes;
    for (int left = 0; left < rowBytes; left += width) {
      int[] offset =
          chunk.length == 1
              ? new int[] {Math.toIntExact(start)}
              : new int[] {Math.toIntExact(start), left / elementBytes};
      byte[] tile = tile(offset, bandRows * width);
      int copied = Math.min(width, rowBytes - left);
      for (int row = 0; row < bandRows; row++) {
        System.arraycopy(tile, row * width, band, row * rowBytes + left, copied);
      }
    }
  }

  private byte[] tile(int[] offset, int length) {
    byte[] tile;
    try {
      tile = dataset.getDecompressedChunk(offset);
    } catch (HdfException e) {
      if (e.getMessage() == null || !e.getMessage().startsWith(NO_CHUNK)) {
        throw e;
      }
      checkFillsWithZero();
      return new byte[length];
    }
    if (tile.length < length) {
      throw new HdfException("a chunk has %d bytes, expected %d".formatted(tile.length, length));
    }
    return tile;
  }

  /** A chunk that was never written stands for the fill value, which is zero unless set. */
  private void checkFillsWithZero() {
    if (fillsWithZero) {
      return;
    }
    Object fill = dataset.getFillValue();
    boolean zero =
        fill == null
            || (fill instanceof Number number && number.doubleValue() == 0)
            || (fill instanceof String text && text.isEmpty());
    if (!zero) {
      throw new HdfException("chunks were never written, and its fill value is not zero");
    }
    fillsWithZero = true;
  }
}
