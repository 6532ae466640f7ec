package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.AlterCollectionPropertiesReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.response.DescribeCollectionResp;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the Milvus sink does with collections that are there, whoever made them, and how far. */
@Services(alone = MILVUS)
@Timeout(120)
class MilvusExistingCollectionIT {
  private static final String CLAIM = "vector_connect.claim";
  private static final Schema KEY =
      SchemaBuilder.struct().name("Key").field("id", Schema.INT64_SCHEMA).build();
  private static final Schema VALUE =
      SchemaBuilder.struct()
          .name("Value")
          .field("id", Schema.INT64_SCHEMA)
          .field("label", Schema.STRING_SCHEMA)
          .field(
              "v",
              VectorSchema.builder(VectorType.FLOAT, 3)
                  .parameter(VectorSchema.METRIC, "L2")
                  .build())
          .build();

  private final MilvusCollections milvus = new MilvusCollections();
  private final MilvusRows target = new MilvusRows(milvus.client());

  @AfterEach
  void tidy() {
    collections().stream().filter(name -> name.contains("before")).forEach(milvus::drop);
    notes().forEach(milvus::drop);
    milvus.close();
  }

  private List<String> collections() {
    return milvus.client().listCollections().getCollectionNames();
  }

  /** The collections that note what was decided. */
  private List<String> notes() {
    return collections().stream()
        .filter(name -> name.matches("vector_connect_[0-9a-f]+(_old)?"))
        .toList();
  }

  /** A collection as somebody else left it, with one row. */
  private void existing(String name) {
    milvus.create(
        name,
        DataType.Int64,
        false,
        AddFieldReq.builder().fieldName("v").dataType(DataType.FloatVector).dimension(3).build());
    com.google.gson.JsonObject row = MilvusCollections.row(1);
    row.addProperty("label", "old");
    row.getAsJsonArray("v").remove(3);
    milvus.insert(name, List.of(row));
  }

  private static SinkHarness sink(String topic, String... more) {
    Map<String, String> config = MilvusCollections.sinkConfig("it", topic);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(new MilvusSinkTask(), config);
  }

  private static SinkRecord row(SinkHarness sink, String topic, long id) {
    Struct value =
        new Struct(VALUE)
            .put("id", id)
            .put("label", "new")
            .put("v", PackedVector.ofFloats(new float[] {id, 2, 3}).bytes());
    return sink.record(topic, KEY, new Struct(KEY).put("id", id), VALUE, value);
  }

  private static void write(String topic, long id, String... config) throws InterruptedException {
    try (SinkHarness sink = sink(topic, config)) {
      sink.write(row(sink, topic, id));
      assertThat(sink.errant).isEmpty();
    }
  }

  private List<String> rows(String collection) {
    return target.labelled(collection).stream()
        .map(row -> row.substring(0, row.lastIndexOf('|')))
        .toList();
  }

  @Test
  void aCollectionThatIsThereBeforeIsTreatedOnceAsTold() throws Exception {
    for (String mode : List.of("append", "skip", "overwrite", "fail")) {
      String name = "before_" + mode;
      existing(name);
      for (int start = 2; start <= 3; start++) { // a restart does not do it again
        if (mode.equals("fail")) {
          try (SinkHarness sink = sink(name, "existing.collection", mode)) {
            SinkRecord added = row(sink, name, start);
            assertThatThrownBy(() -> sink.put(added))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("collection before_fail is there already");
          }
        } else {
          write(name, start, "existing.collection", mode);
        }
      }
      List<String> expected =
          switch (mode) {
            case "append" -> List.of("1|old", "2|new", "3|new");
            case "overwrite" -> List.of("2|new", "3|new");
            default -> List.of("1|old");
          };
      assertThat(rows(name)).as(mode).isEqualTo(expected);
    }
    assertThat(notes()).as("of skip and overwrite").hasSize(2).noneMatch(n -> n.endsWith("_old"));
  }

  @Test
  void aCollectionThatWasNotThereBeforeIsTheConnectorsOwn() throws Exception {
    for (String mode : List.of("skip", "overwrite", "fail")) {
      String name = "not_before_" + mode;
      write(name, 1, "existing.collection", mode);
      write(name, 2, "existing.collection", mode);
      assertThat(rows(name)).as(mode).containsExactly("1|new", "2|new");
    }
  }

  @Test
  void aCollectionMadeAnewByHandIsNotOverwrittenByARestart() throws Exception {
    existing("before_hand");
    write("before_hand", 2, "existing.collection", "overwrite");
    milvus.drop("before_hand");
    existing("before_hand");
    write("before_hand", 3, "existing.collection", "overwrite");
    assertThat(rows("before_hand")).containsExactly("1|old", "3|new");
  }

  @Test
  void tasksThatStartAtTheSameMomentOverwriteOnce() throws Exception {
    for (int round = 0; round < 3; round++) {
      String name = "before_shared_" + round;
      existing(name);
      List<CompletableFuture<Void>> tasks = new ArrayList<>();
      for (int task = 2; task < 6; task++) {
        long id = task;
        tasks.add(CompletableFuture.runAsync(() -> overwrite(name, id)));
      }
      for (CompletableFuture<Void> task : tasks) {
        task.get();
      }
      assertThat(rows(name)).containsExactly("2|new", "3|new", "4|new", "5|new");
    }
    assertThat(notes()).hasSize(3).noneMatch(note -> note.endsWith("_old"));
  }

