package io.vectorconnect.transforms;

import io.vectorconnect.data.FloatArray;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorCast;
import io.vectorconnect.data.VectorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Arrays of elements; of a sparse vector a map of index, from 0, to value. */
final class ArrayForm implements UnpackedForm {
  private final VectorType type;

  ArrayForm(VectorType type) {
    this.type = type;
  }

  @Override
  public SchemaBuilder builder() {
    return switch (type) {
      case FLOAT, FLOAT16, BFLOAT16 -> SchemaBuilder.array(Schema.FLOAT32_SCHEMA);
      case INT8 -> SchemaBuilder.array(Schema.INT8_SCHEMA);
      case BINARY -> SchemaBuilder.array(Schema.BOOLEAN_SCHEMA);
      case SPARSE -> SchemaBuilder.map(Schema.INT64_SCHEMA, Schema.FLOAT32_SCHEMA);
    };
  }

  @Override
  public Object of(PackedVector vector, Schema schema) {
    return switch (type) {
      case FLOAT, FLOAT16, BFLOAT16 ->
          FloatArray.of(VectorCast.to(VectorType.FLOAT, vector, Set.of()).bytes());
      case INT8 -> bytes(vector.bytes());
      case BINARY -> bits(vector);
      case SPARSE -> map(vector);
    };
  }

  private static List<Byte> bytes(byte[] packed) {
    List<Byte> elements = new ArrayList<>(packed.length);
    for (byte element : packed) {
      elements.add(element);
    }
    return elements;
  }

  private static List<Boolean> bits(PackedVector vector) {
    List<Boolean> elements = new ArrayList<>(vector.dimension());
    for (int i = 0; i < vector.dimension(); i++) {
      elements.add(isSet(vector, i));
    }
    return elements;
  }

  /** Whether a bit vector has its bit {@code i}. */
  static boolean isSet(PackedVector vector, int i) {
    return (vector.bytes()[i >>> 3] & 0x80 >>> (i & 7)) != 0;
  }

  private static Map<Long, Float> map(PackedVector vector) {
    byte[] packed = vector.bytes();
    Map<Long, Float> pairs = new LinkedHashMap<>(packed.length / 4);
    for (int at = 0; at < packed.length; at += PackedVector.SPARSE_PAIR) {
      pairs.put(index(packed, at), value(packed, at));
    }
    return pairs;
  }

  /** The index, from 0, of a sparse vector's pair at an offset. */
  static long index(byte[] packed, int at) {
    return Integer.toUnsignedLong(LittleEndian.getInt(packed, at));
  }

  /** The value of a sparse vector's pair at an offset. */
  static float value(byte[] packed, int at) {
    return LittleEndian.getFloat(packed, at + Integer.BYTES);
  }
}
