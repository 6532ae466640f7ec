package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.LocalStack;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An application goes on writing to PostgreSQL while its table moves, and the target and the worker
 * are killed; in the end both sides are the same, key by key and bit by bit.
 */
@Services(alone = POSTGRESQL, mortalWorker = true)
@Timeout(600)
class ZeroDowntimeIT {
  private static final int ROWS = 20_000;
  private static final String VECTOR =
      "ARRAY(SELECT (random() - 0.5)::real FROM generate_series(1, 768) WHERE %s = %s)::vector";

  private static String vector(String id) {
    return VECTOR.formatted(id, id);
  }

  /** The application: a few hundred changes a second, of every kind, each its own transaction. */
  private static final class Application implements AutoCloseable {
    private final Sql source;
    private final String table;
    private volatile boolean ended;
    private final AtomicInteger changes = new AtomicInteger();
    private final long begin = System.nanoTime();
    private final CompletableFuture<Void> running;

    Application(Sql source, String table) {
      this.source = source;
      this.table = table;
      this.running = CompletableFuture.runAsync(this::run); // when all of the above is there
    }

    private void run() {
      Random random = new Random(11);
      long next = ROWS;
      try (Connection connection = source.open();
          Statement statement = connection.createStatement()) {
        while (!ended) {
          long id = 1L + random.nextInt((int) next);
          switch (random.nextInt(10)) {
            case 0, 1 -> {
              next++;
              statement.execute(
                  "INSERT INTO %s VALUES (%d, 'new', %d, %s)"
                      .formatted(table, next, changes.get(), vector("1")));
            }
            case 2 -> statement.execute("DELETE FROM %s WHERE id = %d".formatted(table, id));
            case 3, 4 ->
                statement.execute(
                    "UPDATE %s SET v = %s WHERE id = %d".formatted(table, vector("id"), id));
            case 5 ->
                statement.execute("UPDATE %s SET v = NULL WHERE id = %d".formatted(table, id));
            default ->
                statement.execute(
                    "UPDATE %s SET label = 'change %d', n = n + 1 WHERE id = %d"
                        .formatted(table, changes.get(), id));
          }
          changes.incrementAndGet();
          Thread.sleep(2);
        }
      } catch (SQLException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    int changes() {
      return changes.get();
    }

    double perSecond() {
      return changes.get() * 1e9 / (System.nanoTime() - begin);
    }

    @Override
    public void close() {
      ended = true;
      running.join();
    }
  }

  private static Sql source(String table) throws Exception {
    Sql source = Sql.postgresql().createDatabase(table + "_source");
    source.execute(
        "CREATE TABLE %s (id bigint PRIMARY KEY, label text, n int, v vector(768))"
            .formatted(table),
        "INSERT INTO %s SELECT i, 'row ' || i, 0, %s FROM generate_series(1, %d) i"
            .formatted(table, vector("i"), ROWS));
    return source;
  }

  private static Map<String, String> sink(Sql target, String table) {
    Map<String, String> sink = target.sinkConfig(table + ".public." + table);
    sink.put("table.name.format", "${table}");
    sink.put("consumer.override.max.poll.records", "2000");
    sink.put("errors.tolerance", "all");
    sink.put("errors.deadletterqueue.topic.name", "errors-" + table);
    sink.put("errors.deadletterqueue.topic.replication.factor", "1");
    sink.put("errors.deadletterqueue.context.headers.enable", "true");
    return sink;
  }

  private static List<String> rows(Sql sql, String table) throws Exception {
    return sql.rows("SELECT id, label, n, md5(vector_send(v)) FROM " + table + " ORDER BY id");
  }

  private static void awaitSame(Sql source, Sql target, String table, String... connectors)
      throws Exception {
    Set<String> expected = new TreeSet<>(rows(source, table));
    try {
      Await.until(
          "the target to be as the source",
          () ->
              target.count(table) == expected.size()
                  && new TreeSet<>(rows(target, table)).equals(expected),
          Stack.mortal(),
          connectors);
    } catch (AssertionError e) {
      Set<String> missing = new TreeSet<>(expected);
      List<String> found = rows(target, table);
      missing.removeAll(found);
      Set<String> wrong = new TreeSet<>(found);
      wrong.removeAll(expected);
      throw new AssertionError(
          "%s; in the source only: %s; in the target only: %s"
              .formatted(e.getMessage(), missing, wrong),
          e);
    }
  }

  /**
   * What an operator does after comparing. Debezium may read a row for a chunk as it was before an
   * update that it has streamed already: PostgreSQL shows a transaction to others a moment after it
   * stands in the log. Seen once in some twenty runs; more than a few rows would be another fault.
   */
  private static void readStaleRowsAgain(Sql source, Sql target, String table) throws Exception {
    Set<String> rows = new TreeSet<>(rows(target, table));
    Set<String> expected = new TreeSet<>(rows(source, table));
    Set<String> stale = new TreeSet<>(rows);
    stale.removeAll(expected);
    expected.removeAll(rows);
    stale.addAll(expected);
    if (stale.isEmpty()) {
      return;
    }
    System.out.println("rows that Debezium read too early: " + stale);
    assertThat(stale.size()).as("rows to read again").isLessThan(10);
    String filter =
        stale.stream()
            .map(row -> row.substring(0, row.indexOf('|')))
            .distinct()
            .collect(Collectors.joining(",", "id IN (", ")"));
    // A deleted row that came back is not in the source, so no scan tells of it.
    target.execute("DELETE FROM %s WHERE %s".formatted(table, filter));
    source.execute(
        ("INSERT INTO signals VALUES ('2', 'execute-snapshot', '{\"data-collections\":"
                + " [\"public.%1$s\"], \"type\": \"incremental\", \"additional-conditions\":"
                + " [{\"data-collection\": \"public.%1$s\", \"filter\": \"%2$s\"}]}')")
            .formatted(table, filter));
  }

  /** Debezium tells of the end of an incremental scan behind its last row. */
  private static boolean isCompleted(Topics topics, String notifications) {
    return topics.poll(notifications, Duration.ofMillis(100)).stream()
        .map(ConsumerRecord::value)
        .anyMatch(told -> told.contains("\"type\":\"COMPLETED\",\"aggregate_type\":\"Incremental"));
  }

  private static void awaitChanges(Application application, int more) throws Exception {
    int enough = application.changes() + more;
    Await.until("more changes", () -> application.changes() >= enough);
  }

  @Test
  void theFirstScanUnderWritesThenTheTargetAndTheWorkerAreKilledInMidStream() throws Exception {
    String table = "live";
    Sql source = source(table);
    try (LocalStack targetStack = LocalStack.builder().components(Component.POSTGRESQL).start()) {
      Sql target = Sql.postgresql(targetStack.postgresql().server());
      Map<String, String> sink = sink(target, table);
      String name = sink.get("name");
      double perSecond;
      try (ReplicationLag lag = new ReplicationLag(source, table, name)) {
        try (Application application = new Application(source, table)) {
          awaitChanges(application, 100);
          long begin = System.nanoTime();
          Stack.mortal().put(table, PostgresSource.config(table, source, "public." + table));
          Stack.mortal().put(name, sink);
          Await.until(
              "the scan",
              () -> PostgresSource.isScanned(Stack.mortal(), table),
              Stack.mortal(),
              table,
              name);
          System.out.printf("scan of %d rows: %.1f s%n", ROWS, (System.nanoTime() - begin) / 1e9);
          awaitChanges(application, 500);
          targetStack.postgresql().kill();
          awaitChanges(application, 500);
          targetStack.postgresql().start();
          awaitChanges(application, 500);
          Stack.mortalWorker().kill();
          awaitChanges(application, 500);
          Stack.mortalWorker().start();
          awaitChanges(application, 1_000);
          perSecond = application.perSecond();
        }
        awaitSame(source, target, table, table, name);
        Await.until("no lag", () -> lag.records() == 0, Stack.mortal(), table, name);
        assertThat(lag.greatest()).isGreaterThan(0);
      }
      System.out.printf("changes a second: %.0f%n", perSecond);
      assertThat(perSecond).isGreaterThan(100);
      Stack.mortal().delete(name);
      PostgresSource.remove(Stack.mortal(), table, table, source);
    }
  }

  /**
   * The first scan of the test above would begin anew after a kill, and rows that were deleted in
   * between would stay in the target; an incremental one goes on where it was.
   */
  @Test
  void aKillInTheMiddleOfAnIncrementalScan() throws Exception {
    String table = "live_chunks";
    Sql source = source(table);
    source.execute(
        "ALTER TABLE live_chunks REPLICA IDENTITY FULL",
        "CREATE TABLE signals (id varchar(64) PRIMARY KEY, type varchar(32), data varchar(2048))");
    Sql target = Sql.postgresql();
    Map<String, String> sink = sink(target, table);
    String name = sink.get("name");
    try (Topics topics = new Topics();
        Application application = new Application(source, table)) {
      awaitChanges(application, 100);
      Map<String, String> config = PostgresSource.config(table, source, "public." + table);
      config.put("snapshot.mode", "no_data");
      config.put("notification.enabled.channels", "sink");
      config.put("notification.sink.topic.name", "notifications-" + table);
      config.put("signal.data.collection", "public.signals");
      Stack.mortal().put(table, config);
      Stack.mortal().put(name, sink);
      Await.until("the stream", () -> target.count(table) > 0, Stack.mortal(), table, name);
      long begin = System.nanoTime();
      source.execute(
          "INSERT INTO signals VALUES ('1', 'execute-snapshot',"
              + " '{\"data-collections\": [\"public.live_chunks\"], \"type\": \"incremental\"}')");
      Await.until(
          "half of the scan", () -> target.count(table) >= ROWS / 2, Stack.mortal(), table, name);
      Stack.mortalWorker().kill();
      assertThat(target.count(table)).isLessThan(ROWS * 9 / 10);
      awaitChanges(application, 500);
      Stack.mortalWorker().start();
      Await.until(
          "the scan",
          () -> isCompleted(topics, "notifications-" + table),
          Stack.mortal(),
          table,
          name);
      System.out.printf(
          "incremental scan of %d rows: %.1f s%n", ROWS, (System.nanoTime() - begin) / 1e9);
      awaitChanges(application, 1_000);
    }
    source.execute("INSERT INTO live_chunks VALUES (0, 'the last change', 0, NULL)");
    Await.until(
        "the last change",
        () -> !target.rows("SELECT 1 FROM live_chunks WHERE id = 0").isEmpty(),
        Stack.mortal(),
        table,
        name);
    readStaleRowsAgain(source, target, table);
    awaitSame(source, target, table, table, name);
    try (Topics topics = new Topics()) {
      assertThat(topics.sent("errors-" + table)).isZero();
    }
    Stack.mortal().delete(name);
    PostgresSource.remove(Stack.mortal(), table, table, source);
  }
}