  private static void overwrite(String name, long id) {
    try {
      write(name, id, "existing.collection", "overwrite");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCrashBetweenDropAndCreateIsMadeGood() throws Exception {
    existing("before_crash");
    write("before_crash", 2, "existing.collection", "overwrite");
    String note = notes().get(0);
    // As a task leaves it that dies after it has moved the old collection away.
    claim(note, "deciding");
    milvus.drop("before_crash");
    existing(note + "_old");
    write("before_crash", 3, "existing.collection", "overwrite");
    assertThat(rows("before_crash")).containsExactly("3|new");
    assertThat(notes()).containsExactly(note);
    assertThat(describe(note).getProperties()).containsEntry(CLAIM, "taken");
  }

  @Test
  void aTaskThatDiedBeforeItsDecisionIsToldOf() throws Exception {
    existing("before_death");
    write("before_death", 2, "existing.collection", "overwrite");
    String note = notes().get(0);
    claim(note, "deciding");
    milvus.drop("before_death");
    existing("before_death");
    String[] config = {"existing.collection", "overwrite", "retry.timeout.ms", "2000"};
    try (SinkHarness sink = sink("before_death", config)) {
      SinkRecord added = row(sink, "before_death", 3);
      assertThatThrownBy(() -> sink.write(added))
          .isInstanceOf(ConnectException.class)
          .hasStackTraceContaining("drop the empty collection " + note);
    }
    assertThat(rows("before_death")).containsExactly("1|old");
    milvus.drop(note); // as the message says
    write("before_death", 3, config);
    assertThat(rows("before_death")).containsExactly("3|new");
  }

  private void claim(String note, String claim) {
    milvus
        .client()
        .alterCollectionProperties(
            AlterCollectionPropertiesReq.builder()
                .collectionName(note)
                .properties(Map.of(CLAIM, claim))
                .build());
  }

  private DescribeCollectionResp describe(String collection) {
    return milvus
        .client()
        .describeCollection(DescribeCollectionReq.builder().collectionName(collection).build());
  }

  @Test
  void overwriteWithoutAutoCreateDropsNothing() throws Exception {
    existing("before_kept");
    String[] config = {"existing.collection", "overwrite", "auto.create", "false"};
    try (SinkHarness sink = sink("before_kept", config)) {
      SinkRecord added = row(sink, "before_kept", 2);
      assertThatThrownBy(() -> sink.put(added)).hasMessageContaining("auto.create=false");
    }
    assertThat(rows("before_kept")).containsExactly("1|old");
    assertThat(notes()).isEmpty();
  }

  @Test
  void whatACrashLeftWithoutIndexIsFinishedByItsOwnConnector() throws Exception {
    String name = "half_before";
    try (SinkHarness sink = sink(name, "index.type", "NO_SUCH_INDEX")) {
      SinkRecord first = row(sink, name, 1);
      assertThatThrownBy(() -> sink.put(first)).hasMessageContaining("index.type");
    }
    assertThat(collections()).contains(name);
    write(name, 2, "name", "another"); // not its own: it writes, and leaves the rest alone
    assertThat(loaded(name)).isFalse();
    write(name, 1);
    Await.until("the collection is loaded", () -> loaded(name)); // the server goes on by itself
    var index =
        milvus
            .client()
            .describeIndex(DescribeIndexReq.builder().collectionName(name).fieldName("v").build())
            .getIndexDescByFieldName("v");
    assertThat(index.getIndexType()).hasToString("HNSW");
    assertThat(index.getMetricType()).hasToString("L2");
    assertThat(rows(name)).containsExactly("1|new", "2|new");
    milvus
        .client()
        .releaseCollection(
            io.milvus.v2.service.collection.request.ReleaseCollectionReq.builder()
                .collectionName(name)
                .build());
    write(name, 3); // what was finished once is the user's
    assertThat(loaded(name)).isFalse();
  }

  private boolean loaded(String collection) {
    return milvus
        .client()
        .getLoadState(GetLoadStateReq.builder().collectionName(collection).build());
  }

  @Test
  void createsWithShardsPartitionKeyAndConsistencyLevel() throws Exception {
    String[] config = {
      "collection.shards", "2",
      "collection.partition.key", "label",
      "collection.consistency.level", "strong"
    };
    write("shards_before", 1, config);
    try (SinkHarness sink = sink("shards_before", config)) {
      SinkRecord moved = row(sink, "shards_before", 1);
      ((Struct) moved.value()).put("label", "moved"); // into another partition
      sink.write(moved);
    }
    DescribeCollectionResp made = describe("shards_before");
    assertThat(made.getShardsNum()).isEqualTo(2);
    assertThat(made.getConsistencyLevel()).hasToString("STRONG");
    assertThat(made.getCollectionSchema().getField("label").getIsPartitionKey()).isTrue();
    assertThat(rows("shards_before")).containsExactly("1|moved");
    String[] wrong = {"collection.partition.key", "nowhere"};
    try (SinkHarness sink = sink("wrong_before", wrong)) {
      sink.write(row(sink, "wrong_before", 1));
      assertThat(sink.errant.values().toString())
          .contains("no field nowhere, which collection.partition.key names");
    }
    assertThat(collections()).doesNotContain("wrong_before");
  }
}
