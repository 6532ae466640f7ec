package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.KEY;
import static io.vectorconnect.it.SinkRecords.key;
import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.sink.MilvusSinkConnector;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Milvus refuses ends where it belongs: at a record, at the configuration, or in a wait. */
@Services(alone = MILVUS)
@Timeout(240)
class MilvusRefusalsIT {
  private static final Schema VECTOR = VectorSchema.builder(VectorType.FLOAT, 2).build();

  /** Keys that a filter must not confuse; each but the last two stands beside one that it may. */
  private static final List<String> AWKWARD =
      List.of(
          "𠮷野家",
          "\u0bb7野家", // the first one, cut to 16 bits
          "😀",
          "\uf600",
          "日本",
          "\\u65e5本",
          "a\"b",
          "a\\\"b",
          "\\",
          "\\\\",
          "it's",
          "\\'",
          "\n\r\t\u0001\u007f",
          "\uffff",
          "\udbff\udfff",
          "");

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

  private static SinkHarness sink(String topic, String... more) {
    Map<String, String> config = MilvusCollections.sinkConfig("refusals", topic);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(new MilvusSinkTask(), config);
  }

  private static Schema keyOf(String name, Schema type) {
    return SchemaBuilder.struct().field(name, type).build();
  }

  @Test
  void keysOfAnyCharactersAreDeletedAndNoOthers() throws Exception {
    Schema keySchema = keyOf("id", Schema.STRING_SCHEMA);
    Schema schema = SchemaBuilder.struct().field("v", VECTOR).build();
    byte[] vector = PackedVector.ofFloats(new float[] {1, 2}).bytes();
    try (SinkHarness sink = sink("awkward_keys")) {
      List<SinkRecord> rows = new ArrayList<>();
      for (String text : AWKWARD) {
        Struct id = new Struct(keySchema).put("id", text);
        rows.add(
            sink.record(
                "awkward_keys", keySchema, id, schema, new Struct(schema).put("v", vector)));
      }
      Struct half = new Struct(keySchema).put("id", "\ud842");
      rows.add(
          sink.record(
              "awkward_keys", keySchema, half, schema, new Struct(schema).put("v", vector)));
      sink.write(rows.toArray(SinkRecord[]::new));
      assertThat(sink.reasons()).singleElement().asString().contains("half a surrogate pair");
      milvus.awaitLoaded("awkward_keys");
      assertThat(keys()).containsExactlyInAnyOrderElementsOf(AWKWARD);

      List<String> left = new ArrayList<>(AWKWARD);
      for (int i = 0; i < AWKWARD.size(); i += 2) {
        Struct id = new Struct(keySchema).put("id", AWKWARD.get(i));
        sink.put(sink.record("awkward_keys", keySchema, id, null, null));
        left.remove(AWKWARD.get(i));
      }
      sink.flush();
      assertThat(keys()).containsExactlyInAnyOrderElementsOf(left);
      for (String text : left) {
        Struct id = new Struct(keySchema).put("id", text);
        sink.put(sink.record("awkward_keys", keySchema, id, null, null));
      }
      sink.flush();
      assertThat(keys()).isEmpty();
    }
    milvus.drop("awkward_keys");
  }

