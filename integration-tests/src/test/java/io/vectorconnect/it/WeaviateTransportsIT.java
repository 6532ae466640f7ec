package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.milvus.FieldParameters;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** REST and gRPC give the same records: the same schemas, keys and values. */
@Services(alone = WEAVIATE)
@Timeout(180)
class WeaviateTransportsIT {
  /** Every type of Weaviate 1.35 but references, with a value that is not a default. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("text", "\"snow ☃ \\\" 😀\""),
          Map.entry("int", "-9007199254740992"),
          Map.entry("number", "2"),
          Map.entry("boolean", "false"),
          Map.entry("date", "\"2020-01-02T03:04:05.123456789+05:30\""),
          Map.entry("uuid", "\"AAAAAAAA-1111-4111-8111-111111111111\""),
          Map.entry("blob", "\"AAEC/w==\""),
          Map.entry("geoCoordinates", "{\"latitude\":48.123456789,\"longitude\":-11.5}"),
          Map.entry("phoneNumber", "{\"input\":\"030 901820\",\"defaultCountry\":\"de\"}"),
          Map.entry("text[]", "[\"a\",\"\"]"),
          Map.entry("int[]", "[1,-2,1152921504606846976]"),
          Map.entry("number[]", "[1,0.1,1e21,-1e-9,1e300]"),
          Map.entry("boolean[]", "[true,false]"),
          Map.entry("date[]", "[\"2020-01-02T03:04:05.5Z\",\"1900-01-01T00:00:00+01:00\"]"),
          Map.entry("uuid[]", "[\"AAAAAAAA-1111-4111-8111-111111111111\"]"));

  private final WeaviateObjects weaviate = new WeaviateObjects();

  @AfterEach
  void drop() {
    Stream.of("Everything", "Pointing", "TargetA", "TargetB").forEach(weaviate::drop);
  }

  private static String property(String type) {
    String name = type.replace("[]", "s");
    return "{\"name\":\"" + name + "\",\"dataType\":[\"" + type + "\"]";
  }

  /** Types that objects within objects may have. */
  private static List<String> nestable() {
    return TYPES.keySet().stream()
        .filter(type -> !type.equals("geoCoordinates") && !type.equals("phoneNumber"))
        .sorted()
        .toList();
  }

  private static String properties() {
    String plain = nestable().stream().map(t -> property(t) + "}").collect(Collectors.joining(","));
    String deeper = ",\"nestedProperties\":[" + plain + "]}";
    String nested =
        ",\"nestedProperties\":[%s,%s%s,%s%s]}"
            .formatted(plain, property("object"), deeper, property("object[]"), deeper);
    List<String> all = new ArrayList<>();
    TYPES.keySet().stream().sorted().forEach(type -> all.add(property(type) + "}"));
    all.add(property("object") + nested);
    all.add(property("object[]") + nested);
    return "\"properties\":[" + String.join(",", all) + "]";
  }

  private static String values(List<String> types, Map<String, String> values) {
    return types.stream()
        .map(type -> "\"" + type.replace("[]", "s") + "\":" + values.get(type))
        .collect(Collectors.joining(","));
  }

  /** An object that has values in every property, at every depth. */
  private static String full(Map<String, String> values) {
    String plain = values(nestable(), values);
    String deeper = "{" + plain + "}";
    String object = "{%s,\"object\":%s,\"objects\":[%s,{}]}".formatted(plain, deeper, deeper);
    return "%s,\"object\":%s,\"objects\":[%s,{}]"
        .formatted(values(TYPES.keySet().stream().sorted().toList(), values), object, object);
  }

  private static Map<String, String> each(String scalar, String array) {
    Map<String, String> values = new HashMap<>();
    TYPES.keySet().forEach(type -> values.put(type, type.endsWith("[]") ? array : scalar));
    return values;
  }

  private static Map<String, String> zeros() {
    Map<String, String> zeros = each("0", "[]");
    zeros.put("text", "\"\"");
    zeros.put("boolean", "false");
    zeros.put("blob", "\"AA==\"");
    zeros.put("date", "\"0001-01-01T00:00:00Z\"");
    zeros.put("uuid", "\"00000000-0000-0000-0000-000000000000\"");
    zeros.put("geoCoordinates", "{\"latitude\":0,\"longitude\":0}");
    zeros.put("phoneNumber", "{\"input\":\"+1 2025550123\"}");
    return zeros;
  }

  private List<SourceRecord> read(String collection, String transport, int count) throws Exception {
    return new SourceHarness(new WeaviateSourceConnector())
        .run(
            weaviate.sourceConfig(
                collection, "connection.transport", transport, "object.times", "true"),
            read -> read.size() == count);
  }

