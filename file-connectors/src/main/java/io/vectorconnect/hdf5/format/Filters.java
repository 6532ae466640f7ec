package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The filters through which the chunks of a dataset were written, in that order.
 *
 * @param filters each filter
 */
record Filters(List<Filter> filters) {
  private static final int FIRST_WITH_NAME = 256;

  /**
   * A filter.
   *
   * @param name as the file calls it
   * @param values its parameters
   */
  record Filter(int id, String name, int[] values) {}

  /** Parses a filter pipeline message. */
  static Filters parse(ByteBuffer message) {
    int version = message.get();
    int count = Byte.toUnsignedInt(message.get());
    if (version != 1 && version != 2) {
      throw new HdfException("its filters have the unknown version " + version);
    }
    if (version == 1) {
      message.position(message.position() + 6);
    }
    List<Filter> filters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = Short.toUnsignedInt(message.getShort());
      boolean named = version == 1 || id >= FIRST_WITH_NAME;
      int nameBytes = named ? Short.toUnsignedInt(message.getShort()) : 0;
      message.getShort(); // flags
      int[] values = new int[Short.toUnsignedInt(message.getShort())];
      String name = Link.untilNul(FileBytes.part(message, nameBytes));
      ByteBuffer numbers = FileBytes.part(message, 4L * values.length);
      numbers.asIntBuffer().get(values);
      if (version == 1 && values.length % 2 == 1) {
        message.getInt();
      }
      filters.add(new Filter(id, name, values));
    }
    return new Filters(filters);
  }

  /**
   * Checks that each filter can be undone.
   *
   * @param elementBytes bytes of an element of the dataset
   */
  void check(int elementBytes) {
    filters.forEach(filter -> Decoder.check(filter, elementBytes));
  }

  /**
   * Undoes the filters of a chunk.
   *
   * @param skipped a bit for each filter, lowest for the first one: whether it was left out
   * @param bytes what the chunk has without filters
   * @throws HdfException when the chunk does not have that, or is damaged
   */
  byte[] decode(byte[] stored, int skipped, int bytes) {
    byte[] chunk = stored;
    for (int i = filters.size() - 1; i >= 0; i--) {
      if ((skipped & 1 << i) == 0) {
        // Filters that come before may have added a checksum.
        chunk =
            Decoder.decode(filters.get(i), chunk, i == 0 ? bytes : bytes + (long) Decoder.SLACK);
      }
    }
    if (chunk.length != bytes) {
      throw new HdfException("a chunk has %d bytes, expected %d".formatted(chunk.length, bytes));
    }
    return chunk;
  }
}
