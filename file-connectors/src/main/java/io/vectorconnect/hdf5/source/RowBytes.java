package io.vectorconnect.hdf5.source;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.dataset.CompactDataset;
import io.jhdf.exceptions.HdfException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The raw elements of a dataset by rows, as they stand in the file after its filters. */
@FunctionalInterface
interface RowBytes {
  /** The rows {@code first} to {@code first + count}, without gaps. */
  byte[] read(long first, int count) throws IOException;

  /**
   * The rows of a dataset, whatever its layout.
   *
   * @param rowBytes bytes of one row
   */
  static RowBytes of(HdfHandle file, Dataset dataset, int rowBytes) {
    if (dataset.getDimensionsAsLong()[0] == 0) {
      return (first, count) -> new byte[0];
    }
    if (dataset instanceof ContiguousDataset contiguous) {
      if (contiguous.isEmpty()) {
        // The address of external data looks the same, so this must not be taken for zeros.
        throw new HdfException("it was never written, or its data is in another file");
      }
      long start = contiguous.getDataAddress() + file.hdf().getUserBlockSize();
      return (first, count) ->
          contiguous(file.channel(), start + first * rowBytes, count * rowBytes);
    }
    if (dataset instanceof ChunkedDataset chunked) {
      return new ChunkedRows(chunked, rowBytes);
    }
    if (dataset instanceof CompactDataset compact) {
      ByteBuffer all = compact.getDataBuffer();
      return (first, count) -> {
        byte[] rows = new byte[count * rowBytes];
        all.duplicate().position(Math.toIntExact(first * rowBytes)).get(rows);
        return rows;
      };
    }
    throw new HdfException("its layout " + dataset.getDataLayout() + " is not supported");
  }

  private static byte[] contiguous(FileChannel channel, long position, int length)
      throws IOException {
    if (position + length > channel.size()) { // before any memory is taken
      throw new EOFException("the file ends before");
    }
    ByteBuffer rows = ByteBuffer.allocate(length);
    while (rows.hasRemaining()) {
      if (channel.read(rows, position + rows.position()) < 0) {
        throw new EOFException("the file ends before");
      }
    }
    return rows.array();
  }
}
