package io.vectorconnect.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Float vectors as plain arrays, for {@code vector.format=array}. */
public final class FloatArray {
  /** An ARRAY of FLOAT32. */
  public static final Schema SCHEMA = SchemaBuilder.array(Schema.FLOAT32_SCHEMA).build();

  private FloatArray() {}

  /** The elements of packed float32. */
  public static List<Float> of(byte[] packed) {
    List<Float> elements = new ArrayList<>(packed.length / Float.BYTES);
    for (int at = 0; at < packed.length; at += Float.BYTES) {
      elements.add(LittleEndian.getFloat(packed, at));
    }
    return elements;
  }
}
