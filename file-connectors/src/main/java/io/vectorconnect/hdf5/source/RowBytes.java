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
  /** Deflate packs 1,032 bytes into one; chunks that were never written take no bytes at all. */
  long MAX_RATIO = 4096;

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
      checkSize(dataset, rowBytes, file.size() - start);
      return (first, count) ->
          contiguous(file.channel(), start + first * rowBytes, count * rowBytes);
    }
    if (dataset instanceof ChunkedDataset chunked) {
      checkSize(dataset, rowBytes, file.size() * MAX_RATIO);
      return new ChunkedRows(chunked, rowBytes, file.size() * MAX_RATIO);
    }
    if (dataset instanceof CompactDataset compact) {
      ByteBuffer all = compact.getDataBuffer();
      checkSize(dataset, rowBytes, all.remaining());
      return (first, count) -> {
        byte[] rows = new byte[count * rowBytes];
        all.duplicate().position(Math.toIntExact(first * rowBytes)).get(rows);
        return rows;
      };
    }
    throw new HdfException("its layout " + dataset.getDataLayout() + " is not supported");
  }

  /** A damaged number of rows would give rows without end. */
  private static void checkSize(Dataset dataset, int rowBytes, long most) {
    long rows = dataset.getDimensionsAsLong()[0];
    if (rows < 0 || rows > most / rowBytes) {
      throw new HdfException(
          "its %s rows of %d bytes are more than such a file can hold"
              .formatted(Long.toUnsignedString(rows), rowBytes));
    }
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
