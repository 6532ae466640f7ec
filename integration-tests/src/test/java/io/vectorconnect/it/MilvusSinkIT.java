package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.KEY;
import static io.vectorconnect.it.SinkRecords.key;
import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.it.SinkRecords.tombstone;
import static io.vectorconnect.it.SinkRecords.value;
import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.response.DescribeCollectionResp;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import io.milvus.v2.service.index.response.DescribeIndexResp;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.sink.MilvusSinkConnector;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the Milvus sink promises. */
@Services(alone = MILVUS, shared = CONNECT)
@Timeout(240)
class MilvusSinkIT {
  private MilvusCollections milvus;
  private MilvusRows target;

  @BeforeEach
  void connect() {
    milvus = new MilvusCollections();
    target = new MilvusRows(milvus.client());
  }

  @AfterEach
  void disconnect() {
    milvus.close();
  }

  private static Struct copy(Struct struct) {
    Struct copy = new Struct(struct.schema());
    struct.schema().fields().forEach(field -> copy.put(field, struct.get(field)));
    return copy;
  }

  private static SinkHarness sink(String topic, String... more) {
    return new SinkHarness(new MilvusSinkTask(), config(topic, more));
  }

  private static Map<String, String> config(String topic, String... more) {
    Map<String, String> config = MilvusCollections.sinkConfig("it", topic);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  @Test
  void lastChangeOfAKeyWinsWithinABatchAndAcrossBatches() throws Exception {
    try (SinkHarness sink = sink("order")) {
      sink.write(
          row(sink, "order", 1, "first", 1, 1, 1),
          row(sink, "order", 2, "stays", 2, 2, 2),
          row(sink, "order", 1, "second", 1, 2, 3),
          row(sink, "order", 3, "goes", 3, 3, 3),
          tombstone(sink, "order", 3),
          tombstone(sink, "order", 4),
          row(sink, "order", 4, "returns", 4, 4, 4));
      assertThat(sink.reasons()).isEmpty();
      assertThat(target.labelled("order"))
          .containsExactly(
              "1|second|[1.0, 2.0, 3.0]", "2|stays|[2.0, 2.0, 2.0]", "4|returns|[4.0, 4.0, 4.0]");
      for (int i = 0; i < 5; i++) { // each in its own request, as fast as they go
        sink.write(tombstone(sink, "order", 1), tombstone(sink, "order", 2));
        sink.write(row(sink, "order", 1, "again " + i, 1, 1, i));
        sink.write(row(sink, "order", 2, "other " + i, 2, 2, i), tombstone(sink, "order", 4));
        sink.write(row(sink, "order", 2, "last " + i, 0.1f, -0.0f, Float.MIN_VALUE));
      }
      assertThat(target.labelled("order"))
          .containsExactly("1|again 4|[1.0, 1.0, 4.0]", "2|last 4|[0.1, -0.0, 1.4E-45]");
      assertThat(target.count("order")).isEqualTo(2);
    }
  }

  @Test
  void theWholeTopicAgainChangesNothing() throws Exception {
    List<SinkRecord> topic = new ArrayList<>();
    try (SinkHarness sink = sink("again", "batch.max.rows", "7")) {
      for (int i = 0; i < 100; i++) {
        topic.add(row(sink, "again", i % 30, "change " + i, i, i, i));
        if (i % 11 == 0) {
          topic.add(tombstone(sink, "again", i % 30));
        }
      }
      sink.write(topic.toArray(SinkRecord[]::new));
    }
    List<String> once = target.labelled("again");
    try (SinkHarness sink = sink("again", "batch.max.rows", "13")) {
      sink.write(topic.toArray(SinkRecord[]::new));
    }
    assertThat(target.labelled("again")).isEqualTo(once);
    assertThat(once).hasSizeBetween(20, 30);
    assertThat(target.count("again")).isEqualTo(once.size());
  }

  @Test
  void writesEveryFormOfAVectorThatOthersSend() throws Exception {
    milvus.create("forms", DataType.Int64, false, floatVector("v", 3));
    Schema floats = SchemaBuilder.array(Schema.FLOAT32_SCHEMA).build();
    Schema doubles =
        SchemaBuilder.array(Schema.FLOAT64_SCHEMA).name("io.debezium.data.DoubleVector").build();
    Schema integers = SchemaBuilder.array(Schema.INT32_SCHEMA).build();
    Map<Schema, Object> forms = new LinkedHashMap<>();
    forms.put(
        VectorSchema.builder(VectorType.FLOAT).build(),
        PackedVector.ofFloats(new float[] {1, 2, 3}).bytes());
    forms.put(VectorSchema.builder(VectorType.INT8, 3).build(), new byte[] {1, 2, 3});
    forms.put(
        VectorSchema.builder(VectorType.FLOAT16, 3).build(),
        new byte[] {0x00, 0x3C, 0x00, 0x40, 0x00, 0x42});
    forms.put(
        VectorSchema.builder(VectorType.BFLOAT16, 3).build(),
        new byte[] {(byte) 0x80, 0x3F, 0x00, 0x40, 0x40, 0x40});
    forms.put(floats, List.of(1f, 2f, 3f));
    forms.put(doubles, List.of(1d, 2d, 3d));
    forms.put(integers, List.of(1, 2, 3));
    forms.put(Schema.STRING_SCHEMA, "[1, 2,3]");
    try (SinkHarness sink = sink("forms", "auto.create", "false")) {
      long id = 0;
      for (Map.Entry<Schema, Object> form : forms.entrySet()) {
        Schema schema = value(form.getKey());
        Struct value =
            new Struct(schema).put("id", ++id).put("label", "row").put("v", form.getValue());
        sink.put(sink.record("forms", KEY, key(id), schema, value));
      }
      Map<String, Object> schemaless = Map.of("label", "row", "id", ++id, "v", List.of(1L, 2d, 3f));
      sink.put(sink.record("forms", null, Map.of("id", id), null, schemaless));
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
      assertThat(target.labelled("forms"))
          .hasSize(9)
          .allMatch(row -> row.endsWith("|row|[1.0, 2.0, 3.0]"));
    }
  }

  private static AddFieldReq floatVector(String name, int dimension) {
    return AddFieldReq.builder()
        .fieldName(name)
        .dataType(DataType.FloatVector)
        .dimension(dimension)
        .build();
  }

  @Test
  void writesBinaryVectors() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("b", VectorSchema.builder(VectorType.BINARY, 16).build())
            .build();
    try (SinkHarness sink = sink("binary")) {
      Struct value = new Struct(schema).put("b", new byte[] {(byte) 0x81, 0x7E});
      sink.write(sink.record("binary", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
      assertThat(MilvusRows.hex(target.query("binary", "id == 1").get(0).get("b")))
          .isEqualTo("817e");
      assertThat(index("binary", "b").getMetricType()).hasToString("HAMMING");
    }
  }

  @Test
  void createsACollectionWithEveryScalarTypeIndexedAndLoaded() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("flag", Schema.BOOLEAN_SCHEMA)
            .field("tiny", Schema.INT8_SCHEMA)
            .field("small", Schema.INT16_SCHEMA)
            .field("medium", Schema.INT32_SCHEMA)
            .field("large", Schema.INT64_SCHEMA)
            .field("narrow", Schema.FLOAT32_SCHEMA)
            .field("wide", Schema.FLOAT64_SCHEMA)
            .field("text", Schema.STRING_SCHEMA)
            .field("document", Json.builder().build())
            .field("v", VectorSchema.builder(VectorType.FLOAT, 2).parameter("metric", "L2").build())
            .field("$meta", Json.builder().optional().build())
            .build();
    String text = "quote \" backslash \\ nul \0 tab \t snow ☃ emoji 😀 and ''";
    Struct value =
        new Struct(schema)
            .put("flag", true)
            .put("tiny", Byte.MIN_VALUE)
            .put("small", Short.MIN_VALUE)
            .put("medium", Integer.MIN_VALUE)
            .put("large", Long.MAX_VALUE)
            .put("narrow", Float.MIN_VALUE)
            .put("wide", Double.MIN_VALUE)
            .put("text", text)
            .put("document", "{\"a\": [1, {\"b\": \"ü\"}]}")
            .put("v", PackedVector.ofFloats(new float[] {-0.0f, 0.1f}).bytes())
            .put("$meta", "{\"colour\":\"blue\"}");
    Schema key = SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
    try (SinkHarness sink = sink("scalars", "varchar.max.length", "200")) {
      sink.write(
          sink.record("scalars", key, new Struct(key).put("id", -7), schema, value),
          sink.record(
              "scalars",
              key,
              new Struct(key).put("id", 8),
              schema,
              copy(value).put("$meta", null)));
      assertThat(sink.reasons()).isEmpty();
      Map<String, Object> row = target.query("scalars", "id == -7").get(0);
      assertThat(row)
          .containsEntry("id", -7L)
          .containsEntry("flag", true)
          .containsEntry("large", Long.MAX_VALUE)
          .containsEntry("narrow", Float.MIN_VALUE)
          .containsEntry("wide", Double.MIN_VALUE)
          .containsEntry("text", text)
          .containsEntry("v", Arrays.asList(-0.0f, 0.1f));
      assertThat(row.get("tiny")).hasToString("-128");
      assertThat(row.get("small")).hasToString("-32768");
      assertThat(row.get("medium")).hasToString("-2147483648");
      assertThat(row.get("document")).hasToString("{\"a\":[1,{\"b\":\"ü\"}]}");
      assertThat(row.get("colour").toString()).contains("blue");
      assertThat(target.query("scalars", "id == 8")).singleElement().isNotNull();
    }
    DescribeCollectionResp made =
        milvus
            .client()
            .describeCollection(DescribeCollectionReq.builder().collectionName("scalars").build());
    assertThat(made.getEnableDynamicField()).isTrue();
    assertThat(made.getCollectionSchema().getFieldSchemaList())
        .extracting(field -> field.getName() + " " + field.getDataType())
        .containsExactly(
            "id Int64",
            "flag Bool",
            "tiny Int8",
            "small Int16",
            "medium Int32",
            "large Int64",
            "narrow Float",
            "wide Double",
            "text VarChar",
            "document JSON",
            "v FloatVector");
    assertThat(made.getCollectionSchema().getField("text").getMaxLength()).isEqualTo(200);
    DescribeIndexResp.IndexDesc index = index("scalars", "v");
    assertThat(index.getIndexType()).hasToString("HNSW");
    assertThat(index.getMetricType()).hasToString("L2");
    assertThat(index.getExtraParams().toString()).contains("16").contains("256");
    assertThat(loaded("scalars")).isTrue();
  }

  private DescribeIndexResp.IndexDesc index(String collection, String field) {
    return milvus
        .client()
        .describeIndex(
            DescribeIndexReq.builder().collectionName(collection).fieldName(field).build())
        .getIndexDescByFieldName(field);
  }

  private boolean loaded(String collection) {
    return milvus
        .client()
        .getLoadState(GetLoadStateReq.builder().collectionName(collection).build());
  }

  @Test
  void withoutIndexBuildTheCollectionIsOnlyCreatedAndFilled() throws Exception {
    try (SinkHarness sink = sink("bare", "index.build", "none")) {
      sink.write(row(sink, "bare", 1, "a", 1, 1, 1), row(sink, "bare", 2, "b", 2, 2, 2));
      sink.write(tombstone(sink, "bare", 1));
      assertThat(sink.reasons()).isEmpty();
      assertThat(loaded("bare")).isFalse();
    }
    milvus.indexAndLoad("bare", "v");
    assertThat(target.labelled("bare")).containsExactly("2|b|[2.0, 2.0, 2.0]");
  }

  @Test
  void tasksThatCreateTheSameCollectionAtTheSameMomentShareIt() throws Exception {
    for (int round = 0; round < 3; round++) {
      String topic = "shared_" + round;
      List<CompletableFuture<List<String>>> tasks = new ArrayList<>();
      for (int task = 0; task < 4; task++) {
        long id = task;
        tasks.add(CompletableFuture.supplyAsync(() -> writeOne(topic, id)));
      }
      for (CompletableFuture<List<String>> task : tasks) {
        assertThat(task.get()).isEmpty();
      }
      assertThat(target.count(topic)).isEqualTo(4);
      milvus.drop(topic);
    }
  }

  private static List<String> writeOne(String topic, long id) {
    try (SinkHarness sink = sink(topic)) {
      sink.write(row(sink, topic, id, "x", 1, 2, 3));
      return sink.reasons();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void fieldsThatTheCollectionHasNotGoIntoItsDynamicOnes() throws Exception {
    milvus.create("dynamic_in", DataType.Int64, true, floatVector("v", 3));
    Schema schema =
        SchemaBuilder.struct()
            .field("label", Schema.STRING_SCHEMA)
            .field("v", VectorSchema.builder(VectorType.FLOAT, 3).build())
            .field("$meta", Json.builder().build())
            .field("colour", Schema.OPTIONAL_STRING_SCHEMA)
            .field("size", Schema.INT64_SCHEMA)
            .field("more", Json.builder().build())
            .field("tags", SchemaBuilder.array(Schema.STRING_SCHEMA).build())
            .build();
    Struct value =
        new Struct(schema)
            .put("label", "x")
            .put("v", PackedVector.ofFloats(new float[] {1, 2, 3}).bytes())
            .put("$meta", "{\"old\": 0.5}")
            .put("colour", "bl\"ue")
            .put("size", Long.MAX_VALUE)
            .put("more", "{\"a\":null}")
            .put("tags", List.of("a", "b"));
    try (SinkHarness sink = sink("dynamic_in")) {
      sink.write(
          sink.record("dynamic_in", KEY, key(1), schema, value),
          sink.record("dynamic_in", KEY, key(2), schema, copy(value).put("$meta", "{\"size\": 1}")),
          sink.record(
              "dynamic_in",
              null,
              Map.of("id", 3L),
              null,
              Map.of("label", "y", "v", List.of(1, 2, 3), "nested", Map.of("a", List.of(1L)))));
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("field size stands in the record and in its $meta");
      Map<String, Object> row = target.query("dynamic_in", "size == 9223372036854775807").get(0);
      assertThat(row.get("old").toString()).isEqualTo("0.5");
      assertThat(row.get("colour").toString()).matches("\"?bl\\\\?\"ue\"?");
      assertThat(row.get("tags").toString()).isEqualTo("[\"a\",\"b\"]");
      assertThat(row.get("more").toString()).isEqualTo("{\"a\":null}");
      assertThat(target.query("dynamic_in", "nested[\"a\"][0] == 1")).hasSize(1);
    }
  }

  @Test
  void badRecordsGoToTheDeadLetterQueueWithPlaceAndReasonAndTheOthersLand() throws Exception {
    milvus.create("bad", DataType.Int64, true, floatVector("v", 3));
    Schema withMeta =
        SchemaBuilder.struct()
            .field("label", Schema.OPTIONAL_STRING_SCHEMA)
            .field("v", VectorSchema.builder(VectorType.FLOAT).build())
            .field("$meta", Json.builder().build())
            .build();
    try (SinkHarness sink = sink("bad")) {
      List<SinkRecord> records = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        records.add(row(sink, "bad", i, "fine", i, i, i));
      }
      Struct value =
          new Struct(withMeta)
              .put("label", "short")
              .put("v", PackedVector.ofFloats(new float[] {1, 2}).bytes())
              .put("$meta", "{}");
      records.add(10, sink.record("bad", KEY, key(100), withMeta, value));
      records.add(20, row(sink, "bad", 101, "not finite", 1, Float.NaN, 2));
      records.add(25, row(sink, "bad", 102, "forbidden".repeat(40), 1, 2, 3));
      records.add(30, row(sink, "bad", 103, null, 1, 2, 3));
      records.add(40, row(sink, "bad", 104, "torn", 1, 2));
      records.add(41, row(sink, "bad", 105, "half \uD83D", 1, 2, 3));
      // The server alone knows how long a dynamic document may be.
      for (int id : List.of(106, 107)) {
        Struct large =
            new Struct(withMeta)
                .put("label", "large")
                .put("v", PackedVector.ofFloats(new float[] {1, 2, 3}).bytes())
                .put("$meta", "{\"secret\": \"" + "x".repeat(70_000) + "\"}");
        records.add(42 + id % 2 * 5, sink.record("bad", KEY, key(id), withMeta, large));
      }
      Struct broken =
          new Struct(withMeta)
              .put("label", "broken")
              .put("v", PackedVector.ofFloats(new float[] {1, 2, 3}).bytes())
              .put("$meta", "{\"secret\": ");
      records.add(50, sink.record("bad", KEY, key(108), withMeta, broken));
      sink.write(records.toArray(SinkRecord[]::new));

      assertThat(sink.errant.keySet().stream().map(r -> ((Struct) r.key()).getInt64("id")))
          .containsExactlyInAnyOrder(100L, 101L, 102L, 103L, 104L, 105L, 106L, 107L, 108L);
      assertThat(target.count("bad")).isEqualTo(50);
      assertThat(sink.reasons())
          .allMatch(reason -> reason.contains("topic bad, partition 0, offset 5"))
          .anyMatch(
              reason ->
                  reason.contains("field v (FloatVector(3)) of collection bad")
                      && reason.contains("expected a vector of dimension 3, got 2"))
          .anyMatch(reason -> reason.contains("of dimension 3 in 12 bytes, got 8 bytes"))
          .anyMatch(reason -> reason.contains("element 1 of the vector is NaN or infinite"))
          .anyMatch(
              reason ->
                  reason.contains("field label (VarChar(300)) of collection bad")
                      && reason.contains("at most 300 bytes of UTF-8, got 360"))
          .anyMatch(reason -> reason.contains("NULL in a field that is not nullable"))
          .anyMatch(reason -> reason.contains("half a surrogate pair at position 5"))
          .anyMatch(reason -> reason.contains("the text is no JSON document"))
          .noneMatch(reason -> reason.contains("forbidden") || reason.contains("secret"));
    }
  }

  @Test
  void withoutDeadLetterQueueTheTaskFailsAndCommitsNothingBeyond() throws Exception {
    try (SinkHarness sink = new SinkHarness(new MilvusSinkTask(), config("strict"), false)) {
      sink.write(row(sink, "strict", 1, "fine", 1, 2, 3));
      SinkRecord bad = row(sink, "strict", 2, "torn", 1, 2);
      assertThatThrownBy(() -> sink.put(bad))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("topic strict, partition 0, offset 1")
          .hasMessageContaining("of dimension 3 in 12 bytes, got 8 bytes")
          .hasMessageContaining("errors.deadletterqueue.topic.name");
      assertThat(sink.commit().get(new TopicPartition("strict", 0)).offset()).isEqualTo(1);
      assertThat(target.count("strict")).isEqualTo(1);
    }
  }

  @Test
  void textKeysOfAnyCharactersAreUpsertedAndDeleted() throws Exception {
    Schema key = SchemaBuilder.struct().field("id", Schema.STRING_SCHEMA).build();
    Schema schema =
        SchemaBuilder.struct()
            .field("v", VectorSchema.builder(VectorType.FLOAT, 2).build())
            .build();
    List<String> ids =
        List.of(
            "",
            "plain",
            "quote\"",
            "back\\slash",
            "\\\"",
            "line\nbreak\r\ttab",
            "bell\u0007\u0001\u007F",
            "snow ☃ emoji 😀",
            "'single'",
            "] or id != [\"",
            "x".repeat(60_000));
    Struct value = new Struct(schema).put("v", PackedVector.ofFloats(new float[] {1, 2}).bytes());
    try (SinkHarness sink = sink("texts")) {
      for (int round = 0; round < 2; round++) {
        for (String id : ids) {
          sink.put(sink.record("texts", key, new Struct(key).put("id", id), schema, value));
        }
        sink.flush();
        assertThat(sink.reasons()).isEmpty();
        assertThat(target.count("texts")).isEqualTo(ids.size());
      }
      for (int i = 0; i < ids.size(); i++) {
        sink.write(sink.record("texts", key, new Struct(key).put("id", ids.get(i)), null, null));
        assertThat(sink.reasons()).isEmpty();
        assertThat(target.query("texts", "id >= \"\"", "id").stream().map(r -> r.get("id")))
            .containsExactlyInAnyOrderElementsOf(ids.subList(i + 1, ids.size()));
      }
    }
  }

  @Test
  void theSmallestAndTheLargestIntegerKeysAreUpsertedAndDeleted() throws Exception {
    long[] ids = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE - 1};
    try (SinkHarness sink = sink("extreme_keys")) {
      for (int round = 0; round < 2; round++) {
        for (long id : ids) {
          sink.put(row(sink, "extreme_keys", id, "x", 1, 1, 1));
        }
        sink.flush();
        assertThat(target.count("extreme_keys")).isEqualTo(ids.length);
      }
      for (int i = 0; i < ids.length; i++) {
        sink.write(tombstone(sink, "extreme_keys", ids[i]));
        assertThat(sink.reasons()).isEmpty();
        assertThat(target.count("extreme_keys")).isEqualTo(ids.length - 1 - i);
      }
    }
  }

  @Test
  void namesThatMilvusDoesNotTakeAreReplacedAndNeverMixed() throws Exception {
    try (SinkHarness sink = sink("2024-orders.eu")) {
      sink.write(
          row(sink, "2024-orders.eu", 1, "a", 1, 1, 1),
          row(sink, "2024_orders.eu", 2, "b", 2, 2, 2));
      assertThat(target.labelled("_2024_orders_eu")).containsExactly("1|a|[1.0, 1.0, 1.0]");
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains(
              "topics 2024-orders.eu and 2024_orders.eu would both go to collection"
                  + " _2024_orders_eu");
    }
  }

  @Test
  void aTypeWithoutPlaceIsRefusedByNameWithWhatToDo() throws Exception {
    Schema vector = VectorSchema.builder(VectorType.FLOAT, 3).build();
    Map<Schema, String> types = new LinkedHashMap<>();
    types.put(Decimal.schema(2), "BYTES org.apache.kafka.connect.data.Decimal");
    types.put(Timestamp.SCHEMA, "INT64 org.apache.kafka.connect.data.Timestamp");
    types.put(Schema.BYTES_SCHEMA, "BYTES");
    types.put(SchemaBuilder.array(Schema.BYTES_SCHEMA).build(), "ARRAY of BYTES");
    try (SinkHarness sink = sink("placeless")) {
      for (Schema type : types.keySet()) {
        Schema schema = SchemaBuilder.struct().field("x", type).field("v", vector).build();
        sink.put(sink.record("placeless", KEY, key(1), schema, new Struct(schema)));
      }
      Schema none = SchemaBuilder.struct().field("x", Schema.INT64_SCHEMA).build();
      sink.put(sink.record("placeless", KEY, key(1), none, new Struct(none).put("x", 1L)));
      sink.put(
          sink.record("placeless", null, Map.of("id", 1L), null, Map.of("v", List.of(1, 2, 3))));
      sink.flush();
      assertThat(target.count("placeless")).isEqualTo(-1);
      assertThat(sink.reasons()).hasSize(6);
      int i = 0;
      for (String type : types.values()) {
        assertThat(sink.reasons().get(i++))
            .contains("field x of collection placeless: auto.create has no field type for " + type)
            .contains("by a transform");
      }
      assertThat(sink.reasons().get(4)).contains("the record has no vector");
      assertThat(sink.reasons().get(5)).contains("a record without schema does not tell its types");
    }
  }

  @Test
  void twoVectorsAreRefusedWithTheServersOwnReason() throws Exception {
    Schema vector = VectorSchema.builder(VectorType.FLOAT, 3).build();
    Schema schema = SchemaBuilder.struct().field("v", vector).field("w", vector).build();
    byte[] bytes = PackedVector.ofFloats(new float[] {1, 2, 3}).bytes();
    try (SinkHarness sink = sink("two_vectors")) {
      Struct value = new Struct(schema).put("v", bytes).put("w", bytes);
      sink.write(sink.record("two_vectors", KEY, key(1), schema, value));
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("collection two_vectors cannot be created")
          .contains("vector");
    }
  }

  @Test
  void aRecordThatDoesNotFitAnExistingCollectionIsRefusedByName() throws Exception {
    milvus.create("narrow", DataType.Int64, false, floatVector("v", 3));
    Schema more =
        SchemaBuilder.struct()
            .field("label", Schema.STRING_SCHEMA)
            .field("extra", Schema.INT64_SCHEMA)
            .field("v", VectorSchema.builder(VectorType.FLOAT, 3).build())
            .build();
    Schema less =
        SchemaBuilder.struct()
            .field("v", VectorSchema.builder(VectorType.FLOAT, 3).build())
            .build();
    Schema otherKey = SchemaBuilder.struct().field("pk", Schema.INT64_SCHEMA).build();
    byte[] bytes = PackedVector.ofFloats(new float[] {1, 2, 3}).bytes();
    try (SinkHarness sink = sink("narrow")) {
      Struct withMore = new Struct(more).put("label", "a").put("extra", 1L).put("v", bytes);
      sink.write(
          sink.record("narrow", KEY, key(1), more, withMore),
          sink.record("narrow", KEY, key(2), less, new Struct(less).put("v", bytes)),
          sink.record(
              "narrow",
              otherKey,
              new Struct(otherKey).put("pk", 1L),
              less,
              new Struct(less).put("v", bytes)));
      assertThat(target.count("narrow")).isZero();
      assertThat(sink.reasons()).hasSize(3);
      assertThat(sink.reasons().get(0)).contains("collection narrow has no field extra");
      assertThat(sink.reasons().get(1))
          .contains(
              "field label (VarChar(300)) of collection narrow: the record has no such field");
      assertThat(sink.reasons().get(2))
          .contains("the primary key of collection narrow is id, and the record's is pk");
    }
  }

  @Test
  void insertModeAppendsAndRefusesDeletes() throws Exception {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(
        AddFieldReq.builder()
            .fieldName("nr")
            .dataType(DataType.Int64)
            .isPrimaryKey(true)
            .autoID(true)
            .build());
    schema.addField(AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).build());
    schema.addField(
        AddFieldReq.builder().fieldName("label").dataType(DataType.VarChar).maxLength(9).build());
    schema.addField(floatVector("v", 3));
    milvus.createLoaded("appended", schema, "v");
    try (SinkHarness sink = sink("appended", "insert.mode", "insert", "pk.mode", "none")) {
      sink.write(
          row(sink, "appended", 1, "a", 1, 1, 1),
          row(sink, "appended", 1, "b", 2, 2, 2),
          tombstone(sink, "appended", 1));
      assertThat(target.labelled("appended"))
          .containsExactlyInAnyOrder("1|a|[1.0, 1.0, 1.0]", "1|b|[2.0, 2.0, 2.0]");
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("a delete needs insert.mode=upsert");
    }
    try (SinkHarness sink = sink("appended")) {
      sink.write(row(sink, "appended", 1, "a", 1, 1, 1));
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("collection appended makes its keys itself (autoID on nr)");
    }
  }

