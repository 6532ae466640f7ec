package io.vectorconnect.it;

import static io.vectorconnect.it.MilvusCollections.row;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.MILVUS_LITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.it.milvus.MilvusVersion;
import io.vectorconnect.it.milvus.MilvusVersionProxy;
import io.vectorconnect.milvus.sink.MilvusSinkConnector;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both connectors with collections of the kinds that Milvus has since 2.5. */
@Services(owned = MILVUS, alone = MILVUS_LITE)
@Timeout(120)
class MilvusCurrentSchemaIT {
  private static final Schema VECTOR =
      VectorSchema.builder(VectorType.FLOAT, MilvusCollections.DIMENSION).build();
  private static final byte[] ONES = PackedVector.ofFloats(new float[] {1, 1, 1, 1}).bytes();

  private MilvusVersionProxy proxy;
  private MilvusCollections milvus;

  /** In front of Milvus 2.3.5. */
  private void connect() {
    proxy = new MilvusVersionProxy(MilvusVersion.V2_6, Stack.milvus().uri());
    milvus = new MilvusCollections(Stack.milvus().at(proxy.uri()));
  }

  /** In front of Milvus Lite, which has functions and no login. */
  private void connectToLite() {
    proxy = new MilvusVersionProxy(MilvusVersion.V2_6, Stack.milvusLite().milvusLite().uri());
    milvus = new MilvusCollections(proxy.uri());
  }

  @AfterEach
  void disconnect() {
    milvus.close();
    proxy.close();
  }

  private Map<String, String> source(String collection, String... more) {
    Map<String, String> config = MilvusCollections.sourceConfig("current", collection);
    config.put("mode", "snapshot");
    return at(config, more);
  }

  private Map<String, String> sink(String topic, String... more) {
    return at(MilvusCollections.sinkConfig("current", topic), more);
  }