  private Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    target
        .query("awkward_keys", "id >= \"\"", "id")
        .forEach(row -> keys.add((String) row.get("id")));
    return keys;
  }

  @Test
  void aKeyThatFiltersCannotNameIsRefusedBeforeAnyRequestNamesIt() throws Exception {
    for (String word : List.of("true", "in", "like", "json_contains")) {
      String collection = "keyword_" + word;
      CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
      schema.addField(
          AddFieldReq.builder()
              .fieldName(word)
              .dataType(DataType.Int64)
              .isPrimaryKey(true)
              .build());
      schema.addField(
          AddFieldReq.builder().fieldName("v").dataType(DataType.FloatVector).dimension(2).build());
      milvus.createLoaded(collection, schema, "v");

      Map<String, String> source = MilvusCollections.sourceConfig("keyword", collection);
      source.put("mode", "snapshot");
      assertThat(errors(new MilvusSourceConnector(), source).get("collection.include.list"))
          .contains("field " + word);
      Map<String, String> sink = MilvusCollections.sinkConfig("keyword", "t");
      sink.put("collection.name.format", collection);
      assertThat(errors(new MilvusSinkConnector(), sink).get("collection.name.format"))
          .contains("field " + word);
      sink.put("collection.name.format", "other");
      sink.put("pk.fields", word);
      assertThat(errors(new MilvusSinkConnector(), sink).get("pk.fields"))
          .contains("field " + word);

      Schema keySchema = keyOf(word, Schema.INT64_SCHEMA);
      Struct id = new Struct(keySchema).put(word, 1L);
      try (SinkHarness harness = sink(collection)) {
        SinkRecord delete = harness.record(collection, keySchema, id, null, null);
        assertThatThrownBy(() -> harness.putOnce(delete))
            .isInstanceOf(ConnectException.class)
            .hasMessageContaining("field " + word);
        assertThat(harness.errant).isEmpty();
      }
      milvus.drop(collection);
    }
    assertThat(milvus.client().listCollections().getCollectionNames())
        .noneMatch(name -> name.startsWith("keyword_"));
  }

  private static Map<String, String> errors(Connector connector, Map<String, String> config) {
    Config validated = connector.validate(config);
    Map<String, String> errors = new HashMap<>();
    validated.configValues().stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .forEach(value -> errors.put(value.name(), value.errorMessages().toString()));
    return errors;
  }

  /** 2.3 takes objects alone in JSON fields; what a number is beyond 64 bits, no version takes. */
  @Test
  void jsonThatTheServerDoesNotTakeIsSetAsideByItself() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("v", VECTOR)
            .field("j", Json.builder().optional().build())
            .field("$meta", Json.builder().optional().build())
            .build();
    List<String> fields =
        List.of("{\"a\":1}", "[1,2]", "\"secret\"", "1", "{\"n\":1e400}", "{\"b\":2}", "true");
    List<String> metas =
        List.of("{\"$meta\":{\"z\":1}}", "{\"id\":5}", "{\"j\":5}", "[1]", "{\"x\":1}");
    byte[] vector = PackedVector.ofFloats(new float[] {1, 2}).bytes();
    try (SinkHarness sink = sink("json_kinds", "collection.dynamic.field", "true")) {
      long id = 0;
      List<SinkRecord> records = new ArrayList<>();
      for (String document : fields) {
        Struct value = new Struct(schema).put("v", vector).put("j", document);
        records.add(sink.record("json_kinds", KEY, key(id++), schema, value));
      }
      for (String document : metas) {
        Struct value = new Struct(schema).put("v", vector).put("j", "{}").put("$meta", document);
        records.add(sink.record("json_kinds", KEY, key(id++), schema, value));
      }
      sink.write(records.toArray(SinkRecord[]::new));
      milvus.awaitLoaded("json_kinds");
      assertThat(sink.errant.keySet())
          .extracting(SinkRecord::kafkaOffset)
          .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 6L, 7L, 8L, 9L, 10L);
      assertThat(sink.reasons())
          .allMatch(reason -> reason.contains("topic json_kinds, partition 0"));
      assertThat(sink.reasons()).noneMatch(reason -> reason.contains("secret"));
      assertThat(target.byId("json_kinds", 100).keySet()).containsExactlyInAnyOrder(0L, 5L, 11L);

      // The same alone, with no other record beside it.
      sink.errant.clear();
      Struct alone = new Struct(schema).put("v", vector).put("j", "[1]");
      sink.write(sink.record("json_kinds", KEY, key(50), schema, alone));
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("the JSON of [j] is no object");
    }
    milvus.drop("json_kinds");
  }

  @Test
  void aTypeThatTheServerLacksIsNamedAndNothingIsLeft() throws Exception {
    Map<VectorType, byte[]> vectors =
        Map.of(
            VectorType.BFLOAT16, new byte[] {0, 0x3F, (byte) 0x80, 0x3F},
            VectorType.INT8, new byte[] {1, 2});
    for (Map.Entry<VectorType, byte[]> vector : vectors.entrySet()) {
      Schema schema =
          SchemaBuilder.struct()
              .field("w", VectorSchema.builder(vector.getKey(), 2).build())
              .build();
      try (SinkHarness sink = sink("lacking")) {
        SinkRecord record =
            sink.record(
                "lacking", KEY, key(1), schema, new Struct(schema).put("w", vector.getValue()));
        assertThatThrownBy(() -> sink.putOnce(record))
            .isInstanceOf(ConnectException.class)
            .hasMessageContaining("field w of collection lacking")
            .hasMessageContaining("does not take the type");
        assertThat(sink.errant).isEmpty();
      }
    }
    assertThat(milvus.client().listCollections().getCollectionNames())
        .noneMatch(name -> name.equals("lacking") || name.contains("probe"));
  }

  /** The test server's limit is 64 collections. */
  @Test
  void aServerAtItsLimitMakesTheTaskWait() throws Exception {
    List<String> fillers = new ArrayList<>();
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(
        AddFieldReq.builder().fieldName("v").dataType(DataType.FloatVector).dimension(2).build());
    try {
      while (fillers.size() < 100) {
        String name = "filler_" + fillers.size();
        milvus
            .client()
            .createCollection(
                CreateCollectionReq.builder()
                    .collectionName(name)
                    .collectionSchema(schema)
                    .build());
        fillers.add(name);
      }
    } catch (MilvusClientException full) {
      assertThat(full).hasMessageContaining("limit");
    }
    try (SinkHarness sink = sink("at_limit")) {
      SinkRecord[] records = {
        row(sink, "at_limit", 1, "a", 1, 2, 3), row(sink, "at_limit", 2, "b", 1, 2, 4)
      };
      assertThatThrownBy(() -> sink.putOnce(records)).isInstanceOf(RetriableException.class);
      assertThat(sink.errant).isEmpty();
      fillers.forEach(milvus::drop);
      fillers.clear();
      sink.write(Arrays.copyOf(records, 2));
      milvus.awaitLoaded("at_limit");
      assertThat(target.count("at_limit")).isEqualTo(2);
      assertThat(sink.errant).isEmpty();
    } finally {
      fillers.forEach(milvus::drop);
    }
    milvus.drop("at_limit");
  }
}
