package io.vectorconnect.hdf5.format;

import io.jhdf.checksum.ChecksumUtils;
import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** An array of all chunks that a dataset can ever have, in pages where there are many. */
final class FixedArray implements ChunkIndex {
  private final FileBytes file;
  private final ChunkNumbers order;
  private final ChunkElements elements;
  private final long count;
  private final long pageElements;
  private final long block;

  /** Bytes of the block before its elements, with the table of pages, without a checksum. */
  private final long prefix;

  private final byte[] pages;
  private Page page = new Page(-1, ByteBuffer.allocate(0));

  private record Page(long number, ByteBuffer elements) {}

  FixedArray(FileBytes file, long address, long chunkBytes, ChunkNumbers order) {
    this.file = file;
    this.order = order;
    ByteBuffer header = file.read(address, 12L + file.lengthBytes() + file.offsetBytes());
    ChecksumUtils.validateChecksum(header);
    header.rewind();
    FileBytes.expect(header, "FAHD", 0);
    int client = header.get();
    elements = ChunkElements.of(file, client, Byte.toUnsignedInt(header.get()), chunkBytes);
    int pageBits = header.get();
    count = file.length(header);
    block = file.address(header);
    if (pageBits < 0 || pageBits > 30 || count < 0 || count > file.size()) {
      throw new HdfException("an array of %s chunks".formatted(Long.toUnsignedString(count)));
    }
    pageElements = 1L << pageBits;
    long pageCount = isPaged() ? (count + pageElements - 1) / pageElements : 0;
    prefix = 6L + file.offsetBytes() + (pageCount + 7) / 8;
    pages =
        block == FileBytes.UNDEFINED || !isPaged() ? new byte[0] : pages((int) (pageCount + 7) / 8);
  }

  private boolean isPaged() {
    return count > pageElements;
  }

  private byte[] pages(int bytes) {
    ByteBuffer head = file.read(block, prefix + 4);
    ChecksumUtils.validateChecksum(head);
    byte[] written = new byte[bytes];
    head.get((int) prefix - bytes, written);
    return written;
  }

  @Override
  public Optional<Chunk> find(long... numbers) {
    long number = order.number(numbers);
    if (number < 0 || number >= count) {
      throw new HdfException("chunk %d of an array of %d".formatted(number, count));
    }
    if (block == FileBytes.UNDEFINED) {
      return Optional.empty();
    }
    long wanted = number / pageElements;
    if (isPaged() && (pages[(int) (wanted / 8)] & 0x80 >> (wanted % 8)) == 0) {
      return Optional.empty();
    }
    if (page.number() != wanted) {
      page = new Page(wanted, isPaged() ? page(wanted) : whole());
    }
    int at = (int) (number % pageElements) * elements.bytes();
    return elements.next(page.elements().duplicate().order(page.elements().order()).position(at));
  }

  private ByteBuffer page(long number) {
    long first = number * pageElements;
    long bytes = Math.min(pageElements, count - first) * elements.bytes();
    long before = number * (pageElements * elements.bytes() + 4);
    ByteBuffer read = file.read(block + prefix + 4 + before, bytes + 4);
    ChecksumUtils.validateChecksum(read);
    return read;
  }

  private ByteBuffer whole() {
    ByteBuffer read = file.read(block, prefix + count * elements.bytes() + 4);
    ChecksumUtils.validateChecksum(read);
    read.rewind();
    FileBytes.expect(read, "FADB", 0);
    return FileBytes.part(read.position((int) prefix), count * elements.bytes());
  }
}
