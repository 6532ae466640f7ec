package io.vectorconnect.hdf5.source;

import io.jhdf.exceptions.HdfException;
import io.vectorconnect.hdf5.format.ChunkReader;
import io.vectorconnect.hdf5.format.Layout;
import io.vectorconnect.hdf5.format.StoredDataset;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The raw elements of a dataset by rows, as they are in the file after its filters. */
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
   * @throws HdfException when they cannot be read
   */
  static RowBytes of(HdfHandle file, StoredDataset dataset, int rowBytes) {
    Layout layout = dataset.layout();
    if (dataset.extents()[0] == 0) {
      return (first, count) -> new byte[0];
    }
    if (layout instanceof Layout.Compact compact) {
      ByteBuffer all = compact.data();
      checkSize(dataset, rowBytes, all.remaining());
      return (first, count) -> {
        byte[] rows = new byte[count * rowBytes];
        all.get(Math.toIntExact(first * rowBytes), rows);
        return rows;
      };
    }
    if (layout instanceof Layout.Contiguous contiguous) {
      if (contiguous.isUnwritten()) {
        checkSize(dataset, rowBytes, file.size() * MAX_RATIO);
        byte[] fill = dataset.fillValue();
        return (first, count) -> filled(fill, count * rowBytes);
      }
      long left = file.bytes().size() - file.bytes().base() - contiguous.address();
      long stored = contiguous.bytes() < 0 ? left : Math.min(left, contiguous.bytes());
      checkSize(dataset, rowBytes, stored);
      return (first, count) ->
          file.bytes()
              .read(contiguous.address() + first * rowBytes, (long) count * rowBytes)
              .array();
    }
    ChunkReader chunks = dataset.chunks((Layout.Chunked) layout);
    checkSize(dataset, rowBytes, file.size() * MAX_RATIO);
    return new ChunkedRows(dataset, chunks, rowBytes, file.maxChunkBytes());
  }

  /** Bytes that repeat an element. */
  static byte[] filled(byte[] element, int bytes) {
    byte[] filled = new byte[bytes];
    for (int at = 0; at < bytes; at += element.length) {
      System.arraycopy(element, 0, filled, at, element.length);
    }
    return filled;
  }

  /** A damaged number of rows would give rows without end. */
  private static void checkSize(StoredDataset dataset, int rowBytes, long most) {
    long rows = dataset.extents()[0];
    if (rows < 0 || rows > most / rowBytes) {
      throw new HdfException(
          "its %s rows of %d bytes are more than such a file can hold"
              .formatted(Long.toUnsignedString(rows), rowBytes));
    }
  }
}