  /** The records, which are the same by both. */
  private List<SourceRecord> assertSame(String collection, int count, String way) throws Exception {
    TestLog log = new TestLog();
    List<SourceRecord> grpc = read(collection, "grpc", count);
    assertThat(log.text()).contains("by " + way + "; properties");
    List<SourceRecord> rest = read(collection, "rest", count);
    for (int i = 0; i < count; i++) {
      assertThat(grpc.get(i).key()).isEqualTo(rest.get(i).key());
      Struct one = (Struct) grpc.get(i).value();
      Struct other = (Struct) rest.get(i).value();
      assertThat(one.schema()).isEqualTo(other.schema());
      one.schema()
          .fields()
          .forEach(
              field ->
                  assertThat(one.get(field))
                      .as("%s of %s", field.name(), one.get("id"))
                      .isEqualTo(other.get(field)));
    }
    return rest;
  }

  private static final String VECTORS =
      ",\"vectorConfig\":{\"single\":{\"vectorizer\":{\"none\":{}},\"vectorIndexType\":\"hnsw\"},"
          + "\"multi\":{\"vectorizer\":{\"none\":{}},\"vectorIndexType\":\"hnsw\","
          + "\"vectorIndexConfig\":{\"multivector\":{\"enabled\":true}}}}";

  @Test
  void everyTypeIsTheSame() throws Exception {
    weaviate.create("Everything", properties() + VECTORS);
    List<String> objects =
        List.of(
            "\"properties\":{"
                + full(TYPES)
                + "},\"vectors\":{\"single\":[0.1,1e-45,3.4028235e38],"
                + "\"multi\":[[0.1,2],[-0.5,1e-30]]}",
            "\"properties\":{" + full(zeros()) + "},\"vectors\":{\"single\":[0,1,0]}",
            "\"properties\":{" + full(each("null", "null")) + "}",
            "\"properties\":{\"object\":{},\"objects\":[]}",
            "\"properties\":{}");
    weaviate.insert("Everything", objects.size(), WeaviateObjects::uuid, objects::get);

    List<SourceRecord> records = assertSame("Everything", objects.size(), "gRPC");
    Struct value = (Struct) records.get(0).value();
    assertThat(value.schema().fields())
        .hasSize(1 + TYPES.size() + 2 + 2 + 2)
        .allSatisfy(field -> assertThat(value.get(field)).as(field.name()).isNotNull());
    assertThat(value.getString("object"))
        .contains("\"number\":2.0,\"numbers\":[1.0,0.1,1.0E21,-1.0E-9,1.0E300]")
        .contains("\"int\":-9007199254740992");
    assertThat(value.schema().field("numbers").schema().parameters())
        .containsKey(FieldParameters.MAX_CAPACITY);
  }

  @Test
  void theVectorWithoutANameIsTheSame() throws Exception {
    weaviate.create("Everything", "\"properties\":[]");
    weaviate.insert(
        "Everything",
        3,
        WeaviateObjects::uuid,
        i -> i == 1 ? "\"properties\":{}" : "\"properties\":{},\"vector\":[" + i + ",-0.1]");
    List<SourceRecord> records = assertSame("Everything", 3, "gRPC");
    assertThat(((Struct) records.get(0).value()).getBytes("vector")).hasSize(8);
    assertThat(((Struct) records.get(1).value()).getBytes("vector")).isNull();
  }

  @Test
  void referencesAreTheSameThoughTheirTargetsAreGone() throws Exception {
    weaviate.create("TargetA", "\"properties\":[]");
    weaviate.create("TargetB", "\"properties\":[]");
    weaviate.create(
        "Pointing",
        "\"properties\":[{\"name\":\"one\",\"dataType\":[\"TargetA\"]},"
            + "{\"name\":\"any\",\"dataType\":[\"TargetA\",\"TargetB\"]}]");
    String a = "weaviate://localhost/TargetA/" + WeaviateObjects.uuid(1);
    String gone = "weaviate://localhost/TargetA/" + WeaviateObjects.uuid(2);
    String b = "weaviate://localhost/TargetB/" + WeaviateObjects.uuid(1);
    weaviate.insert("TargetA", 3, WeaviateObjects::uuid, i -> "\"properties\":{}");
    weaviate.insert("TargetB", 3, WeaviateObjects::uuid, i -> "\"properties\":{}");
    String beacons = "[{\"beacon\":\"%s\"},{\"beacon\":\"%s\"}]";
    List<String> objects =
        List.of(
            "\"properties\":{\"one\":%s,\"any\":%s},\"vector\":[1,2]"
                .formatted(beacons.formatted(gone, a), beacons.formatted(b, a)),
            "\"properties\":{\"one\":[]}",
            "\"properties\":{}");
    weaviate.insert("Pointing", objects.size(), WeaviateObjects::uuid, objects::get);
    weaviate.delete("TargetA", WeaviateObjects.uuid(2));

    List<SourceRecord> records = assertSame("Pointing", objects.size(), "REST");
    Struct value = (Struct) records.get(0).value();
    assertThat(value.getString("one")).isEqualTo("[\"%s\",\"%s\"]".formatted(gone, a));
    assertThat(value.getString("any")).isEqualTo("[\"%s\",\"%s\"]".formatted(b, a));
    assertThat(((Struct) records.get(2).value()).getString("one")).isNull();
  }
}
