package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Weaviate source promises, stopped and started at any record. */
@Services(alone = WEAVIATE)
@Timeout(180)
class WeaviateSourceIT {
  private static final String NIL = "00000000-0000-0000-0000-000000000000";

  private final WeaviateObjects weaviate = new WeaviateObjects();

  private static SourceHarness source() {
    return new SourceHarness(new WeaviateSourceConnector());
  }

  private static String id(SourceRecord record) {
    return ((Struct) record.key()).getString("id");
  }

  private static List<String> ids(List<SourceRecord> records) {
    return records.stream().map(WeaviateSourceIT::id).toList();
  }

  private static Struct value(SourceRecord record) {
    return (Struct) record.value();
  }

  /** Random, but the same at every run. */
  private static String uuid(int i) {
    Random random = new Random(i * 7919L + 1);
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private static List<String> uuids(int count) {
    return IntStream.range(0, count).mapToObj(WeaviateSourceIT::uuid).toList();
  }

  private static String numbered(int i) {
    return "\"properties\":{\"number\":" + i + "},\"vector\":[" + i + ",0.1,-0.25]";
  }

  private static final String NUMBER =
      "\"properties\":[{\"name\":\"number\",\"dataType\":[\"int\"]}]";

  @Test
  void readsSeveralShardsCompletelyPastTwentyThousandObjectsAndResumesAtAnyRecord()
      throws Exception {
    int rows = 21_000;
    weaviate.create("Shards", NUMBER + ",\"shardingConfig\":{\"desiredCount\":3}");
    weaviate.insert("Shards", rows, WeaviateSourceIT::uuid, WeaviateSourceIT::numbered);
    Random random = new Random(42);
    for (String transport : List.of("grpc", "rest")) {
      SourceHarness source = source();
      List<SourceRecord> records = new ArrayList<>();
      while (records.size() < rows) {
        Map<String, String> config =
            weaviate.sourceConfig(
                "Shards",
                "connection.transport",
                transport,
                "scan.ranges",
                "5",
                "tasks.max",
                Integer.toString(1 + random.nextInt(4)),
                "batch.max.rows",
                Integer.toString(100 + random.nextInt(3_000)));
        int stop = Math.min(rows - records.size(), rows / 4 + random.nextInt(rows));
        records.addAll(source.run(config, read -> read.size() == stop));
      }
      assertThat(ids(records)).containsExactlyInAnyOrderElementsOf(uuids(rows));
      SourceRecord record = records.get(random.nextInt(rows));
      long number = value(record).getInt64("number");
      assertThat(id(record)).isEqualTo(uuid((int) number));
      assertThat(value(record).getBytes("vector"))
          .isEqualTo(PackedVector.ofFloats(new float[] {number, 0.1f, -0.25f}).bytes());
    }
    weaviate.drop("Shards");
  }

  @Test
  void survivesAKillOfTheServerInMidScan() throws Exception {
    int rows = 3_000;
    weaviate.create("Killed", NUMBER);
    weaviate.insert("Killed", rows, WeaviateSourceIT::uuid, WeaviateSourceIT::numbered);
    boolean[] killed = {false};
    List<SourceRecord> records =
        source()
            .run(
                weaviate.sourceConfig("Killed", "batch.max.rows", "200", "retry.backoff.ms", "100"),
                read -> {
                  if (read.size() == 1_000 && !killed[0]) {
                    killed[0] = true;
                    weaviate.server().kill();
                    weaviate.server().start();
                  }
                  return read.size() == rows;
                });
    assertThat(ids(records)).containsExactlyInAnyOrderElementsOf(uuids(rows));
    weaviate.drop("Killed");
  }

  @Test
  void tenantsAreReadApartAndInactiveOnesAreActivatedOnlyOnRequest() throws Exception {
    weaviate.create("Tenants", NUMBER + ",\"multiTenancyConfig\":{\"enabled\":true}");
    weaviate.call(
        "POST",
        "/v1/schema/Tenants/tenants",
        "[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"asleep\"}]");
    for (String tenant : List.of("a", "b", "asleep")) {
      weaviate.insert(
          "Tenants",
          300,
          WeaviateSourceIT::uuid, // the same UUIDs in every tenant
          i -> "\"tenant\":\"" + tenant + "\"," + numbered(i));
    }
    weaviate.call(
        "PUT",
        "/v1/schema/Tenants/tenants",
        "[{\"name\":\"asleep\",\"activityStatus\":\"INACTIVE\"}]");
    SourceHarness source = source();
    Map<String, String> config =
        weaviate.sourceConfig("Tenants", "tasks.max", "2", "batch.max.rows", "100");
    List<SourceRecord> records = new ArrayList<>(source.run(config, read -> read.size() == 250));
    records.addAll(source.run(config, read -> read.size() == 350));
    assertThat(records)
        .extracting(record -> ((Struct) record.key()).getString("tenant"))
        .containsOnly("a", "b");
    assertThat(records).extracting(SourceRecord::key).doesNotHaveDuplicates().hasSize(600);

    config.put("tenant.activate", "true");
    config.put("tenant.include.list", "asleep");
    config.put("tenant.topics", "true");
    int[] rounds = {0};
    records = source().run(config, read -> read.size() == 300 && rounds[0]++ > 2);
    assertThat(ids(records)).containsExactlyInAnyOrderElementsOf(uuids(300));
    assertThat(records).extracting(SourceRecord::topic).containsOnly("Tenants.asleep");
    assertThat(weaviate.call("GET", "/v1/schema/Tenants/tenants", "").toString())
        .contains("\"activityStatus\":\"COLD\",\"name\":\"asleep\"");
    weaviate.drop("Tenants");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "rest"})
  void everyTypeArrivesAsItIs(String transport) throws Exception {
    String[][] types = {
      {"t", "text"},
      {"i", "int"},
      {"n", "number"},
      {"b", "boolean"},
      {"d", "date"},
      {"u", "uuid"},
      {"bl", "blob"},
      {"g", "geoCoordinates"},
      {"p", "phoneNumber"},
      {"ta", "text[]"},
      {"ia", "int[]"},
      {"na", "number[]"},
      {"ba", "boolean[]"},
      {"da", "date[]"},
      {"ua", "uuid[]"}
    };
    List<String> properties = new ArrayList<>();
    for (String[] type : types) {
      properties.add("{\"name\":\"%s\",\"dataType\":[\"%s\"]}".formatted(type[0], type[1]));
    }
    String nested =
        "\"nestedProperties\":[{\"name\":\"a\",\"dataType\":[\"text\"]},{\"name\":\"k\",\"dataType\":[\"int[]\"]},"
            + "{\"name\":\"o\",\"dataType\":[\"object\"],\"nestedProperties\":[{\"name\":\"z\",\"dataType\":[\"number\"]}]}]";
    properties.add("{\"name\":\"o\",\"dataType\":[\"object\"]," + nested + "}");
    properties.add("{\"name\":\"oa\",\"dataType\":[\"object[]\"]," + nested + "}");
    weaviate.create("Types", "\"properties\":[" + String.join(",", properties) + "]");
    String object = "{\"a\":\"x\",\"k\":[1,2],\"o\":{\"z\":1.5}}";
    weaviate.put(
        "Types",
        NIL,
        "\"properties\":{\"t\":\"snow ☃ \\\" emoji 😀\",\"i\":-9007199254740992,\"n\":0.1,\"b\":false,"
            + "\"d\":\"2020-01-02T03:04:05.123456789+05:30\",\"u\":\"AAAAAAAA-1111-4111-8111-111111111111\","
            + "\"bl\":\"AAEC/w==\",\"g\":{\"latitude\":48.1,\"longitude\":-11.5},\"p\":{\"input\":\"+49 171 1234567\"},"
            + "\"ta\":[\"a\",\"\"],\"ia\":[1,-2],\"na\":[0.1,1e300],\"ba\":[true,false],"
            + "\"da\":[\"2020-01-02T03:04:05Z\"],\"ua\":[\"aaaaaaaa-1111-4111-8111-111111111111\"],"
            + "\"o\":"
            + object
            + ",\"oa\":["
            + object
            + ",{\"a\":\"y\"}]},"
            + "\"vector\":[0.1,1e-45,3.4028235e38]");
    weaviate.put("Types", uuid(1), "\"properties\":{\"t\":\"\",\"ta\":[]}");
    List<SourceRecord> records =
        source()
            .run(
                weaviate.sourceConfig(
                    "Types", "connection.transport", transport, "object.times", "true"),
                read -> read.size() == 2);
    assertThat(ids(records)).containsExactly(NIL, uuid(1));
    Struct full = value(records.get(0));
    assertThat(full.get("t")).isEqualTo("snow ☃ \" emoji 😀");
    assertThat(full.get("i")).isEqualTo(-9007199254740992L);
    assertThat(full.get("n")).isEqualTo(0.1);
    assertThat(full.get("b")).isEqualTo(false);
    assertThat(full.get("d")).isEqualTo("2020-01-02T03:04:05.123456789+05:30");
    assertThat(full.get("u")).isEqualTo("aaaaaaaa-1111-4111-8111-111111111111");
    assertThat(full.getBytes("bl")).isEqualTo(new byte[] {0, 1, 2, -1});
    assertThat(full.get("g")).isEqualTo("{\"latitude\":48.1,\"longitude\":-11.5}");
    assertThat(full.getString("p"))
        .startsWith("{\"input\":\"+49 171 1234567\"")
        .contains("\"countryCode\":49,\"national\":1711234567,\"valid\":true");
    assertThat(full.getArray("ta")).isEqualTo(List.of("a", ""));
    assertThat(full.getArray("ia")).isEqualTo(List.of(1L, -2L));
    assertThat(full.getArray("na")).isEqualTo(List.of(0.1, 1e300));
    assertThat(full.getArray("ba")).isEqualTo(List.of(true, false));
    assertThat(full.getArray("da")).isEqualTo(List.of("2020-01-02T03:04:05Z"));
    assertThat(full.getArray("ua")).isEqualTo(List.of("aaaaaaaa-1111-4111-8111-111111111111"));
    assertThat(full.get("o")).isEqualTo(object);
    assertThat(full.get("oa")).isEqualTo("[" + object + ",{\"a\":\"y\"}]");
    assertThat(full.getBytes("vector"))
        .isEqualTo(
            PackedVector.ofFloats(new float[] {0.1f, Float.MIN_VALUE, Float.MAX_VALUE}).bytes());
    assertThat(full.get("last_update_time")).isNotNull();
    Struct empty = value(records.get(1));
    assertThat(empty.get("t")).isEqualTo("");
    assertThat(empty.getArray("ta")).isEmpty();
    assertThat(empty.schema().fields())
        .filteredOn(field -> empty.get(field) == null)
        .extracting(org.apache.kafka.connect.data.Field::name)
        .contains("i", "n", "b", "d", "u", "bl", "g", "p", "ia", "o", "oa", "vector");
    weaviate.drop("Types");
  }

