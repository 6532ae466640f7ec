package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the OceanBase source promises when it looks for changes by a column of time. */
@Services(alone = OCEANBASE, shared = CONNECT)
@Timeout(120)
class OceanBaseTimestampIT {
  private static final int WRITERS = 4;

  private final OceanBase oceanBase = OceanBase.database("source_timestamps");

  private void create(String table, String type) throws SQLException {
    oceanBase.execute(
        "DROP TABLE IF EXISTS " + table,
        "CREATE TABLE %s (id BIGINT PRIMARY KEY, label VARCHAR(100), changed %s, KEY (changed))"
            .formatted(table, type));
  }

  private void insert(String table, int from, int to, String changed) throws SQLException {
    List<String> rows = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      rows.add("(%1$d, 'row %1$d', %2$s)".formatted(i, changed));
    }
    oceanBase.execute("INSERT INTO " + table + " VALUES " + String.join(",", rows));
  }

  private Map<String, String> config(String table, String... more) {
    Map<String, String> config = oceanBase.sourceConfig("it", table, more);
    config.put("poll.strategy", "timestamp_column");
    config.put("timestamp.column", "changed");
    return config;
  }

  private static SourceHarness source() {
    return new SourceHarness(new OceanBaseSourceConnector());
  }

  private static Object key(SourceRecord record) {
    return ((Struct) record.key()).get("id");
  }

  private static String label(SourceRecord record) {
    return ((Struct) record.value()).getString("label");
  }

  private static void apply(List<SourceRecord> records, Map<Object, String> target) {
    records.forEach(record -> target.put(key(record), label(record)));
  }

  /**
   * Writers whose transactions take up to two seconds, and whose clocks are minutes apart where
   * they set the column themselves; the source is stopped often, at any record.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
        "DATETIME(3) NOT NULL"
      })
  void everyInsertAndUpdateArrivesWhateverCommitsLate(String type) throws Exception {
    boolean byServer = type.startsWith("TIMESTAMP");
    String table = byServer ? "stamped_by_server" : "stamped_by_writers";
    create(table, type);
    insert(table, 1, 1_000, byServer ? "DEFAULT" : "now(3)");
    Map<String, String> config =
        config(table, "scan.ranges", "3", "tasks.max", "2", "batch.max.rows", "150");
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      writers.add(CompletableFuture.runAsync(() -> write(table, byServer, number, stop)));
    }
    SourceHarness source = source();
    Map<Object, String> target = new TreeMap<>();
    Random random = new Random(9);
    long end = System.nanoTime() + 8_000_000_000L;
    while (System.nanoTime() < end) {
      int records = 1 + random.nextInt(1_500);
      apply(source.run(config, read -> read.size() >= records || System.nanoTime() > end), target);
    }
    stop.set(true);
    writers.forEach(CompletableFuture::join);
    Map<Object, String> expected = new TreeMap<>();
    for (String row : oceanBase.rows("SELECT id, label FROM " + table)) {
      String[] columns = row.split("\\|", 2);
      expected.put(Long.valueOf(columns[0]), columns[1]);
    }
    long limit = System.nanoTime() + 4_000_000_000L;
    apply(source.run(config, read -> System.nanoTime() > limit), target);
    assertThat(target).isEqualTo(expected);
    assertThat(target.values().stream().filter(label -> label.startsWith("w")))
        .as("the writers were at work")
        .hasSizeGreaterThan(100);
  }

  /** Writes to its own quarter of the keys; the first writer takes its time between the rows. */
  private void write(String table, boolean byServer, int writer, AtomicBoolean stop) {
    Random random = new Random(writer);
    String now =
        byServer ? "DEFAULT" : "now(3) + INTERVAL %d MINUTE".formatted(3 * (writer - WRITERS / 2));
    String update = byServer ? "" : ", changed = VALUES(changed)";
    try (Connection connection = oceanBase.open();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; !stop.get(); i++) {
        for (int k = 0; k < 5; k++) {
          long id = (1 + random.nextInt(400)) * (long) WRITERS + writer;
          statement.execute(
              "INSERT INTO %s VALUES (%d, 'w%d-%d-%d', %s) ON DUPLICATE KEY UPDATE label = VALUES(label)%s"
                  .formatted(table, id, writer, i, k, now, update));
          Thread.sleep(writer == 0 ? 400 : 5);
        }
        connection.commit();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void rowsOfOneMomentOverManyPagesComeOnceEachWhereverItIsStopped() throws Exception {
    create("equal_stamps", "DATETIME NOT NULL");
    insert("equal_stamps", 1, 1_000, "'2026-01-01 00:00:00'");
    Map<String, String> config = config("equal_stamps", "batch.max.rows", "70");
    SourceHarness source = source();
    source.run(config, read -> read.size() == 1_000);
    insert("equal_stamps", 1_001, 1_050, "'2026-02-02 00:00:00'");
    oceanBase.execute("UPDATE equal_stamps SET changed = '2026-02-02 00:00:00' WHERE id % 2 = 0");
    Random random = new Random(4);
    List<SourceRecord> records = new ArrayList<>();
    while (records.size() < 550) {
      int more = Math.min(550 - records.size(), 1 + random.nextInt(150));
      records.addAll(source.run(config, read -> read.size() == more));
    }
    assertThat(records).extracting(OceanBaseTimestampIT::key).doesNotHaveDuplicates();
    assertThat(records)
        .extracting(OceanBaseTimestampIT::key)
        .allMatch(id -> (long) id % 2 == 0 || (long) id > 1_000);
    long limit = System.nanoTime() + 1_000_000_000L;
    assertThat(source.run(config, read -> System.nanoTime() > limit)).isEmpty();
  }

  @Test
  void aChangeThatSaysItIsOlderThanTheOverlapIsNotLookedAt() throws Exception {
    create("late", "DATETIME NOT NULL");
    insert("late", 1, 3, "'2026-01-01 12:00:00'");
    Map<String, String> config = config("late", "timestamp.overlap.ms", "60000");
    SourceHarness source = source();
    source.run(config, read -> read.size() == 3);
    insert("late", 4, 4, "'2026-01-01 11:58:59'");
    insert("late", 5, 5, "'2026-01-01 11:59:00'");
    insert("late", 6, 6, "'2026-01-01 12:00:01'");
    List<SourceRecord> records = source.run(config, read -> read.size() == 2);
    assertThat(records).extracting(OceanBaseTimestampIT::key).containsExactly(5L, 6L);
  }

  @Test
  void validateTellsWhichColumnDoesNotServe() throws Exception {
    create("nullable", "DATETIME");
    assertThat(Stack.connect().validate(config("nullable")).get("timestamp.column"))
        .singleElement()
        .asString()
        .contains("column changed of table nullable", "NOT NULL");
    create("number", "BIGINT NOT NULL");
    assertThat(Stack.connect().validate(config("number")).get("timestamp.column"))
        .singleElement()
        .asString()
        .contains("bigint");
  }
}
