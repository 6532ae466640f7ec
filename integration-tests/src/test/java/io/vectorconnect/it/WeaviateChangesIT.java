package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes in a collection while the source reads it: objects, and the collection itself. */
@Services(alone = WEAVIATE)
@Timeout(120)
class WeaviateChangesIT {
  private static final String VECTOR =
      "{\"vectorizer\":{\"none\":{}},\"vectorIndexType\":\"hnsw\"}";

  private final WeaviateObjects weaviate = new WeaviateObjects();
  private final SourceHarness source = new SourceHarness(new WeaviateSourceConnector());

  /** Evenly over all UUIDs. */
  private static String uuid(int i) {
    return new UUID((long) i << 54, i).toString();
  }

  private static String id(SourceRecord record) {
    return ((Struct) record.key()).getString("id");
  }

  private static Struct value(SourceRecord record) {
    return (Struct) record.value();
  }

  private void create(String name) {
    weaviate.drop(name);
    weaviate.call(
        "POST",
        "/v1/schema",
        "{\"class\":\"%s\",\"invertedIndexConfig\":{\"indexTimestamps\":true},\"vectorConfig\":{\"one\":%s},"
                .formatted(name, VECTOR)
            + "\"properties\":[{\"name\":\"number\",\"dataType\":[\"int\"]},{\"name\":\"o\",\"dataType\":[\"object\"],"
            + "\"nestedProperties\":[{\"name\":\"a\",\"dataType\":[\"text\"]}]}]}");
  }

  private static String numbered(int i) {
    return "\"properties\":{\"number\":%d},\"vectors\":{\"one\":[%d,1]}".formatted(i, i);
  }

  private Map<String, String> polling(String collection, String strategy) {
    return weaviate.sourceConfig(
        collection,
        "mode",
        "snapshot_then_poll",
        "poll.strategy",
        strategy,
        "poll.interval.ms",
        "20",
        "poll.overlap.ms",
        "2000",
        "batch.max.rows",
        "70");
  }

  /** Two tasks could tell of one object in another order than that of its updates. */
  @Test
  void anObjectIsPublishedByOneTaskAlone() throws Exception {
    create("Alone");
    weaviate.insert("Alone", 900, WeaviateChangesIT::uuid, WeaviateChangesIT::numbered);
    Map<String, String> config = polling("Alone", "update_time");
    config.put("tasks.max", "3");
    config.put("scan.ranges", "3");
    boolean[] changed = {false};
    int[] rounds = {0};
    Map<String, Long> state = new HashMap<>();
    Map<String, Long> first = negatives(1_000, 0);
    Map<String, Long> second = negatives(1_023, 1);
    List<SourceRecord> records =
        new ArrayList<>(
            source.run(
                config,
                read -> {
                  apply(read, state);
                  if (!changed[0] && read.size() == 300) { // in the midst of the scan
                    changed[0] = true;
                    weaviate.insert("Alone", 1_000, WeaviateChangesIT::uuid, i -> numbered(-i));
                  }
                  return state.equals(first) && rounds[0]++ > 20;
                }));
    weaviate.insert("Alone", 1_023, WeaviateChangesIT::uuid, i -> numbered(-i - 1));
    config.put("tasks.max", "2");
    records.addAll(
        source.run(
            config,
            read -> {
              apply(read, state);
              return state.equals(second);
            }));
    Map<String, Set<Object>> partitions =
        records.stream()
            .collect(
                Collectors.groupingBy(
                    WeaviateChangesIT::id,
                    Collectors.mapping(SourceRecord::sourcePartition, Collectors.toSet())));
    assertThat(partitions.values()).allSatisfy(of -> assertThat(of).hasSize(1));
    assertThat(Set.copyOf(partitions.values())).as("ranges").hasSizeGreaterThanOrEqualTo(3);
    weaviate.drop("Alone");
  }

