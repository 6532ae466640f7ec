package io.vectorconnect.oceanbase.sink;

import static io.vectorconnect.data.PackedVector.SPARSE_PAIR;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * Encoders of the vector columns. A dense vector is sent as its little-endian float32 elements, a
 * sparse one as text of index (unsigned 32-bit, from 0) and value.
 *
 * <p>The server would make a NaN or an infinity a zero: they are refused here. It reads a number's
 * text as a float64, so a value is written as the float64 that it is, in as many digits as that
 * takes: shorter text could be rounded twice.
 */
final class VectorValues {
  /** Elements of a VECTOR. */
  static final int MAX_DIMENSION = 16_000;

  /** A sign, 18 digits and their point, an exponent, and a comma. */
  private static final int MAX_ELEMENT = 25;

  private VectorValues() {}

  /** The encoder of a vector column, or empty when the column holds no vectors. */
  static Optional<ValueEncoder> of(Schema schema, Column column, Set<LossyCast> casts) {
    return switch (column.type()) {
      case "vector" -> {
        VectorReader reader =
            VectorReader.of(schema, VectorType.FLOAT, Math.toIntExact(column.length()), casts);
        yield Optional.of(value -> reader.read(value).requireFinite().bytes());
      }
      case "sparsevector" -> {
        VectorReader reader = VectorReader.of(schema, VectorType.SPARSE, 0, casts);
        yield Optional.of(value -> sparse(reader.read(value).requireFinite()));
      }
      default -> Optional.empty();
    };
  }

  static int checkDimension(int dimension) {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new DataException(
          "a VECTOR holds 1 to %,d elements, got %,d".formatted(MAX_DIMENSION, dimension));
    }
    return dimension;
  }

  private static String sparse(PackedVector vector) {
    byte[] pairs = vector.bytes();
    StringBuilder text = new StringBuilder(2 + pairs.length * 3).append('{');
    for (int at = 0; at < pairs.length; at += SPARSE_PAIR) {
      if (at > 0) {
        text.append(',');
      }
      text.append(Integer.toUnsignedLong(LittleEndian.getInt(pairs, at)))
          .append(':')
          .append((double) LittleEndian.getFloat(pairs, at + Integer.BYTES));
    }
    return text.append('}').toString();
  }

  /** How long {@link #text} of a vector of so many bytes is, at the most. */
  static long textLength(int bytes) {
    return 2 + (long) bytes / Float.BYTES * MAX_ELEMENT;
  }

  /** A dense vector for a server that takes text only; ASCII. */
  static String text(byte[] elements) {
    StringBuilder text = new StringBuilder(elements.length * 4).append('[');
    for (int at = 0; at < elements.length; at += Float.BYTES) {
      if (at > 0) {
        text.append(',');
      }
      text.append((double) LittleEndian.getFloat(elements, at));
    }
    return text.append(']').toString();
  }

  /** The packed bytes of a vector in a column of bytes. */
  static byte[] packed(VectorReader reader, Object value) {
    return reader.read(value).bytes();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