  private Map<String, String> at(Map<String, String> config, String... more) {
    config.put("connection.uri", proxy.uri());
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static List<SourceRecord> read(Map<String, String> config, int rows) throws Exception {
    return new SourceHarness(new MilvusSourceConnector())
        .run(config, records -> records.size() == rows);
  }

  private static List<String> fields(SourceRecord record) {
    return record.valueSchema().fields().stream().map(Field::name).toList();
  }

  private static AddFieldReq key() {
    return AddFieldReq.builder()
        .fieldName("id")
        .dataType(DataType.Int64)
        .isPrimaryKey(true)
        .build();
  }

  private static AddFieldReq vector() {
    return AddFieldReq.builder()
        .fieldName("v")
        .dataType(DataType.FloatVector)
        .dimension(MilvusCollections.DIMENSION)
        .build();
  }

  @Test
  void anOutputOfAFunctionIsLeftOutAndComputedByTheTarget() throws Exception {
    connectToLite();
    milvus.createWithFunction("current_bm25");
    JsonObject row = new JsonObject();
    row.addProperty("id", 1);
    row.addProperty("text", "hello world");
    milvus.insert("current_bm25", List.of(row));

    assertThat(Problems.of(new MilvusSourceConnector(), source("current_bm25"))).isEmpty();
    List<SourceRecord> records = read(source("current_bm25"), 1);
    assertThat(fields(records.get(0))).containsExactly("id", "text");
    Map<String, String> asking =
        source("current_bm25", "function.output.include.list", "current_bm25\\.words");
    assertThat(Problems.of(new MilvusSourceConnector(), asking))
        .containsOnlyKeys("function.output.include.list")
        .extractingByKey("function.output.include.list")
        .asString()
        .contains("words", "current_bm25");
    assertThatThrownBy(() -> read(asking, 1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("words");

    try (SinkHarness sink = new SinkHarness(new MilvusSinkTask(), sink("current_bm25"))) {
      SourceRecord read = records.get(0);
      Struct copy = new Struct(read.valueSchema()).put("id", 2L).put("text", "hello there");
      Struct key = new Struct(read.keySchema()).put("id", 2L);
      sink.write(sink.record("current_bm25", read.keySchema(), key, read.valueSchema(), copy));
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(new MilvusRows(milvus.client()).query("current_bm25", "id == 2", "text"))
        .extracting(found -> found.get("text"))
        .containsExactly("hello there");
    milvus.drop("current_bm25");
  }

  @Test
  void aFieldThatIsNotLoadedIsRefusedByNameUnlessItIsExcluded() throws Exception {
    connect();
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(key());
    schema.addField(AddFieldReq.builder().fieldName("cold").dataType(DataType.Int64).build());
    schema.addField(vector());
    create("current_loaded", schema);
    milvus.indexAndLoad("current_loaded", "v");
    milvus
        .client()
        .loadCollection(
            LoadCollectionReq.builder()
                .collectionName("current_loaded")
                .loadFields(List.of("id", "v"))
                .build());

    Schema shape =
        SchemaBuilder.struct().field("cold", Schema.INT64_SCHEMA).field("v", VECTOR).build();
    try (SinkHarness sink = new SinkHarness(new MilvusSinkTask(), sink("current_loaded"))) {
      sink.write(
          sink.record(
              "current_loaded",
              SinkRecords.KEY,
              SinkRecords.key(1),
              shape,
              new Struct(shape).put("cold", 7L).put("v", ONES)));
      assertThat(sink.reasons()).isEmpty();
    }
    try (MilvusCollections behind = new MilvusCollections(Stack.milvus())) {
      assertThat(new MilvusRows(behind.client()).query("current_loaded", "id == 1", "cold"))
          .extracting(found -> found.get("cold"))
          .containsExactly(7L);
    }

    assertThat(Problems.of(new MilvusSourceConnector(), source("current_loaded")))
        .containsOnlyKeys("field.exclude.list")
        .extractingByKey("field.exclude.list")
        .asString()
        .contains("[cold]", "current_loaded", "not loaded");
    assertThatThrownBy(() -> read(source("current_loaded"), 1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("[cold]");
    Map<String, String> without =
        source("current_loaded", "field.exclude.list", "current_loaded\\.cold");
    assertThat(Problems.of(new MilvusSourceConnector(), without)).isEmpty();
    assertThat(fields(read(without, 1).get(0))).containsExactly("id", "v");
    milvus.drop("current_loaded");
  }

  private void create(String name, CreateCollectionReq.CollectionSchema schema) {
    milvus
        .client()
        .createCollection(
            CreateCollectionReq.builder().collectionName(name).collectionSchema(schema).build());
  }

  @Test
  void aStructArrayIsRefusedByNameBeforeAnythingIsStarted() {
    connect();
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(key());
    schema.addField(vector());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("clips")
            .dataType(DataType.Array)
            .elementType(DataType.Struct)
            .maxCapacity(4)
            .addStructField(
                AddFieldReq.builder().fieldName("second").dataType(DataType.Int64).build())
            .build());
    create("current_structs", schema);
    milvus.indexAndLoad("current_structs", "v");

    assertThat(Problems.of(new MilvusSourceConnector(), source("current_structs")))
        .hasSize(1)
        .allSatisfy(
            (key, message) -> assertThat(message).contains("clips", "types.as.text", "struct"));
    assertThatThrownBy(() -> read(source("current_structs"), 1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("clips");
    Map<String, String> writing =
        sink("any", "collection.name.format", "current_structs", "existing.collection", "append");
    assertThat(Problems.of(new MilvusSinkConnector(), writing))
        .containsOnlyKeys("collection.name.format")
        .extractingByKey("collection.name.format")
        .asString()
        .contains("clips", "current_structs");
    try (SinkHarness sink = new SinkHarness(new MilvusSinkTask(), writing)) {
      assertThatThrownBy(() -> sink.write(SinkRecords.row(sink, "any", 1, "x", 1, 2, 3)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("clips");
      assertThat(sink.errant).as("no record is to blame").isEmpty();
    }
    milvus.drop("current_structs");
  }

  @Test
  void aDynamicFieldWithTheNameOfAFieldIsThatRecordsError() throws Exception {
    connect();
    milvus.create("current_meta", DataType.Int64, true);
    Schema shape =
        SchemaBuilder.struct()
            .field("label", Schema.STRING_SCHEMA)
            .field("v", VECTOR)
            .field("$meta", Json.builder().optional().build())
            .build();
    try (SinkHarness sink = new SinkHarness(new MilvusSinkTask(), sink("current_meta"))) {
      SinkRecord bad = meta(sink, shape, 1, "{\"label\": 1}");
      sink.write(bad, meta(sink, shape, 2, "{\"color\": 1}"));
      assertThat(sink.errant).containsOnlyKeys(bad);
      assertThat(sink.reasons().get(0)).contains("$meta", "field label", "offset 0");

      // Milvus itself refuses a field that was added since the sink described the collection.
      Status refusal =
          Status.newBuilder()
              .setCode(65_535)
              .setReason("dynamic field name cannot be the name of a static field: color")
              .build();
      proxy.refuse(UpsertRequest.class, refusal, refusal);
      SinkRecord late = meta(sink, shape, 3, "{\"color\": 1}");
      sink.write(late, meta(sink, shape, 4, "{\"size\": 1}"));
      assertThat(sink.errant).containsOnlyKeys(bad, late);
    }
    assertThat(new MilvusRows(milvus.client()).query("current_meta", "id >= 0", "id"))
        .extracting(found -> found.get("id"))
        .containsExactlyInAnyOrder(2L, 4L);
    milvus.drop("current_meta");
  }

  private static SinkRecord meta(SinkHarness sink, Schema shape, long id, String dynamic) {
    Struct value = new Struct(shape).put("label", "x").put("v", ONES).put("$meta", dynamic);
    return sink.record("current_meta", SinkRecords.KEY, SinkRecords.key(id), shape, value);
  }
}