  @Test
  void aCollectionIsCreatedWhoseKeysTheServerMakes() throws Exception {
    String[] config = {
      "insert.mode", "insert",
      "pk.mode", "none",
      "collection.auto.id", "nr",
      "collection.dynamic.field", "true",
      "index.metric", "ip"
    };
    try (SinkHarness sink = sink("made", config)) {
      sink.write(row(sink, "made", 1, "a", 1, 1, 1), row(sink, "made", 1, "a", 1, 1, 1));
      Schema more =
          SchemaBuilder.struct()
              .field("id", Schema.INT64_SCHEMA)
              .field("label", Schema.STRING_SCHEMA)
              .field("v", VectorSchema.builder(VectorType.FLOAT, 3).build())
              .field("color", Schema.STRING_SCHEMA)
              .build();
      Struct colored =
          new Struct(more)
              .put("id", 2L)
              .put("label", "b")
              .put("color", "red")
              .put("v", PackedVector.ofFloats(new float[] {2, 2, 2}).bytes());
      sink.write(sink.record("made", null, null, more, colored));
      assertThat(sink.reasons()).isEmpty();
    }
    config[5] = "label";
    try (SinkHarness sink = sink("made_clash", config)) {
      sink.write(row(sink, "made_clash", 1, "a", 1, 1, 1));
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("the record has a field label, which collection.auto.id names as the key");
    }
    DescribeCollectionResp made =
        milvus
            .client()
            .describeCollection(DescribeCollectionReq.builder().collectionName("made").build());
    assertThat(made.getAutoID()).isTrue();
    assertThat(made.getPrimaryFieldName()).isEqualTo("nr");
    assertThat(made.getEnableDynamicField()).isTrue();
    assertThat(index("made", "v").getMetricType()).hasToString("IP");
    milvus.awaitLoaded("made");
    assertThat(target.count("made")).isEqualTo(3);
    assertThat(problems("collection.auto.id", "nr")).containsOnlyKeys("collection.auto.id");
  }

