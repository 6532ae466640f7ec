package io.vectorconnect.files;

import io.vectorconnect.data.LittleEndian;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Float vectors as plain arrays, for {@code vector.format=array}. */
public final class VectorFields {
  /** An ARRAY of FLOAT32. */
  public static final Schema ARRAY = SchemaBuilder.array(Schema.FLOAT32_SCHEMA).build();

  private VectorFields() {}

  /** The elements of packed float32. */
  public static List<Float> array(byte[] packed) {
    List<Float> elements = new ArrayList<>(packed.length / Float.BYTES);
    for (int at = 0; at < packed.length; at += Float.BYTES) {
      elements.add(LittleEndian.getFloat(packed, at));
    }
    return elements;
  }
}
