package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.oceanbase.source.OceanBaseSourceConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the OceanBase source promises while others write. */
@ExtendWith(Stack.class)
@Timeout(180)
class OceanBaseChangesIT {
  private final OceanBase oceanBase = OceanBase.database("source_changes");

  private static SourceHarness source() {
    return new SourceHarness(new OceanBaseSourceConnector());
  }

  private static Object key(SourceRecord record) {
    return ((Struct) record.key()).get("id");
  }

  private static List<Object> keys(List<SourceRecord> records) {
    return records.stream().map(OceanBaseChangesIT::key).toList();
  }

  private static String label(SourceRecord record) {
    return ((Struct) record.value()).getString("label");
  }

  @Test
  void allTablesAreReadAtOneMomentWhateverIsWrittenMeanwhile() throws Exception {
    oceanBase.create("moment_a");
    oceanBase.create("moment_b");
    oceanBase.insert("moment_a", 1, 3_000);
    oceanBase.insert("moment_b", 1, 3_000);
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writePairs(stop));
    try {
      Thread.sleep(300);
      Map<String, String> config =
          oceanBase.sourceConfig(
              "it", "moment_.*", "batch.max.rows", "100", "scan.ranges", "3", "tasks.max", "2");
      config.put("mode", "snapshot");
      List<SourceRecord> records = source().run(config, read -> read.size() == 6_000);
      Map<Object, String> labels = new TreeMap<>();
      for (SourceRecord record : records) {
        if (record.topic().equals("moment_a")) {
          labels.put(key(record), label(record));
        }
      }
      assertThat(labels.values()).as("the writer was at work").anyMatch(l -> l.startsWith("w"));
      for (SourceRecord record : records) {
        assertThat(label(record)).isEqualTo(labels.get(key(record)));
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  /** Each transaction gives a row of either table the same label. */
  private void writePairs(AtomicBoolean stop) {
    Random random = new Random(3);
    try (Connection connection = oceanBase.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; !stop.get(); i++) {
        int id = 1 + random.nextInt(3_000);
        for (String table : List.of("moment_a", "moment_b")) {
          statement.execute("UPDATE %s SET label = 'w%d' WHERE id = %d".formatted(table, i, id));
        }
        connection.commit();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyInsertAndUpdateArrivesOfConcurrentAndOfLongTransactions() throws Exception {
    changesArrive("row_scn", false);
  }

  @Test
  void reconcileTellsDeletesToo() throws Exception {
    changesArrive("reconcile", true);
  }

  /** Four writers, one of them with transactions of seconds, while the source is stopped often. */
  private void changesArrive(String strategy, boolean withDeletes) throws Exception {
    String table = "tail_" + strategy;
    oceanBase.create(table);
    oceanBase.insert(table, 1, 2_000);
    Map<String, String> config =
        oceanBase.sourceConfig(
            "it",
            table,
            "poll.strategy",
            strategy,
            "scan.ranges",
            "3",
            "tasks.max",
            "2",
            "batch.max.rows",
            "150");
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      writers.add(CompletableFuture.runAsync(() -> change(table, number, withDeletes, stop)));
    }
    SourceHarness source = source();
    Map<Object, String> target = new TreeMap<>();
    Random random = new Random(9);
    long end = System.nanoTime() + 8_000_000_000L;
    while (System.nanoTime() < end) {
      int records = 1 + random.nextInt(3_000);
      apply(source.run(config, read -> read.size() >= records || System.nanoTime() > end), target);
    }
    stop.set(true);
    writers.forEach(CompletableFuture::join);
    Map<Object, String> expected = new TreeMap<>();
    try (Connection connection = oceanBase.connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT id, label FROM " + table)) {
      while (rows.next()) {
        expected.put(rows.getLong(1), rows.getString(2));
      }
    }
    long limit = System.nanoTime() + 5_000_000_000L;
    apply(source.run(config, read -> System.nanoTime() > limit), target);
    assertThat(target).isEqualTo(expected);
    assertThat(target.values().stream().filter(label -> label.startsWith("w")))
        .as("the writers were at work")
        .hasSizeGreaterThan(300);
  }

  /** Applies records as a sink does. */
  private static void apply(List<SourceRecord> records, Map<Object, String> target) {
    for (SourceRecord record : records) {
      if (record.value() == null) {
        target.remove(key(record));
      } else {
        target.put(key(record), label(record));
      }
    }
  }

  /** Writes to its own quarter of the keys. */
  private void change(String table, int writer, boolean withDeletes, AtomicBoolean stop) {
    Random random = new Random(writer);
    try (Connection connection = oceanBase.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; !stop.get(); i++) {
        for (int k = 0; k < 5; k++) {
          long id = (1 + random.nextInt(750)) * 4L + writer;
          if (withDeletes && random.nextInt(4) == 0) {
            statement.execute("DELETE FROM %s WHERE id = %d".formatted(table, id));
          } else {
            statement.execute(
                ("INSERT INTO %s VALUES (%d, 'w%d-%d-%d', '[1,2,3]')"
                        + " ON DUPLICATE KEY UPDATE label = VALUES(label)")
                    .formatted(table, id, writer, i, k));
          }
          if (writer == 0) {
            Thread.sleep(300);
          }
        }
        if (random.nextInt(10) == 0) {
          connection.rollback();
        } else {
          connection.commit();
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void changesAreFoundAfterTheServerHasFrozenItsMemory() throws Exception {
    oceanBase.create("frozen");
    oceanBase.insert("frozen", 1, 100);
    Map<String, String> config =
        oceanBase.sourceConfig("it", "frozen", "poll.strategy", "reconcile");
    SourceHarness source = source();
    assertThat(source.run(config, read -> read.size() == 100)).hasSize(100);
    oceanBase.execute(
        "UPDATE frozen SET label = 'changed' WHERE id = 7",
        "DELETE FROM frozen WHERE id = 8",
        "ALTER SYSTEM MINOR FREEZE");
    Thread.sleep(2_000);
    List<SourceRecord> records = source.run(config, read -> read.size() == 2);
    assertThat(keys(records)).containsExactly(7L, 8L);
    assertThat(label(records.get(0))).isEqualTo("changed");
    assertThat(records.get(1).value()).isNull();
  }

  @Test
  void newKeysOfSeveralTablesThatWereEmpty() throws Exception {
    oceanBase.create("keys_a");
    oceanBase.create("keys_b");
    oceanBase.create("keys_old");
    oceanBase.insert("keys_old", 1, 5);
    Map<String, String> config =
        oceanBase.sourceConfig(
            "it",
            "keys_.*",
            "table.exclude.list",
            ".*_old",
            "topic.prefix",
            "o.",
            "poll.strategy",
            "new_keys");
    SourceHarness source = source();
    assertThat(source.run(config, read -> true)).isEmpty();
    oceanBase.insert("keys_a", 5, 6);
    assertThat(source.run(config, read -> read.size() == 2))
        .extracting(SourceRecord::topic)
        .containsOnly("o.keys_a");
    oceanBase.execute("UPDATE keys_a SET label = 'x' WHERE id = 5");
    oceanBase.insert("keys_a", 7, 7);
    oceanBase.insert("keys_b", 1, 1);
    assertThat(keys(source.run(config, read -> read.size() == 2)))
        .containsExactlyInAnyOrder(7L, 1L);
  }

  @Test
  void deletesThatCannotBeToldAnyMoreAreAnError() throws Exception {
    oceanBase.create("truncated");
    oceanBase.insert("truncated", 1, 500);
    Map<String, String> config =
        oceanBase.sourceConfig("it", "truncated", "poll.strategy", "reconcile");
    SourceHarness source = source();
    source.run(config, read -> read.size() == 500);
    oceanBase.execute("TRUNCATE TABLE truncated");
    assertThatThrownBy(() -> source.run(config, read -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("undo_retention")
        .hasMessageContaining("empty the target");
  }
}
