package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The elements of an array of chunks.
 *
 * @param bytes of one element
 * @param chunkBytes bytes of a chunk without filters
 */
record ChunkElements(FileBytes file, boolean filtered, int bytes, long chunkBytes) {
  /**
   * Elements of this form.
   *
   * @param client what the array says that its elements are
   */
  static ChunkElements of(FileBytes file, int client, int bytes, long chunkBytes) {
    boolean filtered = client == 1;
    int least = file.offsetBytes() + (filtered ? 5 : 0);
    if (client < 0 || client > 1 || bytes < least || bytes > least + 8) {
      throw new HdfException("an array of chunks with elements of %d bytes".formatted(bytes));
    }
    return new ChunkElements(file, filtered, bytes, chunkBytes);
  }

  /** The element at the position of a buffer; nothing where the chunk was never written. */
  Optional<ChunkIndex.Chunk> next(ByteBuffer elements) {
    long address = file.address(elements);
    long size = chunkBytes;
    int skipped = 0;
    if (filtered) {
      size = FileBytes.unsigned(elements, bytes - file.offsetBytes() - 4);
      skipped = elements.getInt();
    }
    return address == FileBytes.UNDEFINED
        ? Optional.empty()
        : Optional.of(new ChunkIndex.Chunk(address, size, skipped));
  }
}
