package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.util.Collections;
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

/** What the Weaviate source does at its limits, and where something is in the way. */
@Services(alone = WEAVIATE)
@Timeout(120)
class WeaviateEdgesIT {
  private static final String NUMBER =
      "\"properties\":[{\"name\":\"number\",\"dataType\":[\"int\"]}]";

  private final WeaviateObjects weaviate = new WeaviateObjects();
  private final SourceHarness source = new SourceHarness(new WeaviateSourceConnector());

  private static String uuid(int i) {
    return new UUID(0x1000, i).toString();
  }

  private static List<String> uuids(int from, int to) {
    return IntStream.range(from, to).mapToObj(WeaviateEdgesIT::uuid).toList();
  }

  private static List<String> ids(List<SourceRecord> records) {
    return records.stream().map(record -> ((Struct) record.key()).getString("id")).toList();
  }

  private void insert(String collection, int from, int to) {
    weaviate.insert(
        collection,
        to - from,
        i -> uuid(from + i),
        i -> "\"properties\":{\"number\":" + (from + i) + "},\"vector\":[1,2]");
  }

  @Test
  void objectsOfOneUpdateTimeComeCompletelyOnManyPages() throws Exception {
    weaviate.create("Instant", NUMBER + ",\"invertedIndexConfig\":{\"indexTimestamps\":true}");
    insert("Instant", 0, 1);
    Map<String, String> config =
        weaviate.sourceConfig(
            "Instant",
            "mode",
            "snapshot_then_poll",
            "poll.strategy",
            "update_time",
            "poll.interval.ms",
            "50",
            "batch.max.rows",
            "30",
            "object.times",
            "true");
    boolean[] inserted = {false};
    int[] rounds = {0};
    List<SourceRecord> records =
        source.run(
            config,
            read -> {
              if (!inserted[0] && read.size() == 1) {
                inserted[0] = true;
                insert("Instant", 1, 801); // in one request
              }
              return Set.copyOf(ids(read)).size() >= 801 && rounds[0]++ > 2;
            });
    // What the scan has read is within the overlap, and comes once more.
    assertThat(ids(records.subList(1, records.size())))
        .containsAll(uuids(1, 801))
        .doesNotHaveDuplicates();
    Map<Object, Long> times =
        records.stream()
            .map(record -> ((Struct) record.value()).get("last_update_time"))
            .collect(Collectors.groupingBy(time -> time, Collectors.counting()));
    assertThat(Collections.max(times.values())).as("of one time").isGreaterThan(3 * 30);
    weaviate.drop("Instant");
  }

  @Test
  void reconcilingMoreObjectsThanMemoryIsMeantForFailsWithAdvice() throws Exception {
    weaviate.create("Many", NUMBER);
    insert("Many", 0, 50);
    Map<String, String> config =
        weaviate.sourceConfig(
            "Many",
            "mode",
            "snapshot_then_poll",
            "poll.strategy",
            "reconcile",
            "reconcile.max.rows",
            "20");
    assertThatThrownBy(() -> source.run(config, read -> read.size() > 50))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("reconcile.max.rows=20")
        .hasMessageContaining("tasks.max");
    config.put("reconcile.max.rows", "50");
    int[] rounds = {0};
    List<SourceRecord> records =
        new SourceHarness(new WeaviateSourceConnector())
            .run(config, read -> read.size() >= 50 && rounds[0]++ > 60);
    assertThat(Set.copyOf(ids(records))).isEqualTo(Set.copyOf(uuids(0, 50)));
    weaviate.drop("Many");
  }

  @Test
  void offsetsCanBeChangedToWhatARangeCanBeReadFrom() throws Exception {
    weaviate.create("Altered", NUMBER);
    insert("Altered", 0, 40);
    Map<String, String> config = weaviate.sourceConfig("Altered");
    List<SourceRecord> records = source.run(config, read -> read.size() == 40);
    Map<String, ?> partition = records.get(39).sourcePartition();
    Map<String, ?> offset = records.get(39).sourceOffset();

    WeaviateSourceConnector connector = new WeaviateSourceConnector();
    assertThat(connector.alterOffsets(config, Map.of(partition, offset))).isTrue();
    Map<Map<String, ?>, Map<String, ?>> reset = new HashMap<>();
    reset.put(partition, null);
    assertThat(connector.alterOffsets(config, reset)).isTrue();
    assertRefused(connector, config, partition, changed(offset, "last", "nowhere"), "a UUID");
    assertRefused(connector, config, partition, changed(offset, "since", "today"), "\"since\"");
    assertRefused(connector, config, partition, changed(offset, "time", 5L), "\"time\"");
    assertRefused(connector, config, partition, changed(offset, "plan", "x"), "plan");

    source.changeOffsets((key, value) -> key.equals(RangeOffsets.LAST) ? uuid(29) : value);
    List<SourceRecord> again = source.run(config, read -> read.size() == 10);
    assertThat(ids(again)).containsExactlyElementsOf(uuids(30, 40));
    weaviate.drop("Altered");
  }

