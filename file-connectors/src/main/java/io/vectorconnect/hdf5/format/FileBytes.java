package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The bytes of an HDF5 file by the addresses in it. A length is compared with the size of the file
 * before memory is taken for it.
 *
 * @param base position of address 0 in the file: the size of the user block
 * @param size bytes of the file when it was opened
 * @param offsetBytes bytes of an address
 * @param lengthBytes bytes of a length
 */
public record FileBytes(
    FileChannel channel, long base, long size, int offsetBytes, int lengthBytes) {
  /** The address of what is not stored. */
  public static final long UNDEFINED = -1;

  /**
   * Reads bytes, in little-endian order.
   *
   * @throws HdfException when the file does not have them
   */
  public ByteBuffer read(long address, long length) {
    if (address < 0 || length < 0 || length > size - base || address > size - base - length) {
      throw new HdfException(
          "%s bytes at address %s are outside of the file"
              .formatted(Long.toUnsignedString(length), Long.toUnsignedString(address)));
    }
    if (length > Integer.MAX_VALUE) {
      throw new HdfException("%d bytes at address %d are too many".formatted(length, address));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, base + address + bytes.position()) < 0) {
          throw new EOFException("the file was cut short while it was read");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.flip();
  }

  /** The address at the position of a buffer, or {@link #UNDEFINED}. */
  public long address(ByteBuffer bytes) {
    long address = unsigned(bytes, offsetBytes);
    boolean undefined = offsetBytes < Long.BYTES && address == (1L << (offsetBytes * 8)) - 1;
    return undefined ? UNDEFINED : address;
  }

  /** The length at the position of a buffer. */
  long length(ByteBuffer bytes) {
    return unsigned(bytes, lengthBytes);
  }

  /** A little-endian number of some bytes. */
  static long unsigned(ByteBuffer bytes, int count) {
    if (count < 0 || count > Long.BYTES) {
      throw new HdfException("a number of %d bytes".formatted(count));
    }
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes.get() & 0xFFL) << (i * 8);
    }
    return value;
  }

  /** Checks the four characters that a structure begins with, and its version. */
  static void expect(ByteBuffer bytes, String signature, int version) {
    for (int i = 0; i < signature.length(); i++) {
      if (bytes.get() != signature.charAt(i)) {
        throw new HdfException("a structure that does not begin with " + signature);
      }
    }
    int found = bytes.get() & 0xFF;
    if (found != version) {
      throw new HdfException("%s has the unknown version %d".formatted(signature, found));
    }
  }

  /** The part of a buffer with this length at its position, which moves behind it. */
  static ByteBuffer part(ByteBuffer bytes, long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new HdfException(
          "a part of %d bytes, but %d are left".formatted(length, bytes.remaining()));
    }
    ByteBuffer part = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) length);
    return part;
  }
}
