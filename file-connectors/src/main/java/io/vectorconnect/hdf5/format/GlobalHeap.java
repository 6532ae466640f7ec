package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** A collection of values of variable length, such as strings. */
public final class GlobalHeap {
  private static final int PREFIX = 8;

  private final Map<Integer, ByteBuffer> values = new HashMap<>();

  /** Reads the collection at an address. */
  public GlobalHeap(FileBytes file, long address) {
    ByteBuffer header = file.read(address, PREFIX + (long) file.lengthBytes());
    FileBytes.expect(header, "GCOL", 1);
    header.position(PREFIX);
    long size = file.length(header);
    ByteBuffer heap = file.read(address, size).position(header.limit());
    int objectHeader = PREFIX + file.lengthBytes();
    while (heap.remaining() >= objectHeader) {
      int number = Short.toUnsignedInt(heap.getShort());
      heap.position(heap.position() + 6); // references to it, and unused bytes
      long length = file.length(heap);
      if (number == 0) {
        return; // free space up to the end
      }
      values.put(number, FileBytes.part(heap, length));
      heap.position((int) Math.min(heap.limit(), heap.position() + (-length & 7)));
    }
  }

  /**
   * The bytes of a value.
   *
   * @throws HdfException when there is none with this number
   */
  public ByteBuffer value(int number) {
    ByteBuffer value = values.get(number);
    if (value == null) {
      throw new HdfException("a value that is not in its heap");
    }
    return value.duplicate();
  }
}
