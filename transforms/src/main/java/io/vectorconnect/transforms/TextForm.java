package io.vectorconnect.transforms;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorCast;
import io.vectorconnect.data.VectorType;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/**
 * pgvector's text: {@code [1.0,2.5]}, bits as {@code 0110}, {@code {1:0.5}/10} with indices from 1.
 * A sparse vector without a dimension is {@code {0:0.5}} with indices from 0. Each number has the
 * digits that tell it from any other float.
 */
final class TextForm implements UnpackedForm {
  private static final int CHARACTERS = 12;

  @Override
  public SchemaBuilder builder() {
    return SchemaBuilder.string();
  }

  @Override
  public String of(PackedVector vector, Schema schema) {
    return switch (vector.type()) {
      case FLOAT, FLOAT16, BFLOAT16 ->
          floats(VectorCast.to(VectorType.FLOAT, vector, Set.of()).bytes());
      case INT8 -> integers(vector.bytes());
      case BINARY -> bits(vector);
      case SPARSE -> sparse(vector);
    };
  }

  private static String floats(byte[] packed) {
    StringBuilder text = new StringBuilder(packed.length / Float.BYTES * CHARACTERS).append('[');
    for (int at = 0; at < packed.length; at += Float.BYTES) {
      separate(text);
      append(text, LittleEndian.getFloat(packed, at), at / Float.BYTES);
    }
    return text.append(']').toString();
  }

  private static String integers(byte[] packed) {
    StringBuilder text = new StringBuilder(packed.length * 4).append('[');
    for (byte element : packed) {
      separate(text);
      text.append(element);
    }
    return text.append(']').toString();
  }

  private static String bits(PackedVector vector) {
    StringBuilder text = new StringBuilder(vector.dimension());
    for (int i = 0; i < vector.dimension(); i++) {
      text.append(ArrayForm.isSet(vector, i) ? '1' : '0');
    }
    return text.toString();
  }

  private static String sparse(PackedVector vector) {
    byte[] packed = vector.bytes();
    int base = vector.dimension() == 0 ? 0 : 1;
    StringBuilder text = new StringBuilder(packed.length * 3).append('{');
    for (int at = 0; at < packed.length; at += PackedVector.SPARSE_PAIR) {
      separate(text);
      text.append(ArrayForm.index(packed, at) + base).append(':');
      append(text, ArrayForm.value(packed, at), at / PackedVector.SPARSE_PAIR);
    }
    text.append('}');
    return (base == 0 ? text : text.append('/').append(vector.dimension())).toString();
  }

  private static void separate(StringBuilder text) {
    if (text.length() > 1) {
      text.append(',');
    }
  }

  private static void append(StringBuilder text, float element, int position) {
    if (!Float.isFinite(element)) {
      throw new DataException(
          "element %d of the vector is NaN or infinite, which has no text; use another vector.format, or correct the record"
              .formatted(position));
    }
    text.append(element);
  }
}
