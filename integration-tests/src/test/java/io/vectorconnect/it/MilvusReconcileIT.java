package io.vectorconnect.it;

import static io.vectorconnect.it.MilvusCollections.row;
import static io.vectorconnect.it.MilvusCollections.sourceConfig;
import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Inserts, upserts and deletes that are found by comparison, of a server that keeps no log; made
 * while the connector runs and while it is down.
 */
@Services(alone = MILVUS, shared = CONNECT)
@Timeout(120)
class MilvusReconcileIT {
  private MilvusCollections milvus;

  @BeforeEach
  void connect() {
    milvus = new MilvusCollections();
  }

  @AfterEach
  void disconnect() {
    milvus.close();
  }

  static Map<String, String> reconcile(String name, String... more) {
    Map<String, String> config = sourceConfig(name, name);
    config.put("poll.strategy", "reconcile");
    config.put("reconcile.bootstrap.servers", Stack.get().kafka().bootstrapServers());
    config.put("poll.interval.ms", "50");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static SourceHarness source() {
    return new SourceHarness(new MilvusSourceConnector());
  }

  private void upsert(String collection, JsonObject... rows) {
    milvus
        .client()
        .upsert(UpsertReq.builder().collectionName(collection).data(List.of(rows)).build());
  }

  private static JsonObject labelled(long id, String label) {
    JsonObject row = row(id);
    row.addProperty("label", label);
    return row;
  }

  private static void apply(List<SourceRecord> records, Map<Object, String> target) {
    for (SourceRecord record : records) {
      Object key = ((Struct) record.key()).get("id");
      if (record.value() == null) {
        target.remove(key);
      } else {
        target.put(key, ((Struct) record.value()).getString("label"));
      }
    }
  }

  /** Each record as its key and label, without one where it deletes. */
  private static List<String> told(List<SourceRecord> records) {
    return records.stream()
        .map(
            record ->
                ((Struct) record.key()).get("id")
                    + (record.value() == null
                        ? " gone"
                        : " " + ((Struct) record.value()).getString("label")))
        .toList();
  }

  private Map<Object, String> rows(String collection, String filter) {
    Map<Object, String> rows = new TreeMap<>();
    for (Map<String, Object> row :
        new MilvusRows(milvus.client()).query(collection, filter, "id", "label")) {
      rows.put(row.get("id"), (String) row.get("label"));
    }
    return rows;
  }

  private void change(Random random, int number) {
    for (int i = 0; i < 3; i++) {
      long id = 1L + random.nextInt(300);
      if (random.nextInt(3) == 0) {
        milvus.delete("compared", "id in [%d, %d]".formatted(id, id + 1));
      } else {
        upsert("compared", labelled(id, "change " + (number % 3)));
      }
    }
  }

  @Test
  void stoppedAtAnyRecordWhileRowsChangeItEndsAsTheSourceIs() throws Exception {
    milvus.create("compared", DataType.Int64, 2, false);
    milvus.insert("compared", 1, 250, MilvusCollections::row);
    Random random = new Random(23);
    SourceHarness source = source();
    Map<Object, String> target = new TreeMap<>();
    for (int trial = 0; trial < 8; trial++) {
      Map<String, String> config =
          reconcile(
              "compared",
              "scan.ranges",
              "3",
              "tasks.max",
              Integer.toString(1 + trial % 3),
              "batch.max.rows",
              Integer.toString(10 + random.nextInt(60)));
      int stop = 1 + random.nextInt(trial < 3 ? 140 : 25);
      int[] round = {0};
      source.acknowledge();
      apply(
          source.run(
              config,
              records -> {
                if (round[0]++ % 10 == 0) {
                  change(random, round[0]);
                }
                if (records.size() > stop - random.nextInt(20)) {
                  source.acknowledgeNothing(); // of the last records the task does not hear
                }
                return records.size() >= stop;
              }),
          target);
      change(random, trial);
    }
    source.acknowledge();
    Map<Object, String> expected = rows("compared", "id >= 0");
    int[] applied = {0};
    long deadline = System.nanoTime() + 20_000_000_000L;
    source.run(
        reconcile("compared", "tasks.max", "2"),
        records -> {
          apply(records.subList(applied[0], records.size()), target);
          applied[0] = records.size();
          return target.equals(expected) || System.nanoTime() > deadline;
        });
    assertThat(target).isEqualTo(expected);
    milvus.drop("compared");
  }

  @Test
  void whatChangesWhileItIsDownComesAfterItsRestartAndNothingElse() throws Exception {
    milvus.create("down", DataType.VarChar, 2, false);
    List<JsonObject> rows = new ArrayList<>();
    for (String key : List.of("", "a", "a\nb", "日本", "😀", "z".repeat(190))) {
      rows.add(row(key));
    }
    milvus.insert("down", rows);
    SourceHarness source = source();
    Map<String, String> config = reconcile("down", "scan.ranges", "2");
    assertThat(source.run(config, records -> records.size() == 6))
        .extracting(r -> r.headers().lastWithName("vectorconnect.snapshot").value())
        .containsOnly("true");

    milvus.delete("down", "id in [\"日本\", \"\"]");
    JsonObject changed = row("a");
    changed.addProperty("label", "changed");
    JsonObject added = row("b");
    upsert("down", changed, added);
    int[] rounds = {0};
    List<SourceRecord> records = source.run(config, read -> read.size() >= 4 && ++rounds[0] > 12);
    assertThat(told(records)).containsExactlyInAnyOrder(" gone", "日本 gone", "a changed", "b key b");
    milvus.drop("down");
  }

  @Test
  void aRowDeletedAfterACrashBeforeAnyOffsetWasStoredIsDeletedInTheTarget() throws Exception {
    milvus.create("early", DataType.Int64);
    milvus.insert("early", 1, 10, MilvusCollections::row);
    Map<String, String> config = reconcile("early");
    SourceHarness crashed = source();
    crashed.acknowledgeNothing();
    Map<Object, String> target = new TreeMap<>();
    apply(crashed.run(config, records -> records.size() == 10), target);
    milvus.delete("early", "id in [3, 10]");
    List<SourceRecord> again = source().run(config, records -> records.size() == 10);
    assertThat(again).as("eight rows once more").hasSize(10);
    apply(again, target);
    assertThat(target).isEqualTo(rows("early", "id >= 0")).hasSize(8);
    milvus.drop("early");
  }

  @Test
  void aChangeThatWasOnItsWayAndIsTakenBackIsTakenBackInTheTarget() throws Exception {
    milvus.create("swayed", DataType.Int64);
    milvus.insert("swayed", List.of(labelled(1, "first"), labelled(2, "first")));
    SourceHarness source = source();
    Map<String, String> config = reconcile("swayed");
    source.run(config, records -> records.size() == 2);
    upsert("swayed", labelled(1, "second"));
    milvus.delete("swayed", "id in [2]");
    source.acknowledgeNothing();
    assertThat(told(source.run(config, records -> records.size() == 2)))
        .containsExactlyInAnyOrder("1 second", "2 gone");
    source.acknowledge();
    upsert("swayed", labelled(1, "first"), labelled(2, "first"));
    assertThat(told(source.run(config, records -> records.size() == 2)))
        .containsExactly("1 first", "2 first");
    milvus.drop("swayed");
  }

  @Test
  void resetOffsetsPublishAllAgainAndTheDeletesToo() throws Exception {
    milvus.create("again", DataType.Int64);
    milvus.insert("again", 1, 6, MilvusCollections::row);
    SourceHarness source = source();
    Map<String, String> config = reconcile("again", "batch.max.rows", "2");
    source.run(config, records -> records.size() == 6);
    milvus.delete("again", "id in [2]");
    source.resetOffsets(config);
    List<SourceRecord> records = new ArrayList<>(source.run(config, read -> read.size() == 3));
    records.addAll(source.run(config, read -> read.size() == 3));
    assertThat(told(records))
        .as("stopped in its middle, it goes on there")
        .containsExactly("1 row 1", "2 gone", "3 row 3", "4 row 4", "5 row 5", "6 row 6");
    milvus.drop("again");
  }

  @Test
  void aStrategyThatTheOffsetsDoNotFitMakesTheConnectorFail() throws Exception {
    milvus.create("switched", DataType.Int64);
    milvus.insert("switched", 1, 5, MilvusCollections::row);
    SourceHarness source = source();
    Map<String, String> config = reconcile("switched");
    config.put("poll.strategy", "new_keys");
    source.run(config, records -> records.size() == 5);
    config.put("poll.strategy", "reconcile");
    assertThatThrownBy(() -> source.run(config, records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("had another poll.strategy");
    assertThat(source.raised()).hasMessageContaining("had another poll.strategy");
    milvus.drop("switched");
  }

  @Test
  void itDoesNotGoOnWithoutWhatItKnewNorWithMoreThanItMayKeep() throws Exception {
    milvus.create("forgotten", DataType.Int64);
    milvus.insert("forgotten", 1, 5, MilvusCollections::row);
    SourceHarness source = source();
    Map<String, String> config = reconcile("forgotten");
    source.run(config, records -> records.size() == 5);
    Map<String, String> small = new HashMap<>(config);
    small.put("reconcile.max.rows", "4");
    assertThatThrownBy(() -> source.run(small, records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("reconcile.max.rows=4");
    config.put("reconcile.topic", "elsewhere");
    assertThatThrownBy(() -> source.run(config, records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("there is nothing in topic elsewhere")
        .hasMessageContaining("reset the connector's offsets");
    assertThat(source.raised())
        .as("the connector's state")
        .hasMessageContaining("there is nothing in topic elsewhere");
    try (Admin admin =
        Admin.create(
            Map.<String, Object>of("bootstrap.servers", Stack.get().kafka().bootstrapServers()))) {
      NewTopic anew = new NewTopic("anew", 1, (short) 1);
      anew.configs(Map.of("cleanup.policy", "compact"));
      admin.createTopics(List.of(new NewTopic("forgetful", 1, (short) 1), anew)).all().get();
    }
    config.put("reconcile.topic", "forgetful");
    assertThatThrownBy(() -> source.run(config, records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("topic forgetful has cleanup.policy=delete");
    assertThat(Problems.of(new MilvusSourceConnector(), config).get("reconcile.topic"))
        .contains("topic forgetful has cleanup.policy=delete");
    Map<String, String> unreachable = new HashMap<>(config);
    unreachable.put("reconcile.bootstrap.servers", "127.0.0.1:1");
    unreachable.put("reconcile.kafka.default.api.timeout.ms", "1000");
    unreachable.put("reconcile.kafka.request.timeout.ms", "500");
    assertThat(Problems.of(new MilvusSourceConnector(), unreachable))
        .containsOnlyKeys("reconcile.bootstrap.servers");
    config.put("reconcile.topic", "anew");
    assertThatThrownBy(() -> source.run(config, records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("there is nothing in topic anew");
    milvus.drop("forgotten");
  }
}
