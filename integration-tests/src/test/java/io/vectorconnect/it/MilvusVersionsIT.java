package io.vectorconnect.it;

import static io.vectorconnect.it.MilvusCollections.row;
import static io.vectorconnect.localstack.Component.KAFKA;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.Status;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.vectorconnect.it.milvus.MilvusVersion;
import io.vectorconnect.it.milvus.MilvusVersionProxy;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The source reads newer versions of Milvus: no row that is there all the time is lost, whatever is
 * upserted and compacted meanwhile, and no request is one that such a version answers otherwise.
 */
@Services(owned = MILVUS, shared = KAFKA)
@Timeout(120)
class MilvusVersionsIT {
  private static final int ROWS = 1_000;
  private static final int LATE = 60;
  private static final int CHANGES = 8;

  /** How far one of two shards may be behind for reads that do not wait. */
  private static final Duration LAG = Duration.ofMillis(500);

  /** Rounds without a record, after which no more are expected. */
  private static final int IDLE_ROUNDS = 40;

  private MilvusAddress server = Stack.milvus();
  private MilvusVersionProxy proxy;
  private MilvusCollections milvus;
  private final Random random = new Random(31);

  private void connect(MilvusVersion version) {
    proxy = new MilvusVersionProxy(version, server.uri());
    milvus = new MilvusCollections(server.at(proxy.uri()));
  }

  @AfterEach
  void disconnect() {
    if (milvus != null) {
      milvus.close();
      proxy.close();
    }
  }