  @Test
  void integersThatWeaviateCannotTellAreRefusedOrLeftOutByName() throws Exception {
    weaviate.create("Large", NUMBER);
    weaviate.put("Large", uuid(1), "\"properties\":{\"number\":1152921504606846976}");
    weaviate.put("Large", uuid(2), "\"properties\":{\"number\":9223372036854775807}");
    for (String transport : List.of("grpc", "rest")) {
      Map<String, String> config =
          weaviate.sourceConfig("Large", "connection.transport", transport);
      assertThatThrownBy(() -> source().run(config, read -> read.size() == 2))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("collection Large, object " + uuid(2) + ", property number")
          .hasMessageNotContaining("922");
      config.put("object.errors", "skip");
      int[] rounds = {0};
      List<SourceRecord> records = source().run(config, read -> rounds[0]++ > 3);
      assertThat(ids(records)).containsExactly(uuid(1));
      assertThat(value(records.get(0)).get("number")).isEqualTo(1152921504606846976L);
    }
    weaviate.drop("Large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "rest"})
  void namedVectorsAreFieldsOfTheirOwnAndTellTheirIndex(String transport) throws Exception {
    String vector =
        "\"%s\":{\"vectorizer\":{\"none\":{}},\"vectorIndexType\":\"%s\",\"vectorIndexConfig\":{%s}}";
    weaviate.call("DELETE", "/v1/schema/Named", "");
    weaviate.call(
        "POST",
        "/v1/schema",
        "{\"class\":\"Named\",\"properties\":[{\"name\":\"title\",\"dataType\":[\"text\"]}],\"vectorConfig\":{"
            + vector.formatted("title", "hnsw", "\"distance\":\"dot\",\"maxConnections\":24")
            + ","
            + vector.formatted(
                "flat", "flat", "\"distance\":\"l2-squared\",\"bq\":{\"enabled\":true}")
            + ","
            + vector.formatted("many", "hnsw", "\"multivector\":{\"enabled\":true}")
            + "}}");
    weaviate.put(
        "Named",
        uuid(1),
        "\"properties\":{\"title\":\"x\"},\"vectors\":{\"title\":[0.1,0.2],\"flat\":[1,2,3],\"many\":[[0.1,2],[3,4],[5,6]]}");
    weaviate.put("Named", uuid(2), "\"vectors\":{\"flat\":[4,5,6]}");
    Map<String, String> config = weaviate.sourceConfig("Named", "connection.transport", transport);
    assertThatThrownBy(() -> source().run(config, read -> true))
        .hasMessageContaining("vector.field.format");
    config.put("vector.field.format", "${vector}_vector");
    List<SourceRecord> records = source().run(config, read -> read.size() == 2);
    Map<String, Struct> values = new HashMap<>();
    records.forEach(record -> values.put(id(record), value(record)));
    Struct both = values.get(uuid(1));
    assertThat(both.getBytes("title_vector"))
        .isEqualTo(PackedVector.ofFloats(new float[] {0.1f, 0.2f}).bytes());
    assertThat(both.getBytes("flat_vector"))
        .isEqualTo(PackedVector.ofFloats(new float[] {1, 2, 3}).bytes());
    assertThat(both.getString("many_vector")).isEqualTo("[[0.1,2.0],[3.0,4.0],[5.0,6.0]]");
    assertThat(values.get(uuid(2)).get("title_vector")).isNull();
    Schema title = both.schema().field("title_vector").schema();
    assertThat(VectorType.of(title)).hasValue(VectorType.FLOAT);
    assertThat(VectorSchema.dimension(title)).hasValue(2);
    assertThat(VectorSchema.metric(title)).hasValue("IP");
    assertThat(title.parameters())
        .containsEntry("index.type", "hnsw")
        .containsEntry("index.m", "24");
    assertThat(both.schema().field("flat_vector").schema().parameters())
        .containsEntry("dimension", "3")
        .containsEntry("metric", "L2")
        .containsEntry("index.quantization", "bq");
    weaviate.drop("Named");
  }

  @Test
  void referencesTravelAsBeaconsEvenWhenTheirTargetIsGone() throws Exception {
    weaviate.drop("Pointing");
    weaviate.create("Target", NUMBER);
    weaviate.create("Pointing", "\"properties\":[{\"name\":\"to\",\"dataType\":[\"Target\"]}]");
    String beacon = "weaviate://localhost/Target/" + uuid(1);
    weaviate.put("Target", uuid(1), numbered(1));
    weaviate.put(
        "Pointing",
        uuid(2),
        "\"properties\":{\"to\":[{\"beacon\":\"" + beacon + "\"}]},\"vector\":[1,2]");
    weaviate.delete("Target", uuid(1));
    List<SourceRecord> records =
        source().run(weaviate.sourceConfig("Pointing"), read -> read.size() == 1);
    assertThat(value(records.get(0)).getString("to")).isEqualTo("[\"" + beacon + "\"]");
    assertThat(ByteBuffer.wrap(value(records.get(0)).getBytes("vector")).remaining()).isEqualTo(8);
    weaviate.drop("Pointing");
    weaviate.drop("Target");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reconcile", "update_time"})
  void whatChangesAfterTheScanFollows(String strategy) throws Exception {
    weaviate.create("Tail", NUMBER + ",\"invertedIndexConfig\":{\"indexTimestamps\":true}");
    weaviate.insert("Tail", 30, WeaviateSourceIT::uuid, WeaviateSourceIT::numbered);
    boolean deletes = strategy.equals("reconcile");
    Map<String, String> config =
        weaviate.sourceConfig(
            "Tail",
            "mode",
            "snapshot_then_poll",
            "poll.strategy",
            strategy,
            "poll.interval.ms",
            "50",
            "poll.overlap.ms",
            "2000",
            "batch.max.rows",
            "7",
            "scan.ranges",
            "3");
    int[] rounds = {0};
    SourceHarness source = source();
    List<SourceRecord> records =
        new ArrayList<>(
            source.run(
                config,
                read -> {
                  if (read.size() >= 30 && rounds[0]++ == 3) {
                    weaviate.put("Tail", uuid(5), numbered(-5));
                    weaviate.delete("Tail", uuid(7));
                    weaviate.insert("Tail", 20, i -> uuid(100 + i), i -> numbered(100 + i));
                  }
                  Map<String, Object> state = replay(read);
                  return state.size() == (deletes ? 49 : 50)
                      && Long.valueOf(-5).equals(state.get(uuid(5)));
                }));
    assertThat(records.get(0).headers().lastWithName(SnapshotMarker.HEADER).value())
        .isEqualTo("true");
    assertThat(
            records.get(records.size() - 1).headers().lastWithName(SnapshotMarker.HEADER).value())
        .isEqualTo("false");

    // Changes while it is down.
    weaviate.put("Tail", uuid(6), numbered(-6));
    weaviate.delete("Tail", uuid(8));
    weaviate.insert("Tail", 10, i -> uuid(200 + i), i -> numbered(200 + i));
    records.addAll(
        source.run(
            config,
            read ->
                Long.valueOf(-6).equals(replay(read).get(uuid(6)))
                    && ids(read).containsAll(uuids(210).subList(200, 210))
                    && (!deletes || ids(read).contains(uuid(8)))));
    Map<String, Object> state = replay(records);
    assertThat(state).hasSize(deletes ? 58 : 60);
    assertThat(state.containsKey(uuid(7))).isEqualTo(!deletes);
    assertThat(state.containsKey(uuid(8))).isEqualTo(!deletes);
    weaviate.drop("Tail");
  }

  /** What an upserting sink would hold. */
  private static Map<String, Object> replay(List<SourceRecord> records) {
    Map<String, Object> state = new HashMap<>();
    for (SourceRecord record : records) {
      if (record.value() == null) {
        state.remove(id(record));
      } else {
        state.put(id(record), value(record).get("number"));
      }
    }
    return state;
  }

  @Test
  void anEmptyCollectionIsReadAndALimitIsKeptAcrossRestarts() throws Exception {
    weaviate.create("Limited", NUMBER);
    int[] rounds = {0};
    assertThat(source().run(weaviate.sourceConfig("Limited"), read -> rounds[0]++ > 2)).isEmpty();
    weaviate.insert("Limited", 500, WeaviateSourceIT::uuid, WeaviateSourceIT::numbered);
    SourceHarness source = source();
    Map<String, String> config =
        weaviate.sourceConfig("Limited", "row.limit", "120", "batch.max.rows", "50");
    List<SourceRecord> records = new ArrayList<>(source.run(config, read -> read.size() == 33));
    records.addAll(source.run(config, read -> read.size() >= 87 && rounds[0]++ > 6));
    assertThat(ids(records))
        .containsExactlyElementsOf(uuids(500).stream().sorted().limit(120).toList());
    weaviate.drop("Limited");
  }

  @Test
  void anObjectWithAVectorOfAnotherDimensionIsNamed() throws Exception {
    weaviate.create("Ragged", NUMBER + ",\"vectorIndexConfig\":{\"skip\":true}");
    weaviate.put("Ragged", NIL, "\"vector\":[1,2]");
    weaviate.put("Ragged", uuid(1), "\"vector\":[1,2,3]");
    assertThatThrownBy(
            () -> source().run(weaviate.sourceConfig("Ragged"), read -> read.size() == 2))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("object " + uuid(1) + ", vector vector: expected dimension 2")
        .hasMessageContaining("got 3");
    weaviate.drop("Ragged");
  }

  @Test
  void validateTellsEachProblemOnItsKey() {
    weaviate.create("Checked", NUMBER);
    assertThat(problems()).isEmpty();
    assertThat(problems("connection.token", weaviate.server().readerKey())).isEmpty();
    assertThat(problems("connection.token", "wrong-secret"))
        .containsOnlyKeys("connection.token")
        .allSatisfy((key, messages) -> assertThat(messages).doesNotContain("wrong-secret"));
    assertThat(problems("connection.uri", "http://127.0.0.1:1")).containsOnlyKeys("connection.uri");
    assertThat(problems("connection.grpc.address", "127.0.0.1:1", "connection.transport", "grpc"))
        .containsOnlyKeys("connection.grpc.address");
    assertThat(problems("collection.include.list", "Missing"))
        .containsOnlyKeys("collection.include.list");
    assertThat(problems("mode", "snapshot_then_poll", "poll.strategy", "update_time"))
        .containsOnlyKeys("poll.strategy");
    assertThat(problems("poll.strategy", "new_keys")).containsOnlyKeys("poll.strategy");
    weaviate.drop("Checked");
  }

  private Map<String, String> problems(String... more) {
    Map<String, String> problems = new HashMap<>();
    for (ConfigValue value :
        new WeaviateSourceConnector()
            .validate(weaviate.sourceConfig("Checked", more))
            .configValues()) {
      if (!value.errorMessages().isEmpty()) {
        problems.put(value.name(), value.errorMessages().toString());
      }
    }
    return problems;
  }
}
