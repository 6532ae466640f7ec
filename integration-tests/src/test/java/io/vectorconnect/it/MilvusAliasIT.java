package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.utility.request.AlterAliasReq;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.utility.request.ListAliasesReq;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.sink.MilvusSinkConnector;
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

/** A collection is built anew behind its alias, while readers read. */
@Services(alone = MILVUS)
@Timeout(180)
class MilvusAliasIT {
  private static final int OLD_ROWS = 40;
  private static final Schema KEY =
      SchemaBuilder.struct().name("Key").field("id", Schema.INT64_SCHEMA).build();
  private static final Schema VALUE =
      SchemaBuilder.struct()
          .name("Value")
          .field("label", Schema.STRING_SCHEMA)
          .field("v", VectorSchema.builder(VectorType.FLOAT, 3).build())
          .build();

  private final MilvusCollections milvus = new MilvusCollections();
  private final MilvusRows rows = new MilvusRows(milvus.client());
  private final List<String> aliases = new ArrayList<>();

  @AfterEach
  void tidy() {
    for (String alias : aliases) {
      milvus.client().dropAlias(DropAliasReq.builder().alias(alias).build());
    }
    collections().stream()
        .filter(name -> name.startsWith("vector_connect_") || name.startsWith("shop"))
        .forEach(milvus::drop);
    milvus.close();
  }

  private List<String> collections() {
    return milvus.client().listCollections().getCollectionNames();
  }

  /** The collections that were built for an alias. */
  private List<String> built(String alias) {
    return collections().stream().filter(name -> name.matches(alias + "_\\d{8}T\\d{9}Z")).toList();
  }

  /** The collection that has an alias; the server's answer about it names only the alias. */
  private String behind(String alias) {
    long id = id(alias);
    return collections().stream()
        .filter(name -> name.startsWith(alias) && id(name) == id)
        .findFirst()
        .orElseThrow();
  }

  private long id(String name) {
    return milvus
        .client()
        .describeCollection(DescribeCollectionReq.builder().collectionName(name).build())
        .getCollectionID();
  }

  /** A collection with rows behind an alias, as somebody else made them. */
  private void old(String alias) throws Exception {
    String name = alias + "_old";
    milvus.create(
        name,
        DataType.Int64,
        false,
        AddFieldReq.builder().fieldName("v").dataType(DataType.FloatVector).dimension(3).build());
    List<JsonObject> inserted = new ArrayList<>();
    for (long id = 1; id <= OLD_ROWS; id++) {
      JsonObject row = MilvusCollections.row(id);
      row.addProperty("label", "old");
      row.getAsJsonArray("v").remove(3);
      inserted.add(row);
    }
    milvus.insert(name, inserted);
    milvus.client().createAlias(CreateAliasReq.builder().alias(alias).collectionName(name).build());
    aliases.add(alias);
  }

  private long count(String alias) {
    return (Long) rows.query(alias, "", "count(*)").get(0).get("count(*)");
  }

  private static SinkHarness sink(String connector, String alias, String... more) {
    Map<String, String> config = MilvusCollections.sinkConfig(connector, alias);
    config.put("alias.switch", "true");
    config.put("alias.idle.ms", "2000");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(new MilvusSinkTask(), config);
  }

  private static SinkRecord row(
      SinkHarness sink, String topic, long id, String label, SnapshotMarker marker) {
    Struct value =
        new Struct(VALUE)
            .put("label", label)
            .put("v", PackedVector.ofFloats(new float[] {id, 2, 3}).bytes());
    SinkRecord record = sink.record(topic, KEY, new Struct(KEY).put("id", id), VALUE, value);
    marker.addTo(record.headers());
    return record;
  }

  private static void scan(SinkHarness sink, String topic, long from, long to) throws Exception {
    List<SinkRecord> records = new ArrayList<>();
    for (long id = from; id <= to; id++) {
      records.add(row(sink, topic, id, "new", SnapshotMarker.TRUE));
    }
    sink.write(records.toArray(SinkRecord[]::new));
    assertThat(sink.reasons()).isEmpty();
  }

  private static SinkRecord tombstone(SinkHarness sink, String topic, long id) {
    SinkRecord record = sink.record(topic, KEY, new Struct(KEY).put("id", id), null, null);
    SnapshotMarker.FALSE.addTo(record.headers());
    return record;
  }

