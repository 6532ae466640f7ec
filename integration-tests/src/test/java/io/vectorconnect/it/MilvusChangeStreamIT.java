package io.vectorconnect.it;

import static io.vectorconnect.it.MilvusCollections.row;
import static io.vectorconnect.it.MilvusCollections.sourceConfig;
import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.milvus.grpc.MsgType;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.partition.request.CreatePartitionReq;
import io.milvus.v2.service.partition.request.DropPartitionReq;
import io.milvus.v2.service.partition.request.ReleasePartitionsReq;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Inserts, upserts and deletes that follow the scan, stopped and started at any record. */
@Services(owned = MILVUS, shared = CONNECT)
@Timeout(180)
class MilvusChangeStreamIT {
  private MilvusCollections milvus;

  @BeforeEach
  void connect() {
    milvus = new MilvusCollections(Stack.get().milvusOnKafka());
  }

  @AfterEach
  void disconnect() {
    milvus.close();
  }

  static Map<String, String> changeStream(String name, String collections, String... more) {
    Map<String, String> config = sourceConfig(name, collections);
    config.keySet().removeIf(key -> key.startsWith("connection."));
    config.putAll(MilvusAddress.of(Stack.get().milvusOnKafka()).keys());
    config.put("poll.strategy", "change_stream");
    config.put("change.stream.bootstrap.servers", Stack.get().kafka().bootstrapServers());
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static SourceHarness source() {
    return new SourceHarness(new MilvusSourceConnector());
  }

  /** What an upserting target would hold: by topic and key, label and vector. */
  private static final class Target {
    final Map<String, Map<Object, String>> topics = new HashMap<>();

    void apply(List<SourceRecord> records) {
      for (SourceRecord record : records) {
        Map<Object, String> rows = topics.computeIfAbsent(record.topic(), topic -> new HashMap<>());
        Object key = ((Struct) record.key()).get("id");
        if (record.value() == null) {
          rows.remove(key);
        } else {
          Struct value = (Struct) record.value();
          rows.put(key, value.getString("label") + floats(value.getBytes("v")));
        }
      }
    }

    private static List<Float> floats(byte[] packed) {
      ByteBuffer buffer = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
      List<Float> floats = new ArrayList<>();
      while (buffer.hasRemaining()) {
        floats.add(buffer.getFloat());
      }
      return floats;
    }
  }

  private Map<Object, String> rows(String collection, String filter) {
    Map<Object, String> rows = new HashMap<>();
    for (Map<String, Object> row : new MilvusRows(milvus.client()).query(collection, filter)) {
      rows.put(row.get("id"), row.get("label") + row.get("v").toString());
    }
    return rows;
  }

  private void upsert(String collection, JsonObject... rows) {
    milvus
        .client()
        .upsert(UpsertReq.builder().collectionName(collection).data(List.of(rows)).build());
  }

  /** A row whose values are new at each call. */
  private static JsonObject changed(long id, long change) {
    JsonObject row = row(id * 1_009L + change);
    row.addProperty("id", id);
    row.addProperty("label", "change " + change);
    return row;
  }

  /** A few changes of every kind, of keys that are close enough to meet again and again. */
  private void change(String collection, Random random, int change) {
    for (int i = 0; i < 4; i++) {
      long id = 1L + random.nextInt(300);
      switch (random.nextInt(3)) {
        case 0 -> milvus.delete(collection, "id in [%d, %d]".formatted(id, id + 1));
        case 1 -> upsert(collection, changed(id, change), changed(id + 1, change));
        default -> {
          milvus.delete(collection, "id in [" + id + "]");
          milvus.insert(collection, List.of(changed(id, change)));
        }
      }
    }
  }

  @Test
  void stoppedAtAnyRecordWhileRowsChangeItEndsAsTheSourceIs() throws Exception {
    List<String> names = List.of("moving_a", "moving_b", "moving_c");
    for (String name : names) {
      milvus.create(name, DataType.Int64, 2, false);
      milvus.insert(name, 1, 200, MilvusCollections::row);
    }
    Random random = new Random(7);
    SourceHarness source = source();
    Target target = new Target();

    for (int trial = 0; trial < 10; trial++) {
      Map<String, String> config =
          changeStream(
              "moving",
              "moving_.*",
              "scan.ranges",
              "3",
              "tasks.max",
              Integer.toString(1 + trial % 3),
              "poll.interval.ms",
              "50",
              "batch.max.rows",
              Integer.toString(10 + random.nextInt(40)));
      int stop = 1 + random.nextInt(trial < 5 ? 250 : 12);
      int[] round = {0};
      int number = trial * 1_000;
      target.apply(
          source.run(
              config,
              records -> {
                if (round[0]++ % 6 == 0) {
                  change(names.get(random.nextInt(3)), random, number + round[0]);
                }
                return records.size() >= stop;
              }));

      names.forEach(name -> change(name, random, number + 999)); // and while it is down
    }

    awaitSame(source, changeStream("moving", "moving_.*", "tasks.max", "2"), target, names);
    names.forEach(milvus::drop);
  }

  /** Runs on until the target is as the source, which does not change any more. */
  private void awaitSame(
      SourceHarness source, Map<String, String> config, Target target, List<String> names)
      throws Exception {
    Map<String, Map<Object, String>> expected = new TreeMap<>();
    names.forEach(name -> expected.put(name, rows(name, "id >= 0")));
    expected.values().removeIf(Map::isEmpty);
    int[] applied = {0};
    long deadline = System.nanoTime() + 30_000_000_000L;
    source.run(
        config,
        records -> {
          target.apply(records.subList(applied[0], records.size()));
          applied[0] = records.size();
          return target.topics.equals(expected) || System.nanoTime() > deadline;
        });
    assertThat(target.topics).isEqualTo(expected);
  }

  private static AddFieldReq field(String name, DataType type) {
    return AddFieldReq.builder().fieldName(name).dataType(type).build();
  }

  @Test
  void everyTypeComesOutOfTheLogAsOutOfAScan() throws Exception {
    milvus.create(
        "typed",
        DataType.Int64,
        true,
        field("flag", DataType.Bool),
        field("tiny", DataType.Int8),
        field("small", DataType.Int16),
        field("medium", DataType.Int32),
        field("large", DataType.Int64),
        field("narrow", DataType.Float),
        field("wide", DataType.Double),
        field("document", DataType.JSON),
        AddFieldReq.builder()
            .fieldName("tags")
            .dataType(DataType.Array)
            .elementType(DataType.VarChar)
            .maxCapacity(5)
            .maxLength(10)
            .build(),
        AddFieldReq.builder()
            .fieldName("bits")
            .dataType(DataType.BinaryVector)
            .dimension(16)
            .build());
    JsonObject row =
        JsonParser.parseString(
                """
                {"id": -9223372036854775808, "label": "ü \\" 😀", "flag": true, "tiny": -128,
                 "small": -32768, "medium": -2147483648, "large": 9223372036854775807,
                 "narrow": 0.1, "wide": 1e-300, "document": {"a": [1.50, null, {"b": "ü"}]},
                 "tags": ["a", "", "é"], "bits": [129, 126], "dynamic": {"x": 1}}
                """)
            .getAsJsonObject();
    SourceHarness source = source();
    Map<String, String> config = changeStream("typed", "typed");
    boolean[] begun = {false};
    SourceRecord followed =
        source
            .run(
                config,
                records -> {
                  if (!begun[0]) {
                    begun[0] = true;
                    assertThat(records).isEmpty();
                  } else if (begun[0] && records.isEmpty()) {
                    upsert("typed", row);
                  }
                  return records.size() == 1;
                })
            .get(0);
    Map<String, String> again = changeStream("again", "typed", "mode", "snapshot");
    SourceRecord scanned = source().run(again, records -> records.size() == 1).get(0);
    assertThat(followed.headers().lastWithName("vectorconnect.snapshot").value())
        .isEqualTo("false");
    assertThat(followed.value()).isEqualTo(scanned.value());
    assertThat(followed.key()).isEqualTo(scanned.key());
    assertThat(((Struct) followed.value()).getBytes("bits")).containsExactly(0x81, 0x7E);
    milvus.drop("typed");
  }

  @Test
  void textKeysAndAnEmptyCollectionFollowToo() throws Exception {
    milvus.create("moving_texts", DataType.VarChar, 2, true);
    List<String> ids = List.of("", "a", "a\nb", "\"", "日本", "😀", "z".repeat(190));
    SourceHarness source = source();
    Target target = new Target();
    Map<String, String> config = changeStream("texts", "moving_texts");
    boolean[] begun = {false};
    target.apply(
        source.run(
            config,
            records -> {
              if (!begun[0]) {
                begun[0] = true;
                milvus.insert("moving_texts", ids.stream().map(MilvusCollections::row).toList());
              }
              return records.size() == ids.size() - 1;
            }));
    upsert("moving_texts", row("a"));
    milvus.delete("moving_texts", "id in [\"日本\", \"\"]");
    Map<Object, String> expected = rows("moving_texts", "id >= \"\"");
    assertThat(expected).hasSize(ids.size() - 2);
    long deadline = System.nanoTime() + 30_000_000_000L;
    List<SourceRecord> records =
        source.run(config, read -> read.size() >= 4 || System.nanoTime() > deadline);
    target.apply(records);
    assertThat(target.topics.get("moving_texts")).isEqualTo(expected);
    assertThat(records.stream().filter(r -> r.value() == null))
        .as("an upsert is one record")
        .hasSize(2);
    milvus.drop("moving_texts");
  }

  @Test
  void aKeyDeletedAfterACrashBeforeAnyOffsetWasStoredIsDeletedInTheTarget() throws Exception {
    milvus.create("crashed", DataType.Int64);
    milvus.insert("crashed", 1, 10, MilvusCollections::row);
    Map<String, String> config = changeStream("crashed", "crashed");
    Target target = new Target();
    target.apply(source().run(config, records -> records.size() == 10)); // its offsets are lost
    milvus.delete("crashed", "id in [3, 4]");
    awaitSame(source(), config, target, List.of("crashed"));
    milvus.drop("crashed");
  }

  @Test
  void anUpsertThatTheStartCutsInTwoLosesNoRow() throws Exception {
    milvus.create("cut", DataType.Int64);
    milvus.insert("cut", 1, 5, MilvusCollections::row);
    upsert("cut", changed(3, 1));
    Map<String, String> config = changeStream("cut", "cut");
    source().run(config, records -> records.size() == 5); // its start is kept, its offsets are lost
    MilvusLog log = MilvusLog.of("cut");
    List<Long> inserts = log.offsets(MsgType.Insert);
    long inserting = inserts.get(inserts.size() - 1);
    assertThat(log.offsets(MsgType.Delete))
        .as("the half that deletes lies behind the one that inserts, which is at %d", inserting)
        .singleElement(LONG)
        .isGreaterThan(inserting);
    log.moveStart(inserting + 1);
    milvus.delete("cut", "id in [5]");
    Map<Object, String> expected = rows("cut", "id >= 0");
    assertThat(expected).containsOnlyKeys(1L, 2L, 3L, 4L);

    Target target = new Target();
    target.apply(source().run(config, records -> isDeleted(records, 5)));
    assertThat(target.topics.get("cut")).isEqualTo(expected);
    milvus.drop("cut");
  }

  private static boolean isDeleted(List<SourceRecord> records, long id) {
    return records.stream()
        .anyMatch(r -> r.value() == null && ((Struct) r.key()).getInt64("id") == id);
  }

  @Test
  void resetOffsetsBeginANewScanWithANewStart() throws Exception {
    milvus.create("reset", DataType.Int64);
    milvus.insert("reset", 1, 5, MilvusCollections::row);
    SourceHarness source = source();
    Map<String, String> config = changeStream("reset", "reset");
    assertThat(source.run(config, records -> records.size() == 5)).hasSize(5);
    milvus.delete("reset", "id in [1]");
    source.resetOffsets(config);
    int[] rounds = {0};
    List<SourceRecord> records = source.run(config, read -> read.size() == 4 && ++rounds[0] > 10);
    assertThat(records).hasSize(4).noneMatch(record -> record.value() == null);
    milvus.drop("reset");
  }

  @Test
  void aDroppedCollectionIsToldWhenItsLastChangesArePublished() throws Exception {
    milvus.create("dropped", DataType.Int64);
    milvus.insert("dropped", 1, 5, MilvusCollections::row);
    SourceHarness source = source();
    Map<String, String> config = changeStream("dropped", "dropped");
    assertThat(source.run(config, records -> records.size() == 5)).hasSize(5);
    List<SourceRecord> seen = new ArrayList<>();
    boolean[] begun = {false};
    assertThatThrownBy(
            () ->
                source.run(
                    config,
                    records -> {
                      seen.clear();
                      seen.addAll(records);
                      if (!begun[0]) {
                        begun[0] = true;
                        milvus.delete("dropped", "id in [2]");
                        milvus.drop("dropped");
                        milvus.create("dropped", DataType.Int64);
                      }
                      return false;
                    }))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("collection dropped was dropped")
        .hasMessageContaining("reset the connector's offsets");
    assertThat(seen).hasSize(1).allMatch(record -> record.value() == null);
    assertThatThrownBy(() -> source.run(config, records -> false))
        .as("and the new one is not taken for the old one")
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("the offsets of dropped")
        .hasMessageContaining("reset the connector's offsets");
    milvus.drop("dropped");
  }

  @Test
  void aDroppedPartitionIsTold() throws Exception {
    milvus.create("parted", DataType.Int64);
    milvus
        .client()
        .createPartition(
            CreatePartitionReq.builder().collectionName("parted").partitionName("p").build());
    milvus.insert("parted", 1, 3, MilvusCollections::row);
    SourceHarness source = source();
    Map<String, String> config = changeStream("parted", "parted");
    assertThat(source.run(config, records -> records.size() == 3)).hasSize(3);
    milvus
        .client()
        .releasePartitions(
            ReleasePartitionsReq.builder()
                .collectionName("parted")
                .partitionNames(List.of("p"))
                .build());
    milvus
        .client()
        .dropPartition(
            DropPartitionReq.builder().collectionName("parted").partitionName("p").build());
    milvus.insert("parted", 4, 4, MilvusCollections::row);
    assertThatThrownBy(() -> source.run(config, records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("partition p of collection parted was dropped")
        .hasMessageContaining("change.stream.on.drop.partition=ignore");
    config.put("change.stream.on.drop.partition", "ignore");
    assertThat(source.run(config, records -> records.size() == 1)).hasSize(1);
    milvus.drop("parted");
  }

  private void insertInto(String collection, String partition, long from, long to) {
    milvus
        .client()
        .insert(
            InsertReq.builder()
                .collectionName(collection)
                .partitionName(partition)
                .data(LongStream.rangeClosed(from, to).mapToObj(MilvusCollections::row).toList())
                .build());
  }

  private void deleteFrom(String collection, String partition, String filter) {
    milvus
        .client()
        .delete(
            DeleteReq.builder()
                .collectionName(collection)
                .partitionName(partition)
                .filter(filter)
                .build());
  }

  private static String place(SourceRecord record) {
    Header header = record.headers().lastWithName("vectorconnect.partition");
    Object field = record.value() == null ? "gone" : ((Struct) record.value()).get("place");
    return ((Struct) record.key()).get("id") + " " + header.value() + " " + field;
  }

  @Test
  void theChosenPartitionsAreReadAndToldFromScanToChanges() throws Exception {
    milvus.create("places", DataType.Int64);
    for (String partition : List.of("north", "south", "secret")) {
      milvus
          .client()
          .createPartition(
              CreatePartitionReq.builder()
                  .collectionName("places")
                  .partitionName(partition)
                  .build());
    }
    insertInto("places", "north", 1, 30);
    insertInto("places", "south", 11, 60); // 11 to 30 are in both: keys of their own there
    insertInto("places", "secret", 61, 90);
    SourceHarness source = source();
    Map<String, String> config =
        changeStream(
            "places",
            "places",
            "partitions.include",
            "north,so.*",
            "partition.field",
            "place",
            "scan.ranges",
            "2",
            "batch.max.rows",
            "7");
    List<String> places = new ArrayList<>();
    while (places.size() < 80) {
      int stop = Math.min(13, 80 - places.size());
      source.run(config, records -> records.size() == stop).forEach(r -> places.add(place(r)));
    }
    List<String> expected = new ArrayList<>();
    LongStream.rangeClosed(1, 30).forEach(id -> expected.add(id + " north north"));
    LongStream.rangeClosed(11, 60).forEach(id -> expected.add(id + " south south"));
    assertThat(places).containsExactlyInAnyOrderElementsOf(expected);

    insertInto("places", "secret", 100, 101);
    insertInto("places", "south", 102, 102);
    deleteFrom("places", "secret", "id in [61]");
    deleteFrom("places", "north", "id in [5]");
    List<SourceRecord> changes =
        source.run(
            config,
            records -> !records.isEmpty() && records.get(records.size() - 1).value() == null);
    assertThat(changes)
        .as("the end of the scan, and the changes")
        .extracting(MilvusChangeStreamIT::place)
        .containsExactly("102 south south", "102 south south", "5 north gone");
    milvus.drop("places");
  }

  @Test
  void anAliasStandsForItsCollection() throws Exception {
    milvus.create("aliased", DataType.Int64);
    milvus.insert("aliased", 1, 3, MilvusCollections::row);
    milvus
        .client()
        .createAlias(CreateAliasReq.builder().collectionName("aliased").alias("stands").build());
    SourceHarness source = source();
    Map<String, String> config = changeStream("aliased", "stands");
    List<SourceRecord> records = source.run(config, read -> read.size() == 3);
    milvus.delete("aliased", "id in [2]");
    records.addAll(source.run(config, read -> read.size() == 1));
    assertThat(records).hasSize(4).allMatch(record -> record.topic().equals("stands"));
    assertThat(records.get(3).value()).isNull();
    milvus.client().dropAlias(DropAliasReq.builder().alias("stands").build());
    milvus.drop("aliased");
  }

  @Test
  void heartbeatsMoveTheOffsetsOfRangesThatDoNotChange() throws Exception {
    milvus.create("quiet", DataType.Int64);
    milvus.insert("quiet", 1, 5, MilvusCollections::row);
    SourceHarness source = source();
    Map<String, String> config =
        changeStream("quiet", "quiet", "heartbeat.interval.ms", "400", "heartbeat.topic", "beats");
    List<SourceRecord> records = source.run(config, read -> read.size() == 7);
    List<SourceRecord> beats = records.subList(5, 7);
    assertThat(beats).allMatch(r -> r.topic().equals("beats") && r.value() == null);
    assertThat(beats).extracting(SourceRecord::key).containsOnly("quiet/quiet/0");
    assertThat(beats.get(0).sourcePartition()).isEqualTo(records.get(0).sourcePartition());
    List<Long> positions =
        List.of(records.get(0), beats.get(0), beats.get(1)).stream()
            .map(MilvusChangeStreamIT::position)
            .toList();
    assertThat(positions).doesNotHaveDuplicates().isSorted();
    milvus.delete("quiet", "id in [2]");
    config.remove("heartbeat.interval.ms");
    assertThat(source.run(config, read -> read.size() == 1)).allMatch(r -> r.value() == null);
    milvus.drop("quiet");
  }

  /** The Kafka offset from which a record's shard would be read again. */
  private static long position(SourceRecord record) {
    return record.sourceOffset().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("log."))
        .map(entry -> entry.getValue().toString())
        .mapToLong(text -> Long.parseLong(text.substring(0, text.indexOf('/'))))
        .sum();
  }

  @Test
  void aPositionThatTheLogDoesNotHaveIsNoSilentGap() throws Exception {
    milvus.create("aged", DataType.Int64);
    milvus.insert("aged", 1, 3, MilvusCollections::row);
    SourceHarness source = source();
    Map<String, String> config = changeStream("aged", "aged");
    source.run(config, records -> records.size() == 3);
    source.changeOffsets(
        (key, value) -> key.startsWith("log.") ? "99999999999/99999999999/0" : value);
    assertThatThrownBy(() -> source.run(config, records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Milvus's log in topic")
        .hasMessageContaining("by-dev-rootcoord-dml_")
        .hasMessageContaining("changes are lost");
    milvus.drop("aged");
  }

  @Test
  void offsetsOfAnotherStrategyAreNoStart() throws Exception {
    milvus.create("switched", DataType.Int64);
    milvus.insert("switched", 1, 3, MilvusCollections::row);
    SourceHarness source = source();
    source.run(
        changeStream("switched", "switched", "poll.strategy", "new_keys"),
        records -> records.size() == 3);
    assertThatThrownBy(() -> source.run(changeStream("switched", "switched"), records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("from where on collection switched's changes are to be read")
        .hasMessageContaining("reset the connector's offsets");
    milvus.drop("switched");
  }

  @Test
  void aTransactionOfManyRowsIsResumedInItsMiddle() throws Exception {
    milvus.create("bulk", DataType.Int64);
    SourceHarness source = source();
    Map<String, String> config = changeStream("bulk", "bulk", "batch.max.rows", "64");
    boolean[] begun = {false};
    List<Object> keys = new ArrayList<>();
    while (keys.size() < 1_000) {
      int stop = Math.min(133, 1_000 - keys.size());
      source
          .run(
              config,
              records -> {
                if (!begun[0]) {
                  begun[0] = true;
                  milvus.insert("bulk", 1, 1_000, MilvusCollections::row);
                }
                return records.size() == stop;
              })
          .forEach(record -> keys.add(((Struct) record.key()).get("id")));
    }
    assertThat(keys)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 1_000).boxed().toList());
    milvus.drop("bulk");
  }
}
