package io.vectorconnect.it;

import static io.vectorconnect.it.MilvusCollections.sourceConfig;
import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Inserts and upserts that are found by the time in a field, stopped and started at any record. */
@Services(alone = MILVUS, shared = CONNECT)
@Timeout(120)
class MilvusTimestampIT {
  private MilvusCollections milvus;

  @BeforeEach
  void connect() {
    milvus = new MilvusCollections();
  }

  @AfterEach
  void disconnect() {
    milvus.close();
  }

  private void create(String name, int shards, DataType keyType) {
    milvus.create(
        name,
        keyType,
        shards,
        false,
        AddFieldReq.builder().fieldName("at").dataType(DataType.Int64).build());
  }

  private static SourceHarness source() {
    return new SourceHarness(new MilvusSourceConnector());
  }

  private static Map<String, String> byTime(String collections, String... more) {
    Map<String, String> config = sourceConfig("times", collections);
    config.put("poll.strategy", "timestamp_field");
    config.put("timestamp.field", "at");
    config.put("timestamp.overlap", "0");
    config.put("poll.interval.ms", "50");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static JsonObject row(long id, long at, String label) {
    JsonObject row = MilvusCollections.row(id);
    row.addProperty("at", at);
    row.addProperty("label", label);
    return row;
  }

  private void upsert(String collection, JsonObject... rows) {
    milvus
        .client()
        .upsert(UpsertReq.builder().collectionName(collection).data(List.of(rows)).build());
  }

  private static void apply(List<SourceRecord> records, Map<Object, String> target) {
    for (SourceRecord record : records) {
      Struct value = (Struct) record.value();
      target.put(value.get("id"), value.getInt64("at") + " " + value.getString("label"));
    }
  }

  private Map<Object, String> rows(String collection) {
    Map<Object, String> rows = new TreeMap<>();
    for (Map<String, Object> row :
        new MilvusRows(milvus.client()).query(collection, "at >= 0", "id", "at", "label")) {
      rows.put(row.get("id"), row.get("at") + " " + row.get("label"));
    }
    return rows;
  }

  private static List<String> labels(List<SourceRecord> records) {
    return records.stream().map(r -> ((Struct) r.value()).getString("label")).toList();
  }

  @Test
  void stoppedAtAnyRecordWhileRowsChangeItEndsAsTheSourceIs() throws Exception {
    create("timed", 2, DataType.Int64);
    milvus.insert("timed", 1, 300, id -> row(id, 1, "old"));
    Random random = new Random(11);
    long[] clock = {1};
    SourceHarness source = source();
    Map<Object, String> target = new TreeMap<>();
    for (int trial = 0; trial < 8; trial++) {
      Map<String, String> config =
          byTime(
              "timed",
              "scan.ranges",
              "3",
              "tasks.max",
              Integer.toString(1 + trial % 3),
              "timestamp.overlap",
              "3",
              "batch.max.rows",
              Integer.toString(7 + random.nextInt(60)));
      int stop = 1 + random.nextInt(trial < 3 ? 150 : 40);
      int[] round = {0};
      apply(
          source.run(
              config,
              records -> {
                if (round[0]++ % 10 == 0) {
                  change(random, clock);
                }
                return records.size() >= stop;
              }),
          target);
      change(random, clock); // and while it is down
    }
    Map<Object, String> expected = rows("timed");
    awaitSame(source, byTime("timed", "timestamp.overlap", "3"), target, expected);
    milvus.drop("timed");
  }

  /** Changes old rows and new ones, some of them up to three ticks late, with many equal times. */
  private void change(Random random, long[] clock) {
    clock[0] += random.nextInt(3);
    for (int i = 0; i < 3; i++) {
      long id = 1L + random.nextInt(400);
      long at = Math.max(1, clock[0] - random.nextInt(4));
      upsert("timed", row(id, at, "change " + random.nextInt()));
    }
  }

  private static void awaitSame(
      SourceHarness source,
      Map<String, String> config,
      Map<Object, String> target,
      Map<Object, String> expected)
      throws Exception {
    int[] applied = {0};
    long deadline = System.nanoTime() + 20_000_000_000L;
    source.run(
        config,
        records -> {
          apply(records.subList(applied[0], records.size()), target);
          applied[0] = records.size();
          return target.equals(expected) || System.nanoTime() > deadline;
        });
    assertThat(target).isEqualTo(expected);
  }

  @Test
  void rowsOfOneTimeArePagedOverAndResumedInTheirMiddle() throws Exception {
    create("ties", 2, DataType.VarChar);
    List<JsonObject> old = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      JsonObject row = row(i, 5, "old");
      row.addProperty("id", "key-%03d".formatted(i));
      old.add(row);
    }
    milvus.insert("ties", old);
    SourceHarness source = source();
    Map<String, String> config = byTime("ties", "batch.max.rows", "20");
    assertThat(source.run(config, records -> records.size() == 250)).hasSize(250);
    old.forEach(row -> row.addProperty("label", "new"));
    old.forEach(row -> row.addProperty("at", 6));
    milvus.client().upsert(UpsertReq.builder().collectionName("ties").data(old).build());
    List<Object> keys = new ArrayList<>();
    while (keys.size() < 250) { // within each window, a restart goes on behind the last record
      int stop = Math.min(33, 250 - keys.size());
      List<SourceRecord> records =
          source.run(config, read -> labels(read).stream().filter("new"::equals).count() >= stop);
      records.stream()
          .filter(r -> ((Struct) r.value()).getString("label").equals("new"))
          .forEach(r -> keys.add(((Struct) r.key()).get("id")));
    }
    assertThat(keys).hasSize(250).doesNotHaveDuplicates();
    milvus.drop("ties");
  }

