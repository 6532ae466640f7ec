package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.vectorconnect.localstack.ConnectRest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An application goes on writing to Milvus while its collection moves to PostgreSQL and the worker
 * is killed; in the end both sides are the same, key by key and bit by bit.
 */
@Services(owned = MILVUS, shared = POSTGRESQL, mortalWorker = true)
@Timeout(400)
class MilvusLiveIT {
  private static final int ROWS = 20_000;

  /** The application: inserts, upserts and deletes of old keys and new ones. */
  private static final class Application implements AutoCloseable {
    private final MilvusCollections milvus = new MilvusCollections(Stack.get().milvusOnKafka());
    private final List<String> collections;
    private final AtomicInteger changes = new AtomicInteger();
    private volatile boolean ended;
    private final CompletableFuture<Void> running;

    Application(List<String> collections) {
      this.collections = collections;
      this.running = CompletableFuture.runAsync(this::run);
    }

    private void run() {
      Random random = new Random(3);
      long next = ROWS;
      while (!ended) {
        String collection = collections.get(random.nextInt(collections.size()));
        long id = 1L + random.nextInt((int) next);
        switch (random.nextInt(4)) {
          case 0 -> milvus.insert(collection, List.of(row(++next), row(++next)));
          case 1 -> milvus.delete(collection, "id in [%d, %d]".formatted(id, next));
          default ->
              milvus
                  .client()
                  .upsert(
                      UpsertReq.builder()
                          .collectionName(collection)
                          .data(List.of(row(id), row(id + 1)))
                          .build());
        }
        changes.incrementAndGet();
      }
    }

    /** A row that no other change makes the same. */
    private JsonObject row(long id) {
      JsonObject row = MilvusCollections.row(id * 31 + changes.get());
      row.addProperty("id", id);
      row.addProperty("label", "change " + changes.get());
      return row;
    }

    void awaitChanges(int more) throws Exception {
      int enough = changes.get() + more;
      Await.until("more changes", () -> running.isDone() || changes.get() >= enough);
      assertThat(running).isNotCompletedExceptionally();
    }

    @Override
    public void close() {
      ended = true;
      running.join();
      milvus.close();
    }
  }

  private static List<String> source(MilvusCollections milvus, String collection) {
    List<String> rows = new ArrayList<>();
    for (Map<String, Object> row :
        new MilvusRows(milvus.client()).byId(collection, 2L * ROWS).values()) {
      ByteBuffer vector = ByteBuffer.allocate(4 + MilvusCollections.DIMENSION * Float.BYTES);
      vector.putShort((short) MilvusCollections.DIMENSION).putShort((short) 0);
      ((List<?>) row.get("v")).forEach(element -> vector.putFloat((Float) element));
      rows.add(
          row.get("id") + "|" + row.get("label") + "|" + HexFormat.of().formatHex(vector.array()));
    }
    Collections.sort(rows);
    return rows;
  }

  private static List<String> target(Sql sql, String table) throws Exception {
    List<String> rows =
        sql.rows("SELECT id, label, encode(vector_send(v), 'hex') FROM \"" + table + "\"");
    Collections.sort(rows);
    return rows;
  }

  @Test
  void aScanUnderWritesAndAKillInItAndOneInTheStream() throws Exception {
    List<String> names = List.of("live_one", "live_two");
    Sql sql = Sql.postgresql();
    try (MilvusCollections milvus = new MilvusCollections(Stack.get().milvusOnKafka())) {
      for (String name : names) {
        milvus.create(name, DataType.Int64, 2, false);
        milvus.insert(name, 1, ROWS, MilvusCollections::row);
        milvus.awaitLoaded(name);
      }
      Map<String, String> sink = sql.sinkConfig(String.join(",", names));
      String sinkName = "sink-live-milvus";
      sink.put("name", sinkName);
      try (Application application = new Application(names)) {
        application.awaitChanges(20);
        Map<String, String> config = example();
        assertThat(Stack.mortal().validate(config)).isEmpty();
        Stack.mortal().put("live-milvus", config);
        Stack.mortal().put(sinkName, sink);
        Await.until(
            "part of the scan",
            () -> sql.count("live_one") > ROWS / 5,
            Stack.mortal(),
            "live-milvus");
        Stack.mortalWorker().kill();
        assertThat(sql.count("live_one")).as("the kill was in the scan").isLessThan(ROWS * 9 / 10);
        application.awaitChanges(100);
        Stack.mortalWorker().start();
        Await.until("a change", () -> isChanged(sql), Stack.mortal(), "live-milvus", sinkName);
        application.awaitChanges(200);
        Stack.mortalWorker().kill();
        application.awaitChanges(100);
        Stack.mortalWorker().start();
        application.awaitChanges(100);
        System.out.printf("changes of live Milvus collections: %d%n", application.changes.get());
      }
      for (String name : names) {
        awaitSame(source(milvus, name), sql, name, "live-milvus", sinkName);
      }
      Stack.mortal().delete(sinkName);
      Stack.mortal().delete("live-milvus");
      names.forEach(milvus::drop);
    }
  }

