package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Where the elements of a dataset are. */
public sealed interface Layout {
  /** In the header itself. */
  record Compact(ByteBuffer data) implements Layout {}

  /**
   * Side by side.
   *
   * @param address {@link FileBytes#UNDEFINED} where nothing was ever written
   * @param bytes how many there are; -1 where the file does not say
   */
  record Contiguous(long address, long bytes) implements Layout {
    /** Whether nothing was ever written. */
    public boolean isUnwritten() {
      return address == FileBytes.UNDEFINED;
    }
  }

  /**
   * In chunks of equal extents.
   *
   * @param extents elements of a chunk in each dimension
   * @param index how chunks are found
   * @param address where the index begins; {@link FileBytes#UNDEFINED} where nothing was written
   * @param wholeEdges whether chunks that reach beyond the dataset are stored without filters
   * @param single of an index of one filtered chunk: its size and mask
   */
  record Chunked(
      long[] extents,
      Index index,
      long address,
      boolean wholeEdges,
      Optional<ChunkIndex.Chunk> single)
      implements Layout {}

  /** How chunks are found; the order is that of the numbers in the file, from 0. */
  enum Index {
    B_TREE_V1,
    SINGLE,
    IMPLICIT,
    FIXED_ARRAY,
    EXTENSIBLE_ARRAY,
    B_TREE_V2
  }

  /** In other datasets. */
  record Virtual() implements Layout {}

  /** Parses a layout message. */
  static Layout parse(FileBytes file, ByteBuffer message) {
    int version = message.get();
    return switch (version) {
      case 1, 2 -> old(file, message);
      case 3 -> recent(file, message, false);
      case 4, 5 -> recent(file, message, true); // 5 only says that sizes of chunks have 8 bytes
      default -> throw new HdfException("its layout has the unknown version " + version);
    };
  }

  private static Layout old(FileBytes file, ByteBuffer message) {
    int dimensions = Byte.toUnsignedInt(message.get());
    int kind = message.get();
    message.position(message.position() + 5);
    long address = kind == 0 ? FileBytes.UNDEFINED : file.address(message);
    long[] extents = new long[kind == 2 ? dimensions - 1 : dimensions];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = FileBytes.unsigned(message, 4);
    }
    return switch (kind) {
      case 0 -> new Compact(FileBytes.part(message, FileBytes.unsigned(message, 4)));
      case 1 -> new Contiguous(address, -1);
      case 2 -> new Chunked(extents, Index.B_TREE_V1, address, false, Optional.empty());
      default -> throw unknown(kind);
    };
  }

  private static HdfException unknown(int kind) {
    return new HdfException("its layout is of the unknown kind " + kind);
  }

  private static Layout recent(FileBytes file, ByteBuffer message, boolean indexed) {
    int kind = message.get();
    return switch (kind) {
      case 0 -> new Compact(FileBytes.part(message, FileBytes.unsigned(message, 2)));
      case 1 -> new Contiguous(file.address(message), file.length(message));
      case 2 -> indexed ? indexed(file, message) : tree(file, message);
      case 3 -> new Virtual();
      default -> throw unknown(kind);
    };
  }

  private static Layout tree(FileBytes file, ByteBuffer message) {
    int dimensions = Byte.toUnsignedInt(message.get());
    long address = file.address(message);
    return new Chunked(
        extents(message, dimensions, 4), Index.B_TREE_V1, address, false, Optional.empty());
  }

  /** The last of the numbers is the size of an element. */
  private static long[] extents(ByteBuffer message, int numbers, int bytes) {
    if (numbers < 2) {
      throw new HdfException("its chunks have no dimensions");
    }
    long[] extents = new long[numbers - 1];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = FileBytes.unsigned(message, bytes);
    }
    FileBytes.unsigned(message, bytes);
    return extents;
  }

  private static Layout indexed(FileBytes file, ByteBuffer message) {
    int flags = message.get();
    int numbers = Byte.toUnsignedInt(message.get());
    long[] extents = extents(message, numbers, message.get());
    int kind = message.get();
    if (kind < 1 || kind >= Index.values().length) {
      throw new HdfException("its chunks have an index of the unknown kind " + kind);
    }
    Index index = Index.values()[kind];
    Optional<ChunkIndex.Chunk> single = Optional.empty();
    switch (index) {
      case SINGLE -> {
        if ((flags & 1 << 1) != 0) {
          long size = file.length(message);
          single = Optional.of(new ChunkIndex.Chunk(0, size, message.getInt()));
        }
      }
      case FIXED_ARRAY -> message.get();
      case EXTENSIBLE_ARRAY -> message.position(message.position() + 5);
      case B_TREE_V2 -> message.position(message.position() + 6);
      default -> {} // nothing to skip
    }
    long address = file.address(message);
    return new Chunked(extents, index, address, (flags & 1) != 0, single);
  }
}