  private static Map<String, Long> negatives(int count, int less) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(WeaviateChangesIT::uuid, i -> -(long) i - less));
  }

  /** Does to a target what the last record says. */
  private static void apply(List<SourceRecord> read, Map<String, Long> state) {
    if (!read.isEmpty()) {
      SourceRecord record = read.get(read.size() - 1);
      state.put(id(record), value(record).getInt64("number"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "rest"})
  void aPropertyThatIsAddedInMidScanStopsTheTaskAndIsReadAfterARestart(String transport)
      throws Exception {
    create("Grown");
    weaviate.insert("Grown", 300, WeaviateChangesIT::uuid, WeaviateChangesIT::numbered);
    Map<String, String> config =
        weaviate.sourceConfig("Grown", "connection.transport", transport, "batch.max.rows", "100");
    List<SourceRecord> records = new ArrayList<>();
    assertThatThrownBy(
            () ->
                source.run(
                    config,
                    read -> {
                      if (read.size() == 50) {
                        property("Grown", "late");
                        weaviate.insert(
                            "Grown",
                            300,
                            WeaviateChangesIT::uuid,
                            i -> "\"properties\":{\"late\":\"x\"},\"vectors\":{\"one\":[1,2]}");
                      }
                      keep(read, records);
                      return read.size() == 300;
                    }))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Grown")
        .hasMessageContaining("new properties [late]")
        .hasMessageContaining("restart the task");
    assertThat(records).hasSize(100);
    List<SourceRecord> rest = source.run(config, read -> read.size() == 200);
    assertThat(rest).allSatisfy(r -> assertThat(value(r).get("late")).isEqualTo("x"));
    assertThat(rest).extracting(WeaviateChangesIT::id).doesNotContain(id(records.get(99)));
    weaviate.drop("Grown");
  }

  private static void keep(List<SourceRecord> read, List<SourceRecord> records) {
    if (read.size() > records.size()) {
      records.add(read.get(read.size() - 1));
    }
  }

  private void property(String collection, String name) {
    weaviate.call(
        "POST",
        "/v1/schema/" + collection + "/properties",
        "{\"name\":\"" + name + "\",\"dataType\":[\"text\"]}");
  }

  @ParameterizedTest
  @CsvSource({"update_time,grpc", "reconcile,grpc", "reconcile,rest"})
  void whatIsAddedToACollectionStopsTheLooksAndIsReadAfterARestart(
      String strategy, String transport) throws Exception {
    create("Later");
    weaviate.put("Later", uuid(1), numbered(1));
    Map<String, String> config = polling("Later", strategy);
    config.put("connection.transport", transport);
    Struct read =
        added(
            config,
            "new properties [late]",
            () -> property("Later", "late"),
            "\"properties\":{\"number\":2,\"late\":\"x\"}");
    assertThat(read.get("late")).isEqualTo("x");
    read =
        added(
            config,
            "new properties [o.b]",
            () -> {}, // the server adds it by itself
            "\"properties\":{\"number\":3,\"o\":{\"a\":\"y\",\"b\":\"z\"}}");
    assertThat(read.get("o")).isEqualTo("{\"a\":\"y\",\"b\":\"z\"}");
    read =
        added(
            config,
            "new vectors [two]",
            this::addVector,
            "\"properties\":{\"number\":4},\"vectors\":{\"one\":[1,2],\"two\":[3,4,5]}");
    assertThat(read.getBytes("two"))
        .isEqualTo(PackedVector.ofFloats(new float[] {3, 4, 5}).bytes());
    weaviate.drop("Later");
  }

  /** Adds to a running collection, and returns what a task reads that is started after that. */
  private Struct added(Map<String, String> config, String message, Runnable change, String object)
      throws Exception {
    int[] rounds = {0};
    assertThatThrownBy(
            () ->
                source.run(
                    config,
                    read -> {
                      if (rounds[0]++ == 5) {
                        change.run();
                        weaviate.put("Later", uuid(2), object);
                      }
                      return rounds[0] > 100;
                    }))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(message);
    List<SourceRecord> records =
        source.run(config, read -> read.stream().anyMatch(r -> id(r).equals(uuid(2))));
    return value(records.get(records.size() - 1));
  }

  private void addVector() {
    ObjectNode schema = (ObjectNode) weaviate.call("GET", "/v1/schema/Later", "");
    ObjectNode vectors = (ObjectNode) schema.get("vectorConfig");
    vectors
        .putObject("two")
        .put("vectorIndexType", "hnsw")
        .putObject("vectorizer")
        .putObject("none");
    weaviate.call("PUT", "/v1/schema/Later", schema.toString());
  }

  @Test
  void looksInPagesThatAreFarTooLargeBecomeSmall() throws Exception {
    create("Wide");
    weaviate.insert("Wide", 200, WeaviateChangesIT::uuid, WeaviateChangesIT::numbered);
    Map<String, String> config = polling("Wide", "update_time");
    config.put("batch.max.rows", "100000"); // the server allows 10,000
    config.put("batch.max.bytes", "100000000");
    config.put("poll.overlap.ms", "60000"); // what the scan has read comes again
    boolean[] changed = {false};
    source.run(
        config,
        read -> {
          if (!changed[0] && read.size() > 250) { // the looks have told how small objects are
            changed[0] = true;
            weaviate.put("Wide", uuid(7), numbered(-7));
          }
          SourceRecord last = read.isEmpty() ? null : read.get(read.size() - 1);
          return changed[0]
              && last != null
              && id(last).equals(uuid(7))
              && value(last).getInt64("number") == -7;
        });
    weaviate.drop("Wide");
  }

  @Test
  void changesOfACollectionWithReferencesAreReadByRest() throws Exception {
    weaviate.drop("Refers");
    create("Refers");
    weaviate.call(
        "POST", "/v1/schema/Refers/properties", "{\"name\":\"to\",\"dataType\":[\"Refers\"]}");
    weaviate.insert("Refers", 20, WeaviateChangesIT::uuid, WeaviateChangesIT::numbered);
    String beacon = "weaviate://localhost/Refers/" + uuid(1);
    boolean[] changed = {false};
    List<SourceRecord> records =
        source.run(
            polling("Refers", "update_time"),
            read -> {
              if (!changed[0] && read.size() == 20) {
                changed[0] = true;
                weaviate.insert(
                    "Refers",
                    30,
                    WeaviateChangesIT::uuid,
                    i -> "\"properties\":{\"to\":[{\"beacon\":\"" + beacon + "\"}]}");
              }
              return read.stream().filter(r -> value(r).get("to") != null).count() == 30;
            });
    assertThat(records.subList(records.size() - 30, records.size()))
        .allSatisfy(r -> assertThat(value(r).get("to")).isEqualTo("[\"" + beacon + "\"]"))
        .extracting(WeaviateChangesIT::id)
        .doesNotHaveDuplicates();
    weaviate.drop("Refers");
  }
}
