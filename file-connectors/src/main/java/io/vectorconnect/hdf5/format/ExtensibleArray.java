package io.vectorconnect.hdf5.format;

import io.jhdf.checksum.ChecksumUtils;
import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An array of chunks that grows in one dimension. Its first elements are in the index block; the
 * others are in data blocks, which double in size and number from one super block to the next. The
 * index block has the addresses of the data blocks of the first super blocks, and then those of
 * super blocks. Large data blocks are divided into pages.
 */
final class ExtensibleArray implements ChunkIndex {
  private static final int KEPT = 16;

  private final FileBytes file;
  private final ChunkNumbers order;
  private final ChunkElements elements;
  private final long address;
  private final int addressBits;
  private final int inIndex;
  private final int leastElements;
  private final int leastPointers;
  private final int pageBits;
  private final long behindLast;
  private final ByteBuffer index;

  /** Blocks and pages that were read last: chunks that follow each other share them. */
  private final Map<Long, ByteBuffer> blocks =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ByteBuffer> eldest) {
          return size() > KEPT;
        }
      };

  ExtensibleArray(FileBytes file, long address, long chunkBytes, ChunkNumbers order) {
    this.file = file;
    this.order = order;
    this.address = address;
    ByteBuffer header = file.read(address, 16L + 6L * file.lengthBytes() + file.offsetBytes());
    ChecksumUtils.validateChecksum(header);
    header.rewind();
    FileBytes.expect(header, "EAHD", 0);
    int client = header.get();
    elements = ChunkElements.of(file, client, Byte.toUnsignedInt(header.get()), chunkBytes);
    addressBits = header.get();
    inIndex = Byte.toUnsignedInt(header.get());
    leastElements = Byte.toUnsignedInt(header.get());
    leastPointers = Byte.toUnsignedInt(header.get());
    pageBits = header.get();
    boolean powers = Integer.bitCount(leastElements) == 1 && Integer.bitCount(leastPointers) == 1;
    if (!powers
        || addressBits < log2(leastElements)
        || addressBits > 62
        || pageBits < 0
        || pageBits > 30) {
      throw new HdfException("an extensible array of chunks of an unknown form");
    }
    header.position(header.position() + 4 * file.lengthBytes());
    behindLast = file.length(header);
    file.length(header); // how many elements have a place
    long indexAddress = file.address(header);
    index =
        indexAddress == FileBytes.UNDEFINED
            ? null
            : block(
                "EAIB",
                indexAddress,
                (long) inIndex * elements.bytes()
                    + (blockPointers() + superPointers()) * file.offsetBytes(),
                0);
  }

  private static int log2(int power) {
    return 31 - Integer.numberOfLeadingZeros(power);
  }

  private int superBlocks() {
    return 1 + addressBits - log2(leastElements);
  }

  /** Super blocks whose data blocks the index block points to. */
  private int superBlocksInIndex() {
    return 2 * log2(leastPointers);
  }

  private long blockPointers() {
    return 2L * (leastPointers - 1);
  }

  private long superPointers() {
    return Math.max(0, superBlocks() - superBlocksInIndex());
  }

  /** Reads a block, checks it, and returns what it has behind the address of the array. */
  private ByteBuffer block(String signature, long at, long bytes, int offsetBytes) {
    ByteBuffer block = file.read(at, 6L + file.offsetBytes() + offsetBytes + bytes + 4);
    ChecksumUtils.validateChecksum(block);
    block.rewind();
    FileBytes.expect(block, signature, 0);
    block.get(); // what the elements are
    if (file.address(block) != address) {
      throw new HdfException("a block of another array of chunks");
    }
    return FileBytes.part(block.position(block.position() + offsetBytes), bytes);
  }

  @Override
  public Optional<Chunk> find(long... numbers) {
    long number = order.number(numbers);
    if (index == null || number >= behindLast) {
      return Optional.empty();
    }
    if (number < inIndex) {
      return element(index, number);
    }
    long left = number - inIndex;
    long pointer = 0; // of the first data block of the super block
    for (int level = 0; level < superBlocks(); level++) {
      long dataBlocks = 1L << (level / 2);
      long size = (long) leastElements << ((level + 1) / 2);
      if (left < dataBlocks * size) {
        return inSuperBlock(level, pointer, left / size, left % size);
      }
      left -= dataBlocks * size;
      pointer += dataBlocks;
    }
    throw new HdfException("chunk %d is beyond its array".formatted(number));
  }

  private Optional<Chunk> inSuperBlock(int level, long pointer, long dataBlock, long element) {
    long size = (long) leastElements << ((level + 1) / 2);
    long pages = size >> pageBits > 1 ? size >> pageBits : 0;
    int pointers = inIndex * elements.bytes();
    if (level < superBlocksInIndex()) {
      if (pages > 0) {
        throw new HdfException("pages of chunks where none are expected");
      }
      return inDataBlock(pointer(index, pointers, pointer + dataBlock), size, element);
    }
    int behind = pointers + (int) blockPointers() * file.offsetBytes();
    long superAddress = pointer(index, behind, level - superBlocksInIndex());
    if (superAddress == FileBytes.UNDEFINED) {
      return Optional.empty();
    }
    long dataBlocks = 1L << (level / 2);
    long bitmap = dataBlocks * ((pages + 7) / 8);
    ByteBuffer block =
        blocks.computeIfAbsent(
            superAddress,
            at -> block("EASB", at, bitmap + dataBlocks * file.offsetBytes(), offsetBytes()));
    long dataAddress = pointer(block, (int) bitmap, dataBlock);
    if (pages == 0) {
      return inDataBlock(dataAddress, size, element);
    }
    long page = element >> pageBits;
    long bit = dataBlock * pages + page;
    boolean written = (block.get((int) (bit / 8)) & 0x80 >> (bit % 8)) != 0;
    return written ? inPage(dataAddress, page, element) : Optional.empty();
  }

  private int offsetBytes() {
    return (addressBits + 7) / 8;
  }

  private long pointer(ByteBuffer block, int start, long number) {
    int at = start + Math.toIntExact(number) * file.offsetBytes();
    return file.address(block.duplicate().order(block.order()).position(at));
  }

  private Optional<Chunk> inDataBlock(long at, long size, long element) {
    return at == FileBytes.UNDEFINED
        ? Optional.empty()
        : element(
            blocks.computeIfAbsent(
                at, from -> block("EADB", from, size * elements.bytes(), offsetBytes())),
            element);
  }

  private Optional<Chunk> inPage(long at, long page, long element) {
    if (at == FileBytes.UNDEFINED) {
      return Optional.empty();
    }
    long bytes = (1L << pageBits) * elements.bytes();
    long start = at + 6 + file.offsetBytes() + offsetBytes() + 4 + page * (bytes + 4);
    ByteBuffer read =
        blocks.computeIfAbsent(
            start,
            from -> {
              ByteBuffer whole = file.read(from, bytes + 4);
              ChecksumUtils.validateChecksum(whole);
              whole.rewind();
              return FileBytes.part(whole, bytes);
            });
    return element(read, element & (1L << pageBits) - 1);
  }

  private Optional<Chunk> element(ByteBuffer block, long number) {
    int at = Math.toIntExact(number) * elements.bytes();
    return elements.next(block.duplicate().order(block.order()).position(at));
  }
}