  private static Map<String, ?> changed(Map<String, ?> offset, String key, Object value) {
    Map<String, Object> changed = new HashMap<>(offset);
    changed.put(key, value);
    return changed;
  }

  private static void assertRefused(
      WeaviateSourceConnector connector,
      Map<String, String> config,
      Map<String, ?> partition,
      Map<String, ?> offset,
      String message) {
    assertThatThrownBy(() -> connector.alterOffsets(config, Map.of(partition, offset)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aPropertyNamedVectorStandsBesideTheVectorAsTheMessageAdvises() throws Exception {
    weaviate.create("Clash", "\"properties\":[{\"name\":\"vector\",\"dataType\":[\"text\"]}]");
    weaviate.put("Clash", uuid(1), "\"properties\":{\"vector\":\"x\"},\"vector\":[1,2]");
    Map<String, String> config = weaviate.sourceConfig("Clash");
    assertThat(WeaviateObjects.problems(config))
        .containsOnlyKeys("vector.field.format")
        .allSatisfy(
            (key, message) -> assertThat(message).contains("vector.field.format=${vector}_vector"));
    config.put("vector.field.format", "${vector}_vector");
    assertThat(WeaviateObjects.problems(config)).isEmpty();
    Struct value = (Struct) source.run(config, read -> read.size() == 1).get(0).value();
    assertThat(value.get("vector")).isEqualTo("x");
    assertThat(value.getBytes("vector_vector")).hasSize(8);
    weaviate.drop("Clash");
  }

  @Test
  void anAliasLeadsToItsCollectionAndToAnotherOneWhenItHasMoved() throws Exception {
    weaviate.call("DELETE", "/v1/aliases/Current", "");
    for (String name : List.of("Edition1", "Edition2")) {
      weaviate.create(name, NUMBER);
      insert(name, 0, 40);
    }
    weaviate.call("POST", "/v1/aliases", "{\"alias\":\"Current\",\"class\":\"Edition1\"}");
    Map<String, String> config = weaviate.sourceConfig("Current,Edition1");
    assertThat(WeaviateObjects.problems(config)).isEmpty();
    List<SourceRecord> records = source.run(config, read -> read.size() == 25);
    assertThat(records).extracting(SourceRecord::topic).containsOnly("Edition1");
    weaviate.call("PUT", "/v1/aliases/Current", "{\"class\":\"Edition2\"}");
    config.put("collection.include.list", "Current");
    int[] rounds = {0};
    records = source.run(config, read -> read.size() >= 40 && rounds[0]++ > 2);
    assertThat(records).extracting(SourceRecord::topic).containsOnly("Edition2");
    assertThat(ids(records)).containsExactlyElementsOf(uuids(0, 40));
    config.put("collection.include.list", "Edition.");
    config.put("collection.exclude.list", "Current");
    records = source.run(config, read -> read.size() >= 15 && rounds[0]++ > 5);
    assertThat(records).extracting(SourceRecord::topic).containsOnly("Edition1");
    assertThat(ids(records)).containsExactlyElementsOf(uuids(25, 40));
    config.put("collection.include.list", "Currant");
    assertThat(WeaviateObjects.problems(config))
        .containsOnlyKeys("collection.include.list")
        .allSatisfy((key, message) -> assertThat(message).contains("[Currant]"));
    weaviate.call("DELETE", "/v1/aliases/Current", "");
    weaviate.drop("Edition1");
    weaviate.drop("Edition2");
  }

  @Test
  void whereGrpcIsClosedRestServesAndOwnHeadersAreSent() throws Exception {
    weaviate.create("Behind", NUMBER);
    insert("Behind", 0, 250);
    try (HttpGate gate = new HttpGate(weaviate.server().url())) {
      Map<String, String> config =
          weaviate.sourceConfig(
              "Behind",
              "connection.uri",
              gate.url(),
              "connection.grpc.address",
              "127.0.0.1:1",
              "connection.headers",
              "X-Gate:open sesame",
              "batch.max.rows",
              "100");
      List<SourceRecord> records = source.run(config, read -> read.size() == 250);
      assertThat(ids(records)).containsExactlyElementsOf(uuids(0, 250));
      assertThat(gate.calls())
          .filteredOn(call -> call.path().startsWith("/v1/objects"))
          .hasSizeGreaterThan(2);
      assertThat(gate.calls()).extracting(HttpGate.Call::gate).containsOnly("open sesame");
    }
    weaviate.drop("Behind");
  }
}
