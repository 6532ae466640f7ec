package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Formats of compression in which a length, or a copy of bytes that came before, follows a mark.
 */
final class Unpack {
  private Unpack() {}

  /** LibLZF's format: a mark below 32 is a count of literal bytes less one, others are copies. */
  static byte[] lzf(byte[] data, long most) {
    Output out = new Output(most);
    int at = 0;
    try {
      while (at < data.length) {
        int mark = data[at++] & 0xFF;
        if (mark < 32) {
          out.literal(data, at, mark + 1);
          at += mark + 1;
        } else {
          int length = mark >> 5;
          if (length == 7) {
            length += data[at++] & 0xFF;
          }
          int back = ((mark & 0x1F) << 8 | (data[at++] & 0xFF)) + 1;
          out.copy(back, length + 2);
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new HdfException("a chunk is not what lzf packs", e);
    }
    return out.bytes();
  }

  /** The filter's own frame: length of all, length of a block, then blocks with their lengths. */
  static byte[] lz4(byte[] data, long most) {
    try {
      ByteBuffer in = ByteBuffer.wrap(data);
      long total = in.getLong();
      long block = Integer.toUnsignedLong(in.getInt());
      if (total < 0 || total > most) {
        throw Decoder.tooMuch(most);
      }
      if (block == 0 && total > 0) {
        throw new HdfException("a chunk in lz4 blocks of no bytes");
      }
      Output out = new Output(total);
      for (long left = total; left > 0; left -= block) {
        int packed = in.getInt();
        int start = in.position();
        in.position(Math.addExact(start, packed));
        if (packed == Math.min(block, left)) {
          out.literal(data, start, packed); // did not become shorter
        } else {
          lz4Block(data, start, start + packed, out);
        }
      }
      return out.bytes();
    } catch (IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException
        | java.nio.BufferUnderflowException e) {
      throw new HdfException("a chunk is not what lz4 packs", e);
    }
  }

  /** One block of lz4, which unpacks to some bytes at most. */
  static byte[] lz4Block(byte[] data, long most) {
    Output out = new Output(most);
    lz4Block(data, 0, data.length, out);
    return out.bytes();
  }

  private static void lz4Block(byte[] data, int start, int end, Output out) {
    ByteBuffer in = ByteBuffer.wrap(data, start, end - start);
    while (in.hasRemaining()) {
      int mark = in.get() & 0xFF;
      int literals = length(in, mark >> 4);
      out.literal(data, in.position(), literals);
      in.position(in.position() + literals);
      if (!in.hasRemaining()) {
        return; // the last sequence has no copy
      }
      int back = (in.get() & 0xFF) | ((in.get() & 0xFF) << 8);
      out.copy(back, length(in, mark & 15) + 4);
    }
  }

  /** A length of four bits; where all are set, bytes follow that are added, up to one below 255. */
  private static int length(ByteBuffer in, int bits) {
    int length = bits;
    int more = bits == 15 ? 255 : 0;
    while (more == 255) {
      more = in.get() & 0xFF;
      length = Math.addExact(length, more);
    }
    return length;
  }

  /** Bytes that grow up to a limit. */
  private static final class Output {
    private final long most;
    private byte[] bytes;
    private int length;

    Output(long most) {
      this.most = most;
      this.bytes = new byte[(int) Math.min(most, 4096)];
    }

    private void reserve(int more) {
      long needed = (long) length + more;
      if (needed > most) {
        throw Decoder.tooMuch(most);
      }
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(most, Math.max(needed, bytes.length * 2L)));
      }
    }

    void literal(byte[] from, int at, int count) {
      reserve(count);
      System.arraycopy(from, at, bytes, length, count);
      length += count;
    }

    /** Copies bytes one by one, for the copy may reach into itself. */
    void copy(int back, int count) {
      if (back <= 0 || back > length) {
        throw new HdfException("a chunk copies bytes from before its beginning");
      }
      reserve(count);
      for (int i = 0; i < count; i++, length++) {
        bytes[length] = bytes[length - back];
      }
    }

    byte[] bytes() {
      return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
  }
}