  /** What a worker does while there are no records. */
  private static void idle(long millis, SinkHarness... sinks) throws Exception {
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      for (SinkHarness sink : sinks) {
        sink.put();
      }
      Thread.sleep(50);
    }
  }

  private void awaitSwitch(String alias, SinkHarness... sinks) throws Exception {
    String built = built(alias).get(0);
    Await.until(
        "the switch",
        () -> {
          idle(100, sinks);
          return aliasesOf(built).contains(alias);
        });
  }

  private List<String> aliasesOf(String collection) {
    return milvus
        .client()
        .listAliases(ListAliasesReq.builder().collectionName(collection).build())
        .getAlias();
  }

  @Test
  void readersSeeTheOldRowsThenTheNewOnesAndNeverAnError() throws Exception {
    old("shop");
    List<String> built;
    try (AliasReader reader = new AliasReader(milvus, "shop", 1, 2, 3)) {
      try (SinkHarness sink = sink("green", "shop")) {
        scan(sink, "shop", 1, 50);
        sink.write(row(sink, "shop", 51, "new", SnapshotMarker.FALSE), tombstone(sink, "shop", 50));
        assertThat(behind("shop")).isEqualTo("shop_old");
        awaitSwitch("shop", sink);
        reader.awaitReads(20);
        assertThat(reader.seen()).containsExactly("old", "new");
        assertThat(count("shop")).isEqualTo(50);
        // Changes that come later, into the same collection.
        sink.write(row(sink, "shop", 52, "new", SnapshotMarker.FALSE), tombstone(sink, "shop", 1));
      }
      built = built("shop");
      assertThat(built).hasSize(1);
      try (SinkHarness again = sink("green", "shop")) { // a restart builds none anew
        again.write(row(again, "shop", 53, "new", SnapshotMarker.TRUE));
        idle(3_000, again);
      }
      assertThat(built("shop")).isEqualTo(built);
      assertThat(count("shop")).isEqualTo(51);
      assertThat(rows.count("shop_old")).as("kept").isEqualTo(OLD_ROWS);

      try (SinkHarness blue = sink("blue", "shop", "alias.old", "drop")) { // another rebuild
        scan(blue, "shop", 1, 60);
        Await.until(
            "the second switch",
            () -> {
              idle(100, blue);
              return !behind("shop").equals(built.get(0));
            });
        reader.awaitReads(20);
        assertThat(collections()).as("while its readers end").contains(built.get(0));
        Await.until(
            "the drop",
            () -> {
              idle(100, blue);
              return !collections().contains(built.get(0));
            });
        reader.awaitReads(20);
      }
      assertThat(reader.seen()).containsExactly("old", "new");
    }
    assertThat(count("shop")).isEqualTo(60);
    assertThat(collections()).contains("shop_old");
    try (SinkHarness green = sink("green", "shop")) { // the first one's time is over
      SinkRecord late = row(green, "shop", 54, "late", SnapshotMarker.FALSE);
      assertThatThrownBy(() -> green.put(late))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("alias shop was switched to collection " + built.get(0))
          .hasMessageContaining("use another connector name");
    }
  }

  @Test
  void tasksAgreeOnOneCollectionAndWaitForEachOther() throws Exception {
    old("shop");
    try (SinkHarness one = sink("green", "shop");
        SinkHarness two = sink("green", "shop");
        SinkHarness three = sink("green", "shop")) {
      List<CompletableFuture<Void>> writes = new ArrayList<>();
      for (SinkHarness task : List.of(one, two, three)) {
        long from = writes.size() * 100L + 1;
        writes.add(CompletableFuture.runAsync(() -> scanUnchecked(task, "shop", from)));
      }
      writes.forEach(CompletableFuture::join);
      for (int i = 0; i < 6; i++) { // longer than the idle time, while the third task goes on
        scan(three, "shop", 300 + i, 300 + i);
        idle(800, one, two);
        assertThat(behind("shop")).isEqualTo("shop_old");
      }
      awaitSwitch("shop", one, two, three);
      idle(1_000, one, two, three);
    }
    assertThat(built("shop")).hasSize(1);
    assertThat(count("shop")).isEqualTo(66);
  }

  private static void scanUnchecked(SinkHarness sink, String topic, long from) {
    try {
      scan(sink, topic, from, from + 19);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTaskThatComesAfterACrashGoesOnWithTheSameCollection() throws Exception {
    aliases.add("shop"); // there is none before
    SinkHarness crashed = sink("green", "shop");
    scan(crashed, "shop", 1, 20);
    String built = built("shop").get(0);
    Thread.sleep(2_500); // longer than the idle time: nobody knows whether the scan was done
    try (SinkHarness restarted = sink("green", "shop")) {
      idle(1_200, restarted);
      assertThat(aliasesOf(built)).as("it may be in the middle of a scan").isEmpty();
      scan(restarted, "shop", 15, 30); // partly again
      idle(1_200, restarted);
    }
    try (SinkHarness without = sink("green", "shop")) { // all offsets are committed
      awaitSwitch("shop", without);
    }
    assertThat(built("shop")).containsExactly(built);
    assertThat(count("shop")).isEqualTo(30);
    crashed.close();
  }

  @Test
  void aCrashRightAfterTheSwitchIsNoticed() throws Exception {
    old("shop");
    try (SinkHarness crashed = sink("green", "shop")) {
      scan(crashed, "shop", 1, 50);
    }
    String built = built("shop").get(0);
    milvus.client().alterAlias(AlterAliasReq.builder().alias("shop").collectionName(built).build());
    try (SinkHarness restarted = sink("green", "shop", "alias.old", "drop")) {
      scan(restarted, "shop", 51, 52);
      Await.until(
          "the drop",
          () -> {
            idle(100, restarted);
            return !collections().contains("shop_old");
          });
    }
    assertThat(behind("shop")).isEqualTo(built);
    assertThat(count("shop")).isEqualTo(52);
  }

  @Test
  void aCollectionOfTheAliasesNameIsRefusedWithWhatToDo() throws Exception {
    milvus.create("shop", DataType.Int64, false);
    Map<String, String> config = MilvusCollections.sinkConfig("green", "shop");
    config.put("alias.switch", "true");
    config.put("collection.name.format", "shop");
    assertThat(problems(config)).singleElement().asString().contains("shop is a collection");
    config.put("index.build", "none");
    assertThat(problems(config)).singleElement().asString().contains("set index.build=immediate");
    try (SinkHarness sink = sink("green", "shop")) {
      SinkRecord first = row(sink, "shop", 1, "new", SnapshotMarker.TRUE);
      assertThatThrownBy(() -> sink.put(first))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("shop is a collection, and alias.switch=true needs an alias")
          .hasMessageContaining("rename the collection");
    }
    assertThat(built("shop")).isEmpty();
  }

  /** What validation says on alias.switch. */
  private static List<String> problems(Map<String, String> config) {
    return new MilvusSinkConnector()
        .validate(config).configValues().stream()
            .filter(value -> value.name().equals("alias.switch"))
            .flatMap(value -> value.errorMessages().stream())
            .toList();
  }

  @Test
  void anAliasThatSomebodyElseMovedIsLeftAlone() throws Exception {
    old("shop");
    milvus.create("shop_other", DataType.Int64, false);
    try (SinkHarness sink = sink("green", "shop")) {
      scan(sink, "shop", 1, 50);
      milvus
          .client()
          .alterAlias(AlterAliasReq.builder().alias("shop").collectionName("shop_other").build());
      assertThatThrownBy(() -> idle(20_000, sink))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("alias shop has got collection shop_other since");
    }
    assertThat(behind("shop")).isEqualTo("shop_other");
  }

  @Test
  void farFewerRowsThanBeforeAreNotSwitchedTo() throws Exception {
    old("shop");
    try (SinkHarness sink = sink("green", "shop")) {
      scan(sink, "shop", 1, 30); // of 40
      idle(6_000, sink);
      assertThat(behind("shop")).isEqualTo("shop_old");
    }
    try (SinkHarness lower = sink("green", "shop", "alias.min.rows.percent", "75")) {
      awaitSwitch("shop", lower);
    }
    assertThat(count("shop")).isEqualTo(30);
  }

  @Test
  void rowsThatAreLostAreNoticedBeforeTheSwitch() throws Exception {
    old("shop");
    String built;
    try (SinkHarness sink = sink("green", "shop")) {
      scan(sink, "shop", 1, 50);
      built = built("shop").get(0);
      milvus.awaitLoaded(built);
      milvus.delete(built, "id in [7]");
      assertThatThrownBy(() -> idle(20_000, sink))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("of 50 sampled rows that the server acknowledged, 1 are not there");
    }
    try (SinkHarness restarted = sink("green", "shop")) {
      assertThatThrownBy(() -> idle(20_000, restarted)).hasMessageContaining("1 are not there");
    }
    assertThat(behind("shop")).isEqualTo("shop_old");
    assertThat(built("shop")).containsExactly(built);
  }
}