  private Map<String, String> config(String collection, String... more) {
    Map<String, String> config = MilvusCollections.sourceConfig(collection, collection);
    config.put("connection.uri", proxy.uri());
    config.put("batch.max.rows", "60");
    config.put("poll.interval.ms", "50");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private void create(String name, DataType keyType, AddFieldReq... more) {
    milvus.create(name, keyType, 2, false, more);
    proxy.forgetRequests();
    proxy.lag(LAG);
  }

  private static JsonObject numbered(DataType keyType, long number, String label) {
    JsonObject row = row(number);
    if (keyType == DataType.VarChar) {
      row.addProperty("id", "key-%06d".formatted(number));
    }
    row.addProperty("label", label);
    return row;
  }

  /** Upserts rows all over the collection, and drops their old versions. */
  private void rewrite(String collection, DataType keyType) {
    List<JsonObject> rows = new ArrayList<>();
    for (long number : random.longs(80, 1, ROWS + 1).distinct().toArray()) {
      rows.add(numbered(keyType, number, "new"));
    }
    upsert(collection, rows);
    proxy.compact();
  }

  private void upsert(String collection, List<JsonObject> rows) {
    milvus.client().upsert(UpsertReq.builder().collectionName(collection).data(rows).build());
  }

  private static Object key(SourceRecord record) {
    return ((Struct) record.key()).get("id");
  }

  private static Set<Object> keys(List<SourceRecord> records) {
    return records.stream().map(MilvusVersionsIT::key).collect(Collectors.toSet());
  }

  private static Set<Object> keys(DataType keyType, long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(n -> keyType == DataType.VarChar ? (Object) "key-%06d".formatted(n) : n)
        .collect(Collectors.toSet());
  }

  /** Runs a source until enough keys were seen, or nothing comes any more; rewrites meanwhile. */
  private List<SourceRecord> run(
      Map<String, String> config, String collection, DataType keyType, Set<Object> enough)
      throws Exception {
    Set<Object> seen = new HashSet<>();
    int[] read = {0};
    int[] idle = {0};
    return new SourceHarness(new MilvusSourceConnector())
        .run(
            config,
            records -> {
              if (records.size() > read[0]) {
                seen.add(key(records.get(read[0]++)));
                idle[0] = 0;
                if (read[0] % 100 == 50) {
                  rewrite(collection, keyType);
                }
              } else {
                idle[0]++;
              }
              return seen.containsAll(enough) || idle[0] > IDLE_ROUNDS;
            });
  }

  @ParameterizedTest
  @EnumSource(names = {"V2_5", "V2_6"})
  void aSnapshotHasEveryRowThoughRowsAreUpsertedAndCompacted(MilvusVersion version)
      throws Exception {
    connect(version);
    create("versions_snapshot", DataType.Int64);
    milvus.insert("versions_snapshot", 1, ROWS, id -> numbered(DataType.Int64, id, "old"));
    Set<Object> all = keys(DataType.Int64, 1, ROWS);
    for (String ranges : List.of("1", "3")) {
      List<SourceRecord> records =
          run(
              config(
                  "versions_snapshot", "mode", "snapshot", "scan.ranges", ranges, "tasks.max", "2"),
              "versions_snapshot",
              DataType.Int64,
              all);
      assertThat(keys(records)).as("%s ranges", ranges).isEqualTo(all);
    }
    assertRequests(proxy.requests(QueryRequest.class));
    milvus.drop("versions_snapshot");
  }

  @ParameterizedTest
  @CsvSource({"V2_5, Int64", "V2_6, VarChar"})
  void newKeysAreFollowedWhileOldRowsAreUpsertedAndCompacted(
      MilvusVersion version, DataType keyType) throws Exception {
    connect(version);
    String name = "versions_new_" + keyType;
    create(name, keyType);
    milvus.insert(name, 1, ROWS, number -> numbered(keyType, number, "old"));
    Set<Object> all = keys(keyType, 1, ROWS + LATE);
    int[] next = {ROWS + 1};
    Set<Object> seen = new HashSet<>();
    int[] read = {0};
    int[] idle = {0};
    new SourceHarness(new MilvusSourceConnector())
        .run(
            config(name, "scan.ranges", "3", "tasks.max", "2"),
            records -> {
              if (records.size() > read[0]) {
                seen.add(key(records.get(read[0]++)));
                idle[0] = 0;
              } else {
                idle[0]++;
              }
              if ((read[0] % 100 == 50 || idle[0] % 5 == 1) && next[0] <= ROWS + LATE) {
                rewrite(name, keyType);
                // The smaller key may be on the shard that is behind.
                for (int i = 0; i < 10; i++) {
                  milvus.insert(name, List.of(numbered(keyType, next[0]++, "late")));
                }
              }
              return seen.containsAll(all) || idle[0] > IDLE_ROUNDS;
            });
    assertThat(seen).as("%s", keyType).isEqualTo(all);
    milvus.drop(name);
    assertRequests(proxy.requests(QueryRequest.class));
  }

  @Test
  void timesOfAFieldLeadToEveryChange() throws Exception {
    connect(MilvusVersion.V2_6);
    create(
        "versions_times",
        DataType.Int64,
        AddFieldReq.builder().fieldName("at").dataType(DataType.Int64).build());
    milvus.insert("versions_times", 1, ROWS, id -> at(id, 1, "old"));
    long[] clock = {1};
    follow(
        config(
            "versions_times",
            "scan.ranges",
            "2",
            "tasks.max",
            "2",
            "poll.strategy",
            "timestamp_field",
            "timestamp.field",
            "at",
            "timestamp.overlap",
            "2"),
        "versions_times",
        () -> {
          clock[0]++;
          List<JsonObject> rows = new ArrayList<>();
          for (long id : random.longs(40, 1, ROWS + 50).distinct().toArray()) {
            rows.add(at(id, clock[0] - random.nextInt(2), "change " + clock[0]));
          }
          upsert("versions_times", rows);
          proxy.compact();
        });
    assertRequests(proxy.requests(QueryRequest.class));
    milvus.drop("versions_times");
  }

  private static JsonObject at(long id, long time, String label) {
    JsonObject row = numbered(DataType.Int64, id, label);
    row.addProperty("at", time);
    return row;
  }

  @Test
  void aComparisonFindsEveryChangeAndDeletesNoRowThatIsThere() throws Exception {
    connect(MilvusVersion.V2_6);
    create("versions_compared", DataType.Int64);
    milvus.insert("versions_compared", 1, ROWS, id -> numbered(DataType.Int64, id, "old"));
    int[] change = {0};
    List<SourceRecord> records =
        follow(
            config(
                "versions_compared",
                "scan.ranges",
                "2",
                "tasks.max",
                "2",
                "poll.strategy",
                "reconcile",
                "reconcile.topic",
                "versions_compared",
                "reconcile.bootstrap.servers",
                Stack.get().kafka().bootstrapServers()),
            "versions_compared",
            () -> {
              int number = change[0]++;
              List<JsonObject> rows = new ArrayList<>();
              for (long id : random.longs(40, 1, ROWS - 100).distinct().toArray()) {
                rows.add(numbered(DataType.Int64, id, "change " + number));
              }
              upsert("versions_compared", rows);
              long first = ROWS - 100 + number * 3L; // the last 100 are deleted, a few at a time
              if (first < ROWS) {
                milvus.delete("versions_compared", "id in [%d, %d]".formatted(first, first + 1));
              }
              proxy.compact();
            });
    assertThat(records)
        .filteredOn(record -> record.value() == null)
        .as("deleted")
        .allSatisfy(record -> assertThat((long) key(record)).isGreaterThanOrEqualTo(ROWS - 100));
    assertRequests(proxy.requests(QueryRequest.class));
    milvus.drop("versions_compared");
  }

  @Test
  void planningAComparisonWaitsOnceAndCountsOnce() throws Exception {
    connect(MilvusVersion.V2_6);
    create("versions_planned", DataType.Int64);
    milvus.insert("versions_planned", 1, 20, id -> numbered(DataType.Int64, id, "old"));
    new SourceHarness(new MilvusSourceConnector())
        .run(
            config(
                "versions_planned",
                "poll.strategy",
                "reconcile",
                "reconcile.topic",
                "versions_planned",
                "reconcile.bootstrap.servers",
                Stack.get().kafka().bootstrapServers()),
            records -> records.size() == 20);
    List<QueryRequest> planning = new ArrayList<>();
    for (QueryRequest request : proxy.requests(QueryRequest.class)) {
      if (parameter(request, "limit").equals("1") && !isBarrier(request)) {
        break; // the task asks for each field first
      }
      planning.add(request);
    }
    assertThat(planning)
        .as("counts of all rows")
        .filteredOn(request -> request.getOutputFieldsList().contains("count(*)"))
        .hasSize(1);
    assertThat(planning).filteredOn(MilvusVersionsIT::isBarrier).hasSize(1);
    milvus.drop("versions_planned");
  }

  @Test
  void aServerThatLacksResourcesIsAskedAgain() throws Exception {
    connect(MilvusVersion.V2_5);
    create("versions_poor", DataType.Int64);
    milvus.insert("versions_poor", 1, 200, id -> numbered(DataType.Int64, id, "old"));
    Status poor =
        Status.newBuilder().setCode(12).setReason("resource group node not enough").build();
    List<SourceRecord> records =
        new SourceHarness(new MilvusSourceConnector())
            .run(
                config("versions_poor", "mode", "snapshot", "retry.backoff.ms", "10"),
                read -> {
                  if (read.size() == 60) {
                    proxy.refuse(QueryRequest.class, poor, poor);
                  }
                  return read.size() == 200;
                });
    assertThat(keys(records)).isEqualTo(keys(DataType.Int64, 1, 200));
    milvus.drop("versions_poor");
  }

  /** Changes a collection while a source reads it; what it publishes has to be the same. */
  private List<SourceRecord> follow(Map<String, String> config, String collection, Runnable change)
      throws Exception {
    Map<Object, String> target = new TreeMap<>();
    Map<Object, String> expected = new TreeMap<>();
    int[] read = {0};
    int[] idle = {0};
    int[] changes = {0};
    List<SourceRecord> records =
        new SourceHarness(new MilvusSourceConnector())
            .run(
                config,
                all -> {
                  if (all.size() > read[0]) {
                    apply(all.get(read[0]++), target);
                    idle[0] = 0;
                  } else {
                    idle[0]++;
                  }
                  boolean isDue = read[0] % 200 == 50 || idle[0] == 10;
                  if (isDue && changes[0] < CHANGES) {
                    changes[0]++;
                    change.run();
                    if (changes[0] == CHANGES) {
                      expected.putAll(rows(collection));
                    }
                  }
                  return (changes[0] == CHANGES && target.equals(expected))
                      || idle[0] > IDLE_ROUNDS;
                });
    assertThat(target).isEqualTo(expected);
    return records;
  }

  private static void apply(SourceRecord record, Map<Object, String> target) {
    if (record.value() == null) {
      target.remove(key(record));
    } else {
      target.put(key(record), ((Struct) record.value()).getString("label"));
    }
  }

  private Map<Object, String> rows(String collection) {
    Map<Object, String> rows = new HashMap<>();
    try (MilvusCollections direct = new MilvusCollections(server)) {
      for (Map<String, Object> row :
          new MilvusRows(direct.client()).query(collection, "id >= 0", "id", "label")) {
        rows.put(row.get("id"), (String) row.get("label"));
      }
    }
    return rows;
  }

  /** The scan that comes before a change stream. */
  @Test
  void theScanBeforeAChangeStreamHasEveryRow() throws Exception {
    server = MilvusAddress.of(Stack.get().milvusOnKafka());
    connect(MilvusVersion.V2_5);
    create("versions_stream", DataType.Int64);
    milvus.insert("versions_stream", 1, ROWS, id -> numbered(DataType.Int64, id, "old"));
    Set<Object> all = keys(DataType.Int64, 1, ROWS);
    List<SourceRecord> records =
        run(
            config(
                "versions_stream",
                "scan.ranges",
                "2",
                "poll.strategy",
                "change_stream",
                "change.stream.bootstrap.servers",
                Stack.get().kafka().bootstrapServers()),
            "versions_stream",
            DataType.Int64,
            all);
    assertThat(keys(records)).isEqualTo(all);
    assertRequests(proxy.requests(QueryRequest.class));
    milvus.drop("versions_stream");
  }

  /** What loses rows, or time, on some version. */
  static void assertRequests(List<QueryRequest> requests) {
    List<QueryRequest> pages =
        requests.stream()
            .filter(request -> !request.getOutputFieldsList().contains("count(*)"))
            .filter(request -> !parameter(request, "limit").matches("|1"))
            .toList();
    assertThat(pages)
        .isNotEmpty()
        .allSatisfy(
            page -> {
              assertThat(page.getGuaranteeTimestamp()).as("read as of a time").isZero();
              assertThat(parameter(page, "iterator")).isEqualToIgnoringCase("true");
              assertThat(parameter(page, "reduce_stop_for_best")).isEqualToIgnoringCase("true");
            });
    assertThat(pages)
        .filteredOn(page -> page.getConsistencyLevel() == ConsistencyLevel.Strong)
        .as("pages that wait for the clock")
        .hasSizeLessThan(pages.size() / 2);
    assertThat(requests.subList(0, requests.indexOf(pages.get(0))))
        .as("a read that waits for what was written before the scan")
        .anyMatch(MilvusVersionsIT::isBarrier);
  }

  private static boolean isBarrier(QueryRequest request) {
    return request.getConsistencyLevel() == ConsistencyLevel.Customized
        && request.getGuaranteeTimestamp() > 0
        && parameter(request, "iterator").isEmpty();
  }

  /** Empty where it is not there. */
  private static String parameter(QueryRequest request, String name) {
    return request.getQueryParamsList().stream()
        .filter(parameter -> parameter.getKey().equals(name))
        .map(KeyValuePair::getValue)
        .findFirst()
        .orElse("");
  }
}