  @Test
  void aQuietCollectionIsNotPublishedAgainAndAChangeOfTheSameTimeIs() throws Exception {
    create("quiet_times", 1, DataType.Int64);
    milvus.insert("quiet_times", 1, 20, id -> row(id, 9, "old"));
    int[] rounds = {0};
    List<SourceRecord> records =
        source()
            .run(
                byTime("quiet_times", "timestamp.overlap", "100"),
                read -> {
                  rounds[0]++;
                  if (read.size() == 20 && rounds[0] == 35) {
                    upsert("quiet_times", row(4, 9, "same time"), row(21, 8, "late"));
                  }
                  return read.size() >= 22 && rounds[0] > 60;
                });
    assertThat(labels(records.subList(20, records.size()))).containsExactly("same time", "late");
    assertThat(records)
        .extracting(r -> r.headers().lastWithName("vectorconnect.snapshot").value())
        .endsWith("true", "false", "false");
    milvus.drop("quiet_times");
  }

  @Test
  void anEmptyCollectionAndTheExtremesOfTimeFollow() throws Exception {
    create("extreme_times", 1, DataType.Int64);
    List<Long> times = List.of(Long.MIN_VALUE, -1L, 0L, 1_732_200_000_000L, Long.MAX_VALUE);
    int[] next = {0};
    List<SourceRecord> records =
        source()
            .run(
                byTime("extreme_times"),
                read -> {
                  if (read.size() == next[0] && next[0] < times.size()) {
                    long at = times.get(next[0]++);
                    milvus.insert("extreme_times", List.of(row(next[0], at, "at " + at)));
                  }
                  return read.size() == times.size();
                });
    assertThat(records)
        .extracting(r -> ((Struct) r.value()).getInt64("at"))
        .containsExactlyElementsOf(times);
    milvus.drop("extreme_times");
  }

  @Test
  void offsetsOfAnotherStrategyOrFieldAreNoStart() throws Exception {
    create("switched_times", 1, DataType.Int64);
    milvus.insert("switched_times", 1, 3, id -> row(id, 1, "old"));
    SourceHarness source = source();
    source.run(
        byTime("switched_times", "poll.strategy", "new_keys"), records -> records.size() == 3);
    assertThatThrownBy(() -> source.run(byTime("switched_times"), records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("another poll.strategy or timestamp.field")
        .hasMessageContaining("reset the connector's offsets");
    milvus.drop("switched_times");
  }

  @Test
  void validateNamesTheKeyThatIsMissingOrWrong() {
    create("checked_times", 1, DataType.Int64);
    Map<String, String> right = byTime("checked_times");
    assertThat(errors(right)).isEmpty();
    Map<String, String> noOverlap = new HashMap<>(right);
    noOverlap.remove("timestamp.overlap");
    assertThat(errors(noOverlap)).containsOnlyKeys("timestamp.overlap");
    Map<String, String> text = new HashMap<>(right);
    text.put("timestamp.field", "label");
    assertThat(errors(text).get("timestamp.field")).contains("is of type VarChar");
    text.put("timestamp.field", "nowhere");
    assertThat(errors(text).get("timestamp.field")).contains("is not there");
    text.remove("timestamp.field");
    assertThat(errors(text)).containsOnlyKeys("timestamp.field");
    milvus.drop("checked_times");
  }

  private static Map<String, String> errors(Map<String, String> config) {
    Map<String, String> errors = new HashMap<>();
    for (ConfigValue value : new MilvusSourceConnector().validate(config).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), String.join("; ", value.errorMessages()));
      }
    }
    return errors;
  }
}
