package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Undoes the filter bitshuffle: in each block of elements the lowest bits of all elements come
 * first, then the next ones, lowest bit of a byte first. A block may be packed by lz4. Elements
 * behind the last eight of a chunk are stored as they are.
 */
final class Bitshuffle {
  private static final int NONE = 0;
  private static final int LZ4 = 2;

  /** The sizes of blocks where the filter does not say one, as the filter chooses them. */
  private static final int TARGET_BYTES = 8192;

  private static final int LEAST_ELEMENTS = 128;

  private Bitshuffle() {}

  /** Checks the parameters: two for the version, bytes of an element, of a block, the packing. */
  static void check(int[] values, int elementBytes) {
    if (values.length < 3 || values[2] < 1 || values[2] > elementBytes) {
      throw new HdfException("its bitshuffle filter has elements of another size");
    }
    int packing = packing(values);
    if (packing != NONE && packing != LZ4) {
      throw new HdfException(
          "its filter bitshuffle with the packing %s is not supported; write it again with lz4, gzip or none"
              .formatted(packing == 3 ? "zstd" : "number " + packing));
    }
  }

  private static int packing(int[] values) {
    return values.length < 5 ? NONE : values[4];
  }

  static byte[] decode(int[] values, byte[] data, long most) {
    int element = values[2];
    try {
      if (packing(values) == NONE) {
        int block = values.length > 3 && values[3] > 0 ? values[3] : defaultBlock(element);
        return plain(data, element, block);
      }
      ByteBuffer in = ByteBuffer.wrap(data);
      long total = in.getLong();
      long block = in.getInt() / element;
      if (total < 0 || total > most) {
        throw Decoder.tooMuch(most);
      }
      return packed(in, (int) total, element, block);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new HdfException("a chunk is not what bitshuffle packs", e);
    }
  }

  private static int defaultBlock(int element) {
    return Math.max(LEAST_ELEMENTS, TARGET_BYTES / element / 8 * 8);
  }

  /** How many elements the next block has: all but the last are full. */
  private static int next(int elements, long block) {
    if (block <= 0 || block % 8 != 0) {
      throw new HdfException("a chunk in bitshuffle blocks of %d elements".formatted(block));
    }
    return (int) Math.min(block, elements / 8 * 8L);
  }

  private static byte[] plain(byte[] data, int element, int block) {
    byte[] out = new byte[data.length];
    int at = 0;
    for (int left = data.length / element; left >= 8; ) {
      int count = next(left, block);
      unshuffle(data, at, count, element, out, at);
      at += count * element;
      left -= count;
    }
    System.arraycopy(data, at, out, at, data.length - at);
    return out;
  }

  private static byte[] packed(ByteBuffer in, int total, int element, long block) {
    byte[] out = new byte[total];
    int at = 0;
    for (int left = total / element; left >= 8; ) {
      int count = next(left, block);
      byte[] stored = new byte[Math.min(in.getInt(), in.remaining())];
      in.get(stored);
      byte[] shuffled = Unpack.lz4Block(stored, count * (long) element);
      if (shuffled.length != count * element) {
        throw new HdfException("a block of a chunk has %d bytes".formatted(shuffled.length));
      }
      unshuffle(shuffled, 0, count, element, out, at);
      at += count * element;
      left -= count;
    }
    in.get(out, at, total - at);
    return out;
  }

  private static void unshuffle(byte[] data, int from, int count, int element, byte[] out, int to) {
    int rowBytes = count / 8;
    for (int bit = 0; bit < element * 8; bit++) {
      int row = from + bit * rowBytes;
      for (int i = 0; i < rowBytes; i++) {
        int bits = data[row + i] & 0xFF;
        for (int j = 0; bits != 0; j++, bits >>= 1) {
          if ((bits & 1) != 0) {
            out[to + (i * 8 + j) * element + bit / 8] |= (byte) (1 << (bit % 8));
          }
        }
      }
    }
  }
}
