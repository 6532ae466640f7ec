package io.vectorconnect.it;

import static io.vectorconnect.it.MilvusCollections.row;
import static io.vectorconnect.it.MilvusCollections.sourceConfig;
import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import io.vectorconnect.source.range.RangeOffsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the Milvus source promises, stopped and started at any record. */
@Services(alone = MILVUS, shared = CONNECT)
@Timeout(120)
class MilvusSourceIT {
  private MilvusCollections milvus;

  @BeforeEach
  void connect() {
    milvus = new MilvusCollections();
  }

  @AfterEach
  void disconnect() {
    milvus.close();
  }

  private static SourceHarness source() {
    return new SourceHarness(new MilvusSourceConnector());
  }

  private static Map<String, String> snapshot(String collection, String... more) {
    Map<String, String> config = sourceConfig("it", collection);
    config.put("mode", "snapshot");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static Object key(SourceRecord record) {
    return ((Struct) record.key()).get("id");
  }

  private static List<Object> keys(List<SourceRecord> records) {
    return records.stream().map(MilvusSourceIT::key).toList();
  }

  @Test
  void stoppedAtAnyRecordAndGoneOnWithAnyNumberOfTasksItLosesAndDoublesNothing() throws Exception {
    int rows = 2_000;
    milvus.create("resumed", DataType.Int64, 3, false);
    milvus.insert("resumed", 1, rows, MilvusCollections::row);
    Random random = new Random(42);
    for (int trial = 0; trial < 5; trial++) {
      SourceHarness source = source();
      List<SourceRecord> records = new ArrayList<>();
      while (records.size() < rows) {
        Map<String, String> config =
            snapshot(
                "resumed",
                "scan.ranges",
                Integer.toString(1 + trial % 5),
                "tasks.max",
                Integer.toString(1 + random.nextInt(4)),
                "batch.max.rows",
                Integer.toString(20 + random.nextInt(400)));
        int stop = Math.min(rows - records.size(), 1 + random.nextInt(rows));
        records.addAll(source.run(config, read -> read.size() == stop));
      }
      assertThat(keys(records))
          .as("trial %d", trial)
          .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, rows).boxed().toList());
    }
    milvus.drop("resumed");
  }

  @Test
  void readsEveryShardCompletelyAndPassesOverDeletedRows() throws Exception {
    int rows = 40_000;
    milvus.create("shards", DataType.Int64, 4, false);
    milvus.insert("shards", 1, rows, MilvusCollections::row);
    milvus.delete("shards", "id % 10 == 3");
    List<SourceRecord> records =
        source().run(snapshot("shards"), read -> read.size() == rows - rows / 10);
    assertThat(keys(records)).doesNotHaveDuplicates().noneMatch(id -> (long) id % 10 == 3);
    milvus.drop("shards");
  }

  /** Rows above the last bound would be read in strong consistency, which is slow. */
  @Test
  void theLastBoundIsTheGreatestKeyThoughMilvusGivesShortPagesWhereASegmentEnds() throws Exception {
    long segment = 10_000;
    milvus.create("segments", DataType.Int64);
    milvus.insert("segments", 1, segment, MilvusCollections::row);
    milvus.flush("segments");
    milvus.insert("segments", segment + 1, 2 * segment, MilvusCollections::row);
    milvus.flush("segments");
    List<SourceRecord> records =
        source().run(snapshot("segments"), read -> read.size() == 2 * segment);
    assertThat(keys(records)).doesNotHaveDuplicates();
    assertThat(records.get(0).sourceOffset().get(RangeOffsets.PLAN).toString())
        .contains("\"20000\"");
    milvus.drop("segments");
  }

  @Test
  void readsTheSmallestAndTheLargestIntegerKeys() throws Exception {
    List<Long> ids =
        List.of(
            Long.MIN_VALUE,
            Long.MIN_VALUE + 1,
            -1L,
            0L,
            1L,
            Long.MAX_VALUE - 2,
            Long.MAX_VALUE - 1);
    milvus.create("extremes", DataType.Int64);
    milvus.insert("extremes", ids.stream().map(MilvusCollections::row).toList());
    for (String ranges : List.of("1", "3")) {
      List<SourceRecord> records =
          source()
              .run(
                  snapshot("extremes", "batch.max.rows", "1", "scan.ranges", ranges),
                  read -> read.size() == ids.size());
      assertThat(keys(records)).containsExactlyInAnyOrderElementsOf(ids);
    }
    milvus.drop("extremes");
  }

  @Test
  void aKeyThatMilvusCountsAndNeverReturnsIsNotPassedOver() {
    milvus.create("sentinel", DataType.Int64);
    milvus.insert("sentinel", List.of(row(1), row(Long.MAX_VALUE)));
    assertThatThrownBy(() -> source().run(snapshot("sentinel"), read -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("counts 1 rows of collection sentinel above the last key")
        .hasMessageContaining("give them other keys");
    milvus.drop("sentinel");
  }

  @Test
  void readsTextKeysOfAnyCharacters() throws Exception {
    List<String> ids =
        List.of(
            "",
            " ",
            "\"",
            "\\",
            "\\\"",
            "'",
            "a\nb",
            "a\tb",
            "a\u0001b",
            "\u007F",
            "%_",
            "${x}",
            "\\u0041",
            "é",
            "日本",
            "\uFFFD",
            "😀",
            "😀😀",
            "z".repeat(190));
    milvus.create("texts", DataType.VarChar);
    milvus.insert("texts", ids.stream().map(MilvusCollections::row).toList());
    for (String ranges : List.of("1", "4")) {
      List<SourceRecord> records =
          source()
              .run(
                  snapshot("texts", "batch.max.rows", "1", "scan.ranges", ranges),
                  read -> read.size() == ids.size());
      assertThat(keys(records)).containsExactlyInAnyOrderElementsOf(ids);
      for (SourceRecord record : records) {
        assertThat(((Struct) record.value()).getString("label")).isEqualTo("key " + key(record));
      }
    }
    milvus.drop("texts");
  }

  @Test
  void tellsKeyValueSchemaAndWhetherARowIsOfTheSnapshot() throws Exception {
    milvus.create("tail", DataType.Int64);
    Map<String, String> config = sourceConfig("it", "tail");
    SourceHarness source = source();
    assertThat(source.run(config, read -> true)).as("an empty collection").isEmpty();

    milvus.insert("tail", 1, 3, MilvusCollections::row);
    int[] rounds = {0};
    List<SourceRecord> records =
        source.run(
            config,
            read -> {
              if (read.size() == 3 && rounds[0]++ == 2) {
                milvus.insert("tail", 4, 5, MilvusCollections::row);
              }
              return read.size() == 5;
            });
    assertThat(keys(records)).containsExactly(1L, 2L, 3L, 4L, 5L);
    SourceRecord first = records.get(0);
    assertThat(first.topic()).isEqualTo("tail");
    assertThat(first.keySchema().field("id").schema()).isEqualTo(Schema.INT64_SCHEMA);
    Schema vector = first.valueSchema().field("v").schema();
    assertThat(vector.name()).isEqualTo("io.vectorconnect.data.FloatVector");
    assertThat(VectorSchema.dimension(vector)).hasValue(MilvusCollections.DIMENSION);
    assertThat(VectorSchema.metric(vector)).hasValue("COSINE");
    assertThat(records)
        .extracting(r -> r.headers().lastWithName(SnapshotMarker.HEADER).value())
        .containsExactly("true", "true", "true", "false", "false");
    milvus.drop("tail");
  }

  @Test
  void readsTheCollectionsOfItsListsIntoTheirTopics() throws Exception {
    for (String name : List.of("many_a", "many_b", "many_old")) {
      milvus.create(name, DataType.Int64);
      milvus.insert(name, 1, 2, MilvusCollections::row);
    }
    List<SourceRecord> records =
        source()
            .run(
                snapshot(
                    "many_.*",
                    "collection.exclude.list",
                    ".*_old",
                    "topic.prefix",
                    "m.",
                    "tasks.max",
                    "2"),
                read -> read.size() == 4);
    assertThat(records.stream().map(SourceRecord::topic))
        .containsExactlyInAnyOrder("m.many_a", "m.many_a", "m.many_b", "m.many_b");
    for (String name : List.of("many_a", "many_b", "many_old")) {
      milvus.drop(name);
    }
  }

  @Test
  void plainArraysAreSentWhereAThirdPartySinkWantsThem() throws Exception {
    milvus.create("arrays", DataType.Int64);
    milvus.insert("arrays", 9, 9, MilvusCollections::row);
    SourceRecord record =
        source().run(snapshot("arrays", "vector.format", "array"), read -> read.size() == 1).get(0);
    List<Float> expected =
        Arrays.asList(
            MilvusCollections.element(9, 0),
            MilvusCollections.element(9, 1),
            MilvusCollections.element(9, 2),
            MilvusCollections.element(9, 3));
    assertThat(((Struct) record.value()).getArray("v")).isEqualTo(expected);
    milvus.drop("arrays");
  }

  @Test
  void aCollectionMadeAnewUnderTheOldNameIsNotTakenForTheOldOne() throws Exception {
    milvus.create("remade", DataType.Int64);
    milvus.insert("remade", 1, 10, MilvusCollections::row);
    Map<String, String> config = sourceConfig("it", "remade");
    boolean[] remade = {false};
    assertThatThrownBy(
            () ->
                source()
                    .run(
                        config,
                        read -> {
                          if (read.size() == 10 && !remade[0]) {
                            remade[0] = true;
                            milvus.drop("remade");
                            milvus.create("remade", DataType.Int64);
                            milvus.insert("remade", 1, 3, MilvusCollections::row);
                          }
                          return false;
                        }))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("collection remade was dropped and created again")
        .hasMessageContaining("reset the connector's offsets");
    milvus.drop("remade");
  }

  @Test
  void arraysTravelAsArrays() throws Exception {
    milvus.create(
        "lists",
        DataType.Int64,
        false,
        AddFieldReq.builder()
            .fieldName("tags")
            .dataType(DataType.Array)
            .elementType(DataType.VarChar)
            .maxCapacity(5)
            .maxLength(10)
            .build());
    JsonObject full = row(1);
    full.add("tags", com.google.gson.JsonParser.parseString("[\"a\", \"\", \"é\"]"));
    JsonObject empty = row(2);
    empty.add("tags", new com.google.gson.JsonArray());
    milvus.insert("lists", List.of(full, empty));
    List<SourceRecord> records = source().run(snapshot("lists"), read -> read.size() == 2);
    assertThat(records)
        .extracting(record -> ((Struct) record.value()).getArray("tags"))
        .containsExactly(List.of("a", "", "é"), List.of());
    milvus.drop("lists");
  }

  @Test
  void dynamicFieldsTravelAsOneJsonObject() throws Exception {
    milvus.create("dynamic", DataType.Int64, true);
    JsonObject with = row(1);
    with.addProperty("colour", "blue");
    milvus.insert("dynamic", List.of(with, row(2)));
    List<SourceRecord> records = source().run(snapshot("dynamic"), read -> read.size() == 2);
    assertThat(records)
        .extracting(record -> ((Struct) record.value()).getString("$meta"))
        .containsExactly("{\"colour\":\"blue\"}", "{}");
    assertThat(Collections.max(keys(records).stream().map(id -> (Long) id).toList())).isEqualTo(2);
    milvus.drop("dynamic");
  }
}
