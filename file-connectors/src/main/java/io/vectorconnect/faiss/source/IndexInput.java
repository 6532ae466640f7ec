package io.vectorconnect.faiss.source;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * Reads a file from front to back. Lengths in it are only ever used to skip, and only after they
 * were compared with what is left of the file: no length makes this take memory, but for the tables
 * of quantisers, which are of a limited size.
 */
final class IndexInput {
  private static final int BUFFER = 8192;

  /** For dimension 2048 in codes of 12 bits, that is 32 MiB. */
  private static final long MAX_TABLE = 64L << 20;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);

  /** Where the end of the buffer stands in the file. */
  private long bufferEnd;

  IndexInput(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  long position() {
    return bufferEnd - buffer.remaining();
  }

  long remaining() {
    return size - position();
  }

  void seek(long position) {
    bufferEnd = position;
    buffer.limit(0);
  }

  /**
   * Passes over {@code count} items of {@code bytes} each.
   *
   * @return where the first of them stands
   */
  long skip(long count, long bytes, String what) throws IndexFormatException {
    long start = position();
    if (count < 0 || bytes <= 0 || count > remaining() / bytes) {
      throw new IndexFormatException(
          "%s at byte %d: %s items of %d bytes, but %d bytes are left"
              .formatted(what, start, Long.toUnsignedString(count), bytes, remaining()));
    }
    seek(start + count * bytes);
    return start;
  }

  /** Passes over a vector with its length before it. */
  void skipVector(long bytes, String what) throws IOException {
    skip(int64(), bytes, what);
  }

  private ByteBuffer next(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      long start = position();
      if (remaining() < bytes) {
        throw new EOFException("the file ends at byte %d, in an index".formatted(size));
      }
      buffer.clear();
      while (buffer.position() < bytes) {
        if (channel.read(buffer, start + buffer.position()) < 0) {
          throw new EOFException("the file was cut short while it was read");
        }
      }
      bufferEnd = start + buffer.position();
      buffer.flip();
    }
    return buffer;
  }

  int uint8() throws IOException {
    return next(1).get() & 0xFF;
  }

  int int32() throws IOException {
    return next(4).getInt();
  }

  long int64() throws IOException {
    return next(8).getLong();
  }

  /** Four characters that name what follows. */
  String fourcc() throws IOException {
    byte[] name = new byte[4];
    next(4).get(name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  /**
   * A vector of float32 with its length before it, as packed bytes.
   *
   * @throws IndexFormatException when it takes more than 64 MiB
   */
  byte[] packedFloats(String what) throws IOException {
    long count = int64();
    long start = skip(count, Float.BYTES, what);
    if (count * Float.BYTES > MAX_TABLE) {
      throw new IndexFormatException(
          "%s take %d bytes; at most %d are read".formatted(what, count * Float.BYTES, MAX_TABLE));
    }
    byte[] table = new byte[(int) count * Float.BYTES];
    readFully(channel, ByteBuffer.wrap(table), start);
    return table;
  }

  /** The same as numbers. */
  float[] floats(String what) throws IOException {
    byte[] packed = packedFloats(what);
    float[] table = new float[packed.length / Float.BYTES];
    ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(table);
    return table;
  }

  /** Fills a buffer from somewhere in the file. */
  static void readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      if (channel.read(target, position + target.position() - start) < 0) {
        throw new EOFException("the file was cut short while it was read");
      }
    }
  }
}
