package io.vectorconnect.transforms;

import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;

/** Records with a vector {@code v}, for the tests of the transforms. */
public final class Rows {
  private Rows() {}

  static <T extends Transformation<?>> T configured(T transform, String... pairs) {
    Map<String, String> config = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      config.put(pairs[i], pairs[i + 1]);
    }
    transform.configure(config);
    return transform;
  }

  static UnpackVectors<SinkRecord> unpack(String format) {
    return configured(new UnpackVectors<>(), "vector.format", format);
  }

  static PackVectors<SinkRecord> pack(String fields) {
    return configured(new PackVectors<>(), "vector.fields", fields);
  }

  public static Schema row(Schema vector) {
    return SchemaBuilder.struct()
        .name("t.Value")
        .field("id", Schema.INT64_SCHEMA)
        .field("v", vector)
        .build();
  }

  static SinkRecord record(Schema vector, Object value) {
    Schema schema = row(vector);
    return record(new Struct(schema).put("id", 7L).put("v", value));
  }

  static SinkRecord record(Struct value) {
    return valued(value.schema(), value);
  }

  static SinkRecord valued(Schema schema, Object value) {
    SinkRecord record =
        new SinkRecord(
            "t",
            3,
            Schema.INT64_SCHEMA,
            7L,
            schema,
            value,
            42,
            1_700_000_000_000L,
            TimestampType.CREATE_TIME);
    record.headers().addString("vectorconnect.snapshot", "true");
    return record;
  }

  /** What the transform makes of {@code v}. */
  static Object v(Transformation<SinkRecord> transform, SinkRecord record) {
    return ((Struct) transform.apply(record).value()).get("v");
  }

  static Schema vSchema(Transformation<SinkRecord> transform, SinkRecord record) {
    return transform.apply(record).valueSchema().field("v").schema();
  }

  static Schema packed(VectorType type, int dimension) {
    return dimension == 0
        ? VectorSchema.builder(type).build()
        : VectorSchema.builder(type, dimension).build();
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }
}
