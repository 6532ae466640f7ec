package io.vectorconnect.hdf5.sink;

import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorType;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * The values of one dataset. Half-precision vectors are written as float32, which holds them
 * exactly: jHDF writes no float16. Booleans are uint8, bit vectors uint8 with 8 bits an element,
 * strings of the length of the longest.
 */
final class ColumnBuffer {
  /** Turns a field's value into an element of the array that is written. */
  @FunctionalInterface
  private interface Conversion {
    Object apply(Object value);
  }

  private final String name;
  private final Class<?> element;
  private final boolean unsigned;
  private final Conversion conversion;
  private final List<Object> cells = new ArrayList<>();
  private int dimension;
  private long longest;

  private ColumnBuffer(String name, Class<?> element, boolean unsigned, Conversion conversion) {
    this.name = name;
    this.element = element;
    this.unsigned = unsigned;
    this.conversion = conversion;
  }

  static boolean isVector(Schema schema) {
    return VectorType.of(schema).isPresent()
        || schema.type() == Schema.Type.ARRAY
        || (schema.name() != null && schema.name().endsWith("Vector"));
  }

  /**
   * A column for values of this schema.
   *
   * @throws DataException when no dataset can hold them
   */
  static ColumnBuffer of(String name, Schema schema) {
    if (schema == null) { // a key may have none although the value has one
      throw new DataException("field %s has no schema, which its dataset needs".formatted(name));
    }
    if (isVector(schema)) {
      return vectors(name, schema);
    }
    if (schema.name() != null && schema.type() != Schema.Type.STRING) {
      throw noDataset(name, schema);
    }
    return switch (schema.type()) {
      case INT8 -> new ColumnBuffer(name, byte.class, false, value -> value);
      case INT16 -> new ColumnBuffer(name, short.class, false, value -> value);
      case INT32 -> new ColumnBuffer(name, int.class, false, value -> value);
      case INT64 -> new ColumnBuffer(name, long.class, false, value -> value);
      case FLOAT32 -> new ColumnBuffer(name, float.class, false, value -> value);
      case FLOAT64 -> new ColumnBuffer(name, double.class, false, value -> value);
      case BOOLEAN ->
          new ColumnBuffer(
              name, byte.class, true, value -> (byte) (Boolean.TRUE.equals(value) ? 1 : 0));
      case STRING -> new ColumnBuffer(name, String.class, false, ColumnBuffer::text);
      default -> throw noDataset(name, schema);
    };
  }

  private static DataException noDataset(String name, Schema schema) {
    return new DataException(
        "field %s is %s%s, which no dataset can hold; expected numbers, booleans, strings, or vectors"
            .formatted(name, schema.type(), schema.name() == null ? "" : " " + schema.name()));
  }

  private static ColumnBuffer vectors(String name, Schema schema) {
    VectorType type = VectorType.of(schema).orElse(VectorType.FLOAT);
    return switch (type) {
      case FLOAT, FLOAT16, BFLOAT16 -> {
        VectorReader reader = VectorReader.of(schema, VectorType.FLOAT, 0, Set.of());
        yield new ColumnBuffer(name, float[].class, false, value -> reader.read(value).toFloats());
      }
      case INT8, BINARY -> {
        VectorReader reader = VectorReader.of(schema, type, 0, Set.of());
        yield new ColumnBuffer(
            name, byte[].class, type == VectorType.BINARY, value -> bytes(reader.read(value)));
      }
      case SPARSE -> throw noDataset(name, schema);
    };
  }

  private static byte[] bytes(PackedVector vector) {
    if (vector.type() == VectorType.BINARY && vector.dimension() % 8 != 0) {
      throw new DataException(
          "%d bits, expected a multiple of 8: a dataset does not tell how many are used"
              .formatted(vector.dimension()));
    }
    return vector.bytes();
  }

  /** A string of fixed length ends at the first NUL, so it cannot hold one. */
  private static String text(Object value) {
    String text = (String) value;
    if (text.indexOf('\0') >= 0) {
      throw new DataException("a string with a NUL, which no dataset can hold");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new DataException("a string that is not Unicode, with half a surrogate pair");
    }
    return text;
  }

  /**
   * A value as it is written.
   *
   * @throws DataException when the dataset cannot hold it
   */
  Object convert(Object value) {
    Object cell = conversion.apply(value);
    int length = cell.getClass().isArray() ? Array.getLength(cell) : 0;
    if (element.isArray() && (length == 0 || (dimension != 0 && length != dimension))) {
      throw new DataException(
          "expected a vector of %s elements as in the file's other rows, got %d"
              .formatted(dimension == 0 ? "some" : dimension, length));
    }
    return cell;
  }

  void append(Object cell) {
    if (element.isArray()) {
      dimension = Array.getLength(cell);
      longest = (long) dimension * (element == float[].class ? Float.BYTES : 1);
    } else if (cell instanceof String text) {
      longest = Math.max(longest, text.getBytes(StandardCharsets.UTF_8).length + 1L);
    } else {
      longest = Long.BYTES;
    }
    cells.add(cell);
  }

  /** About what the dataset takes in its file; every string takes as much as the longest. */
  long bytes() {
    return longest * cells.size();
  }

  void writeTo(WritableHdfFile file) {
    Object array = Array.newInstance(element, cells.size());
    for (int i = 0; i < cells.size(); i++) {
      Array.set(array, i, cells.get(i));
    }
    DatasetCreationOptions.Builder options = DatasetCreationOptions.builder();
    file.putDataset(name, array, (unsigned ? options.unsigned() : options).build());
  }
}
