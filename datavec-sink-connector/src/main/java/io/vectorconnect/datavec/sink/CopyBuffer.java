package io.vectorconnect.datavec.sink;

import io.vectorconnect.data.LittleEndian;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing buffer of COPY BINARY data, big-endian.
 *
 * <p>Format: PostgreSQL, "COPY", section "Binary Format"; openGauss is the same byte for byte.
 */
final class CopyBuffer {
  /** Signature, flags, and length of the header extension. */
  static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** A field count of -1 ends the data. */
  static final byte[] TRAILER = {(byte) 0xFF, (byte) 0xFF};

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  // Of two float32s, one in each half.
  private static final long FLOAT_EXPONENTS = 0x7F80_0000_7F80_0000L;
  private static final long LOWEST_EXPONENT_BITS = 0x0080_0000_0080_0000L;
  private static final long SIGNS = 0x8000_0000_8000_0000L;

  private byte[] bytes;
  private int size;

  CopyBuffer() {
    this(8192);
  }

  CopyBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  void clear() {
    truncate(0);
  }

  /** Forgets what was put from {@code length} on. */
  void truncate(int length) {
    size = length;
  }

  /** What was put, up to {@link #size}; another array after the next put. */
  byte[] array() {
    return bytes;
  }

  int size() {
    return size;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Makes room, and gives the position of the room. */
  private int reserve(int length) {
    int at = size;
    int needed = Math.addExact(size, length);
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, Math.max(needed, (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
    }
    size = needed;
    return at;
  }

  // The room first: making it may replace the array.

  void putByte(int value) {
    int at = reserve(1);
    bytes[at] = (byte) value;
  }

  void putShort(int value) {
    int at = reserve(Short.BYTES);
    SHORT.set(bytes, at, (short) value);
  }

  void putInt(int value) {
    int at = reserve(Integer.BYTES);
    INT.set(bytes, at, value);
  }

  void putLong(long value) {
    int at = reserve(Long.BYTES);
    LONG.set(bytes, at, value);
  }

  void putBytes(byte[] source) {
    int at = reserve(source.length);
    System.arraycopy(source, 0, bytes, at, source.length);
  }

  /** Puts what is left in {@code source}, which stays as it is; it may lie in this very buffer. */
  void putBytes(ByteBuffer source) {
    int at = reserve(source.remaining());
    source.get(source.position(), bytes, at, source.remaining());
  }

  /** A field that is NULL. */
  void putNull() {
    putInt(-1);
  }

  /** Leaves room for a field's length; give the result to {@link #endField}. */
  int beginField() {
    return reserve(Integer.BYTES);
  }

  /** Fills in the length of what was put since {@link #beginField}. */
  void endField(int mark) {
    INT.set(bytes, mark, size - mark - Integer.BYTES);
  }

  /**
   * Turns packed little-endian floats into big-endian ones, in one pass without a branch per
   * element; false when one of them is NaN or infinite.
   */
  boolean putFiniteFloats(byte[] littleEndian) {
    int at = reserve(littleEndian.length);
    byte[] target = bytes;
    long carries = 0;
    int pairs = littleEndian.length & -Long.BYTES;
    for (int i = 0; i < pairs; i += Long.BYTES) {
      long two = LittleEndian.getLong(littleEndian, i);
      // Of all exponents only the one with all bits set, that of NaN and infinity, carries over.
      carries |= (two & FLOAT_EXPONENTS) + LOWEST_EXPONENT_BITS;
      LONG.set(target, at + i, Long.rotateLeft(two, Integer.SIZE));
    }
    if (pairs < littleEndian.length) {
      int last = LittleEndian.getInt(littleEndian, pairs);
      carries |= (Integer.toUnsignedLong(last) & FLOAT_EXPONENTS) + LOWEST_EXPONENT_BITS;
      INT.set(target, at + pairs, last);
    }
    return (carries & SIGNS) == 0;
  }

  /** Turns packed little-endian 2-byte elements into big-endian ones. */
  void putSwapped2(byte[] littleEndian) {
    int at = reserve(littleEndian.length);
    for (int i = 0; i < littleEndian.length; i += Short.BYTES) {
      SHORT.set(bytes, at + i, LittleEndian.getShort(littleEndian, i));
    }
  }
}