  @Test
  void aRequestThatTheServerFindsTooLargeIsSplit() throws Exception {
    int dimension = 2_048;
    Schema schema =
        SchemaBuilder.struct()
            .field("v", VectorSchema.builder(VectorType.FLOAT, dimension).build())
            .build();
    int rows = 10_000; // about 80 MB, above the server's 64 MB
    try (SinkHarness sink =
        sink(
            "large",
            "batch.max.bytes",
            "200000000",
            "batch.linger.ms",
            "60000",
            "index.build",
            "none",
            "requests.in.flight",
            "1")) {
      float[] vector = new float[dimension];
      Arrays.fill(vector, 1);
      byte[] bytes = PackedVector.ofFloats(vector).bytes();
      List<SinkRecord> records = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        records.add(sink.record("large", KEY, key(i), schema, new Struct(schema).put("v", bytes)));
      }
      sink.put(records);
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
    }
    milvus.indexAndLoad("large", "v");
    assertThat(target.count("large")).isEqualTo(rows);
    milvus.drop("large");
  }

  @Test
  void manyDeletesAtOnce() throws Exception {
    int rows = 30_000;
    try (SinkHarness sink = sink("mass", "batch.max.rows", "100000", "batch.linger.ms", "60000")) {
      List<SinkRecord> records = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        records.add(row(sink, "mass", i, "x", i, i, i));
      }
      sink.write(records.toArray(SinkRecord[]::new));
      assertThat(target.count("mass")).isEqualTo(rows);
      List<SinkRecord> deletes = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        if (i % 3 != 0) {
          deletes.add(tombstone(sink, "mass", i));
        }
      }
      long begin = System.nanoTime();
      sink.write(deletes.toArray(SinkRecord[]::new));
      System.out.printf(
          "%,d deletes in %.1f s%n", deletes.size(), (System.nanoTime() - begin) / 1e9);
      assertThat(target.count("mass")).isEqualTo(rows / 3);
    }
    milvus.drop("mass");
  }

  @Test
  void validateTellsEachProblemOnItsOwnKey() {
    assertThat(problems("connection.password", "wrong")).containsOnlyKeys("connection.password");
    assertThat(problems("connection.token", "root:wrong")).containsOnlyKeys("connection.token");
    assertThat(problems("connection.uri", "http://127.0.0.1:1")).containsOnlyKeys("connection.uri");
    assertThat(problems("connection.uri", "127.0.0.1:1")).containsOnlyKeys("connection.uri");
    assertThat(problems("connection.database", "nowhere")).containsOnlyKeys("connection.database");
    assertThat(problems("collection.name.format", "nothing", "auto.create", "false"))
        .containsOnlyKeys("collection.name.format");
    assertThat(problems("pk.mode", "none")).containsOnlyKeys("pk.mode");
    assertThat(problems("batch.max.rows", "0")).containsOnlyKeys("batch.max.rows");
    assertThat(problems("public.endpoint", "http://other:1")).containsOnlyKeys("connection.uri");
    assertThat(problems()).isEmpty();
    assertThat(problems("connection.password", "wrong").toString()).doesNotContain("wrong");
  }

  @Test
  void takesTheKeysOfTheVendorsConnector() throws Exception {
    Map<String, String> config = MilvusCollections.sinkConfig("it", "vendor");
    config.put("public.endpoint", config.remove("connection.uri"));
    config.put(
        "token", config.remove("connection.user") + ":" + config.remove("connection.password"));
    config.put("collection.name", "vendors_own");
    assertThat(problems(config)).isEmpty();
    try (SinkHarness sink = new SinkHarness(new MilvusSinkTask(), config)) {
      sink.write(row(sink, "vendor", 1, "a", 1, 1, 1));
      assertThat(target.labelled("vendors_own")).containsExactly("1|a|[1.0, 1.0, 1.0]");
    }
  }

  private static Map<String, List<String>> problems(String... more) {
    return problems(config("validated", more));
  }

  private static Map<String, List<String>> problems(Map<String, String> config) {
    return new MilvusSinkConnector()
        .validate(config).configValues().stream()
            .filter(value -> !value.errorMessages().isEmpty())
            .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
  }
}
