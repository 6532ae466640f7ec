package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records that do not tell all fields: Milvus 2.3 replaces whole rows, and nothing may be lost. */
@Services(alone = MILVUS)
@Timeout(120)
class MilvusPartialUpdateIT {
  private static final Schema KEY =
      SchemaBuilder.struct().name("Key").field("id", Schema.INT64_SCHEMA).build();
  private static final Schema VALUE =
      SchemaBuilder.struct()
          .name("Partial")
          .field("id", Schema.INT64_SCHEMA)
          .field("label", Schema.STRING_SCHEMA)
          .field("price", Schema.FLOAT64_SCHEMA)
          .field("notes", Json.builder().build())
          .field("v", VectorSchema.builder(VectorType.FLOAT, 3).build())
          .build();
  private static final byte[] ABSENT = UnavailableValue.bytes();
  private static final String UNTOLD = UnavailableValue.TEXT;

  private final MilvusCollections milvus = new MilvusCollections();
  private final MilvusRows target = new MilvusRows(milvus.client());
  private String collection;

  @BeforeEach
  void create() {
    collection = "partial_" + System.nanoTime();
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(
        AddFieldReq.builder().fieldName("label").dataType(DataType.VarChar).maxLength(200).build());
    schema.addField(AddFieldReq.builder().fieldName("price").dataType(DataType.Double).build());
    schema.addField(AddFieldReq.builder().fieldName("notes").dataType(DataType.JSON).build());
    schema.addField(
        AddFieldReq.builder().fieldName("v").dataType(DataType.FloatVector).dimension(3).build());
    milvus.createLoaded(collection, schema, "v");
  }

  @AfterEach
  void drop() {
    milvus.drop(collection);
    milvus.close();
  }

  private SinkHarness sink(String... more) {
    Map<String, String> config = new HashMap<>(MilvusCollections.sinkConfig("it", collection));
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(new MilvusSinkTask(), config);
  }

  private SinkRecord row(
      SinkHarness sink, long id, String label, double price, String notes, byte[] v) {
    Struct value =
        new Struct(VALUE)
            .put("id", id)
            .put("label", label)
            .put("price", price)
            .put("notes", notes)
            .put("v", v);
    return sink.record(collection, KEY, new Struct(KEY).put("id", id), VALUE, value);
  }

  private SinkRecord tombstone(SinkHarness sink, long id) {
    return sink.record(collection, KEY, new Struct(KEY).put("id", id), null, null);
  }

  private static byte[] vector(float... elements) {
    return PackedVector.ofFloats(elements).bytes();
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    target.byId(collection, 2_000).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            row ->
                rows.add(
                    row.getKey()
                        + "|"
                        + row.getValue().get("label")
                        + "|"
                        + row.getValue().get("price")
                        + "|"
                        + row.getValue().get("notes")
                        + "|"
                        + row.getValue().get("v")));
    return rows;
  }

  @Test
  void untoldFieldsStayAsTheyAre() throws Exception {
    try (SinkHarness sink = sink()) {
      sink.write(
          row(sink, 1, "one", 0.1, "{\"a\":1}", vector(0.1f, 1e-40f, -0f)),
          row(sink, 2, "two", 0.2, "{}", vector(2, 2, 2)));
      sink.write(
          row(sink, 1, "ONE", 1.5, UNTOLD, ABSENT),
          row(sink, 2, UNTOLD, 2.5, "{\"b\":2}", vector(2, 0, 2)));
      assertThat(rows())
          .containsExactly(
              "1|ONE|1.5|{\"a\":1}|[0.1, 1.0E-40, -0.0]", "2|two|2.5|{\"b\":2}|[2.0, 0.0, 2.0]");
      assertThat(sink.errant).isEmpty();
    }
  }

  @Test
  void changesOfOneKeyInOneBatchAddUp() throws Exception {
    try (SinkHarness sink = sink()) {
      sink.write(row(sink, 1, "one", 1, "{}", vector(1, 1, 1)));
      sink.write(
          row(sink, 1, "a", 1, UNTOLD, ABSENT),
          row(sink, 1, UNTOLD, 2, "{\"n\":2}", ABSENT),
          row(sink, 1, UNTOLD, 3, UNTOLD, vector(3, 3, 3)),
          row(sink, 2, "two", 1, "{}", vector(2, 2, 2)),
          row(sink, 2, "TWO", 2, UNTOLD, ABSENT),
          row(sink, 3, "three", 1, "{}", vector(3, 3, 3)),
          row(sink, 3, "THREE", 2, UNTOLD, ABSENT),
          tombstone(sink, 3));
      assertThat(sink.errant).isEmpty();
      assertThat(rows())
          .containsExactly("1|a|3.0|{\"n\":2}|[3.0, 3.0, 3.0]", "2|TWO|2.0|{}|[2.0, 2.0, 2.0]");
    }
  }

  @Test
  void anUpdateOfARowThatIsNotThereIsRefused() throws Exception {
    try (SinkHarness sink = sink()) {
      sink.write(row(sink, 1, "one", 1, "{}", vector(1, 1, 1)));
      sink.write(
          row(sink, 7, "nobody", 1, "{}", ABSENT),
          row(sink, 1, "ONE", 1, "{}", ABSENT),
          tombstone(sink, 8),
          row(sink, 8, "nobody", 1, "{}", ABSENT));
      assertThat(rows()).containsExactly("1|ONE|1.0|{}|[1.0, 1.0, 1.0]");
      assertThat(sink.errant.keySet())
          .extracting(record -> ((Struct) record.key()).getInt64("id"))
          .containsExactlyInAnyOrder(7L, 8L);
      assertThat(sink.reasons())
          .allSatisfy(reason -> assertThat(reason).contains("REPLICA IDENTITY FULL"));
    }
  }

  @Test
  void moreRowsThanOneReadTakes() throws Exception {
    try (SinkHarness sink = sink()) {
      List<SinkRecord> whole = new ArrayList<>();
      List<SinkRecord> parts = new ArrayList<>();
      for (int id = 0; id < 1_200; id++) {
        whole.add(row(sink, id, "row " + id, id, "{}", vector(id, id, id)));
      }
      for (int id = 0; id < 1_200; id++) {
        parts.add(row(sink, id, "ROW " + id, id, "{}", ABSENT));
      }
      sink.write(whole.toArray(SinkRecord[]::new));
      sink.write(parts.toArray(SinkRecord[]::new));
      assertThat(sink.errant).isEmpty();
      assertThat(rows())
          .hasSize(1_200)
          .contains("1199|ROW 1199|1199.0|{}|[1199.0, 1199.0, 1199.0]")
          .allSatisfy(row -> assertThat(row).contains("|ROW "));
    }
  }

  @Test
  void insertModeHasNoUpdates() throws Exception {
    try (SinkHarness sink = sink("insert.mode", "insert")) {
      sink.write(row(sink, 1, "one", 1, "{}", ABSENT));
      assertThat(sink.reasons()).singleElement().asString().contains("insert.mode=upsert");
    }
  }
}
