package io.vectorconnect.it;

import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** The records that most tests of sinks send: a key, a label and a vector of three. */
final class SinkRecords {
  static final Schema KEY =
      SchemaBuilder.struct().name("Key").field("id", Schema.INT64_SCHEMA).build();
  static final Schema VALUE = value(VectorSchema.builder(VectorType.FLOAT, 3).build());

  private SinkRecords() {}

  static Schema value(Schema vector) {
    return SchemaBuilder.struct()
        .name("Value")
        .field("id", Schema.INT64_SCHEMA)
        .field("label", Schema.OPTIONAL_STRING_SCHEMA)
        .field("v", vector)
        .build();
  }

  static Struct key(long id) {
    return new Struct(KEY).put("id", id);
  }

  static SinkRecord row(SinkHarness sink, String topic, long id, String label, float... vector) {
    return row(sink, topic, id, label, VALUE, vector);
  }

  /** A row whose schema tells another dimension than the table's. */
  static SinkRecord shortRow(SinkHarness sink, String topic, long id) {
    Schema schema = value(VectorSchema.builder(VectorType.FLOAT, 2).build());
    return row(sink, topic, id, "short", schema, 1, 2);
  }

  private static SinkRecord row(
      SinkHarness sink, String topic, long id, String label, Schema schema, float... vector) {
    Struct value =
        new Struct(schema)
            .put("id", id)
            .put("label", label)
            .put("v", PackedVector.ofFloats(vector).bytes());
    return sink.record(topic, KEY, key(id), schema, value);
  }

  /** A record of one field, whose key is a number. */
  static SinkRecord field(
      SinkHarness sink, String topic, long id, String name, Schema type, Object value) {
    Schema schema = SchemaBuilder.struct().field(name, type).build();
    return sink.record(topic, KEY, key(id), schema, new Struct(schema).put(name, value));
  }

  static SinkRecord tombstone(SinkHarness sink, String topic, long id) {
    return sink.record(topic, KEY, key(id), null, null);
  }
}
