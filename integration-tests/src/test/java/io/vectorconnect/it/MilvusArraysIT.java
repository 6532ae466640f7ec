package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Array fields in the Milvus sink, read with the vendor's client. */
@Services(alone = MILVUS)
@Timeout(120)
class MilvusArraysIT {
  private static final String NAME = "arrays_in";
  private static final Schema KEY =
      SchemaBuilder.struct().name("Key").field("id", Schema.INT64_SCHEMA).build();
  private static final Schema VALUE =
      SchemaBuilder.struct()
          .name("Value")
          .field("flags", array(Schema.BOOLEAN_SCHEMA))
          .field("tiny", array(Schema.INT8_SCHEMA))
          .field("small", array(Schema.INT16_SCHEMA))
          .field("medium", array(Schema.INT32_SCHEMA))
          .field("large", array(Schema.INT64_SCHEMA))
          .field("narrow", array(Schema.FLOAT32_SCHEMA))
          .field("wide", array(Schema.FLOAT64_SCHEMA))
          .field("texts", array(Schema.STRING_SCHEMA))
          .field("label", Schema.STRING_SCHEMA)
          .field("v", VectorSchema.builder(VectorType.FLOAT, 2).build())
          .build();

  private final MilvusCollections milvus = new MilvusCollections();
  private final MilvusRows target = new MilvusRows(milvus.client());

  private static Schema array(Schema element) {
    return SchemaBuilder.array(element).build();
  }

  @AfterEach
  void tidy() {
    milvus.drop(NAME);
    milvus.close();
  }

  private static SinkHarness sink() {
    Map<String, String> config = MilvusCollections.sinkConfig("it", NAME);
    config.put("array.fields", "narrow,wide");
    config.put("array.max.capacity", "4");
    config.put("varchar.max.length", "40");
    return new SinkHarness(new MilvusSinkTask(), config);
  }

  /** A row whose arrays are empty. */
  private static Struct empty(String label) {
    Struct value = new Struct(VALUE);
    for (Field field : VALUE.fields()) {
      if (field.schema().type() == Schema.Type.ARRAY) {
        value.put(field, List.of());
      }
    }
    return value.put("label", label).put("v", PackedVector.ofFloats(new float[] {1, 2}).bytes());
  }

  private static Struct full() {
    return empty("full")
        .put("flags", List.of(true, false))
        .put("tiny", List.of(Byte.MIN_VALUE, Byte.MAX_VALUE))
        .put("small", List.of(Short.MIN_VALUE, Short.MAX_VALUE))
        .put("medium", List.of(Integer.MIN_VALUE, Integer.MAX_VALUE))
        .put("large", List.of(Long.MIN_VALUE, Long.MAX_VALUE))
        .put("narrow", List.of(-0.0f, Float.MIN_VALUE, 0.1f))
        .put("wide", List.of(-0.0d, Double.MIN_VALUE, 0.1d))
        .put("texts", List.of("", "quote \" and ☃ 😀", "c", "d"));
  }

  private static SinkRecord record(SinkHarness sink, long id, Struct value) {
    return sink.record(NAME, KEY, new Struct(KEY).put("id", id), VALUE, value);
  }

  private void assertRow(long id, Struct expected) {
    Map<String, Object> row = target.query(NAME, "id == " + id).get(0);
    for (Field field : VALUE.fields()) {
      if (field.schema().type() == Schema.Type.ARRAY) {
        assertThat(row.get(field.name()))
            .as(field.name())
            .hasToString(expected.get(field).toString());
      }
    }
    assertThat(row).containsEntry("label", expected.get("label"));
  }

  @Test
  void arraysOfEveryElementAreCreatedWrittenAndKept() throws Exception {
    try (SinkHarness sink = sink()) {
      sink.write(record(sink, 1, full()), record(sink, 2, empty("empty")));
      assertThat(sink.reasons()).isEmpty();
      assertRow(1, full());
      assertRow(2, empty("empty"));
      for (String name : List.of("texts", "wide")) {
        CreateCollectionReq.FieldSchema field =
            milvus
                .client()
                .describeCollection(DescribeCollectionReq.builder().collectionName(NAME).build())
                .getCollectionSchema()
                .getField(name);
        assertThat(field.getDataType()).hasToString("Array");
        assertThat(field.getMaxCapacity()).isEqualTo(4);
        assertThat(field.getElementType()).hasToString(name.equals("texts") ? "VarChar" : "Double");
      }
      // What an update does not tell is read and written again, empty arrays as well.
      List<String> untold = List.of("__debezium_unavailable_value");
      sink.write(
          record(sink, 1, full().put("label", "changed").put("texts", untold)),
          record(sink, 2, empty("changed").put("texts", untold)));
      assertThat(sink.reasons()).isEmpty();
      assertRow(1, full().put("label", "changed"));
      assertRow(2, empty("changed"));
    }
  }

  @Test
  void arraysBeyondTheirLimitsAreSetAsideByPlaceAndName() throws Exception {
    try (SinkHarness sink = sink()) {
      sink.write(
          record(sink, 1, full()),
          record(sink, 2, empty("long").put("large", Collections.nCopies(5, 1L))),
          record(sink, 3, empty("wordy").put("texts", List.of("a", "☃".repeat(14)))),
          record(sink, 4, empty("fine")));
      assertThat(sink.reasons()).hasSize(2);
      assertThat(sink.reasons().get(0))
          .contains("topic arrays_in, partition 0, offset 1")
          .contains("field large (Array(Int64, 4)) of collection arrays_in")
          .contains("expected at most 4 elements, got 5");
      assertThat(sink.reasons().get(1))
          .contains("offset 2: field texts (Array(VarChar(40), 4)) of collection arrays_in")
          .contains("element 1: expected at most 40 bytes of UTF-8, got 42")
          .doesNotContain("☃");
      assertRow(1, full());
      assertRow(4, empty("fine"));
      assertThat(target.count(NAME)).isEqualTo(2);
    }
  }
}