  @Test
  void aCollectionWithoutALogIsComparedWhileTheWorkerIsKilledAndDown() throws Exception {
    String name = "live_compared";
    int rows = 6_000;
    Sql sql = Sql.postgresql();
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create(name, DataType.Int64, 2, false);
      milvus.insert(name, 1, rows, MilvusCollections::row);
      Map<String, String> sink = sql.sinkConfig(name);
      String sinkName = "sink-live-compared";
      sink.put("name", sinkName);
      Map<String, String> config = MilvusReconcileIT.reconcile(name);
      config.put("scan.ranges", "2");
      config.put("batch.max.rows", "100");
      config.put("poll.interval.ms", "300");
      assertThat(Stack.mortal().validate(config)).isEmpty();
      Stack.mortal().put(name, config);
      Stack.mortal().put(sinkName, sink);
      Await.until("part of the scan", () -> sql.count(name) > rows / 10, Stack.mortal(), name);
      Stack.mortalWorker().kill();
      assertThat(sql.count(name)).as("the kill was in the scan").isLessThan(rows);
      changeWhileDown(milvus, name, 1);
      Stack.mortalWorker().start();
      awaitSame(source(milvus, name), sql, name, name, sinkName);
      changeWhileDown(milvus, name, 2);
      Stack.mortalWorker().kill();
      changeWhileDown(milvus, name, 3);
      Stack.mortalWorker().start();
      awaitSame(source(milvus, name), sql, name, name, sinkName);
      Stack.mortal().delete(sinkName);
      Stack.mortal().delete(name);
      milvus.drop(name);
    }
  }

  private static void changeWhileDown(MilvusCollections milvus, String name, int round) {
    milvus.delete(name, "id %% 50 == %d".formatted(round));
    List<JsonObject> changed = new ArrayList<>();
    for (long id = 10L + round; id < 6_000; id += 40) {
      JsonObject row = MilvusCollections.row(id * 7 + round);
      row.addProperty("id", id);
      row.addProperty("label", "round " + round);
      changed.add(row);
    }
    milvus.client().upsert(UpsertReq.builder().collectionName(name).data(changed).build());
  }

  /** The example's source, with our collections, and slow enough to be killed at work. */
  private static Map<String, String> example() throws Exception {
    Map<String, String> config =
        ConnectRest.config(
            Files.readString(Stack.root().resolve("examples/milvus-to-pgvector-live/source.json")),
            Map.of(
                "MILVUS_URI", Stack.get().milvusOnKafka().uri(),
                "MILVUS_USER", Stack.get().milvusOnKafka().user(),
                "MILVUS_PASSWORD", Stack.get().milvusOnKafka().password(),
                "MILVUS_KAFKA", Stack.get().kafka().bootstrapServers()));
    config.put("name", "live-milvus");
    config.put("collection.include.list", "live_.*");
    config.put("scan.ranges", "3");
    config.put("batch.max.rows", "300");
    config.put("heartbeat.interval.ms", "1000");
    return config;
  }

  private static boolean isChanged(Sql sql) throws Exception {
    return !sql.value("SELECT count(*) FROM live_two WHERE label LIKE 'change%'").equals("0")
        && sql.count("live_two") > ROWS * 9 / 10;
  }

  private static void awaitSame(List<String> expected, Sql sql, String table, String... connectors)
      throws Exception {
    try {
      Await.until(
          "the target to be as the source",
          () -> target(sql, table).equals(expected),
          Stack.mortal(),
          connectors);
    } catch (AssertionError e) {
      TreeSet<String> missing = new TreeSet<>(expected);
      List<String> found = target(sql, table);
      found.forEach(missing::remove);
      TreeSet<String> wrong = new TreeSet<>(found);
      expected.forEach(wrong::remove);
      throw new AssertionError(
          "%s; in the source only: %s; in the target only: %s"
              .formatted(e.getMessage(), missing, wrong),
          e);
    }
  }
}
