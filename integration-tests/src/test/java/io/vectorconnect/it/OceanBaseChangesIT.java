package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.OCEANBASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.oceanbase.source.OceanBaseSourceConnector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the OceanBase source promises while others write. */
@Services(alone = OCEANBASE)
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
    try (Connection connection = oceanBase.open();
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
    try (Connection connection = oceanBase.open();
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
    try (Connection connection = oceanBase.open();
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
    assertThat(keys(records)).as("deletes come first").containsExactly(8L, 7L);
    assertThat(records.get(0).value()).isNull();
    assertThat(label(records.get(1))).isEqualTo("changed");
  }

  @Test
  void aKeyOfWhichOnlyTheCaseChangesIsAnotherKeyToReconcile() throws Exception {
    oceanBase.execute(
        "DROP TABLE IF EXISTS cases",
        "CREATE TABLE cases (id VARCHAR(20) COLLATE utf8mb4_general_ci PRIMARY KEY, label VARCHAR(9))",
        "INSERT INTO cases VALUES ('abc', 'a'), ('e ', 'e'), ('same', 's')");
    Map<String, String> config =
        oceanBase.sourceConfig("it", "cases", "poll.strategy", "reconcile");
    SourceHarness source = source();
    source.run(config, read -> read.size() == 3);
    oceanBase.execute(
        "UPDATE cases SET id = 'ABC' WHERE id = 'abc'", "UPDATE cases SET id = 'e' WHERE id = 'e'");
    List<SourceRecord> records = source.run(config, read -> read.size() == 4);
    assertThat(keys(records)).containsExactly("abc", "e ", "ABC", "e");
    assertThat(records.subList(0, 2)).extracting(SourceRecord::value).containsOnlyNulls();
    assertThat(records.subList(2, 4))
        .extracting(OceanBaseChangesIT::label)
        .containsExactly("a", "e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"row_scn", "reconcile", "new_keys"})
  void aColumnThatIsAddedWhileTheTaskRunsArrives(String strategy) throws Exception {
    String table = "widened_" + strategy;
    oceanBase.create(table);
    oceanBase.insert(table, 1, 3);
    Map<String, String> config = oceanBase.sourceConfig("it", table, "poll.strategy", strategy);
    AtomicBoolean altered = new AtomicBoolean();
    List<SourceRecord> records =
        source()
            .run(
                config,
                read -> {
                  if (read.size() == 3 && altered.compareAndSet(false, true)) {
                    execute(
                        "ALTER TABLE " + table + " ADD COLUMN extra INT DEFAULT 5",
                        "INSERT INTO " + table + " VALUES (4, 'new', '[1,2,3]', 9)");
                  }
                  return read.size() == 4;
                });
    assertThat(key(records.get(3))).isEqualTo(4L);
    assertThat(((Struct) records.get(3).value()).get("extra")).isEqualTo(9);
  }

  @Test
  void aKeyThatIsAnotherOneWhileTheTaskRunsIsAnError() throws Exception {
    oceanBase.create("rekeyed");
    oceanBase.insert("rekeyed", 1, 3);
    AtomicBoolean altered = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                source()
                    .run(
                        oceanBase.sourceConfig("it", "rekeyed"),
                        read -> {
                          if (read.size() == 3 && altered.compareAndSet(false, true)) {
                            execute(
                                "ALTER TABLE rekeyed DROP PRIMARY KEY, ADD PRIMARY KEY (label)");
                          }
                          return false;
                        }))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("primary key of table rekeyed was changed");
  }

  private void execute(String... statements) {
    try {
      oceanBase.execute(statements);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Elements are asked for one row after the other, while all rows change again and again. */
  @Test
  void aSparseVectorIsNeverAMixtureOfTwoThatARowHad() throws Exception {
    oceanBase.execute(
        "DROP TABLE IF EXISTS sparse_rows",
        "CREATE TABLE sparse_rows (id BIGINT PRIMARY KEY, sv SPARSEVECTOR)",
        "INSERT INTO sparse_rows VALUES (1, '{1:1,2:1}')");
    Map<String, String> config =
        oceanBase.sourceConfig("it", "sparse_rows", "poll.strategy", "new_keys");
    SourceHarness source = source();
    source.run(config, read -> read.size() == 1);
    List<String> rows = new ArrayList<>();
    for (int id = 2; id <= 301; id++) {
      rows.add("(%d, '{1:1,2:1}')".formatted(id));
    }
    oceanBase.execute("INSERT INTO sparse_rows VALUES " + String.join(",", rows));
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              while (!stop.get()) {
                execute(
                    "UPDATE sparse_rows SET sv = '{1:2,3:2}'",
                    "UPDATE sparse_rows SET sv = '{1:1,2:1}'");
              }
            });
    try {
      byte[] one = sparse(1, 1f, 2, 1f);
      byte[] other = sparse(1, 2f, 3, 2f);
      for (SourceRecord record : source.run(config, read -> read.size() == 300)) {
        assertThat(((Struct) record.value()).getBytes("sv")).isIn(one, other);
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  private static byte[] sparse(int first, float itsValue, int second, float value) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(first)
        .putFloat(itsValue)
        .putInt(second)
        .putFloat(value)
        .array();
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
