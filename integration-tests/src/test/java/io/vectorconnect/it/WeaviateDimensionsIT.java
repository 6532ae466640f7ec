package io.vectorconnect.it;

import static io.vectorconnect.it.WeaviateObjects.problems;
import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every record's schema tells the dimensions, wherever the first vector is. */
@Services(alone = WEAVIATE)
@Timeout(120)
class WeaviateDimensionsIT {
  private static final String NAME = "Sized";
  private static final int ROWS = 400;

  private final WeaviateObjects weaviate = new WeaviateObjects();

  @AfterEach
  void drop() {
    weaviate.drop(NAME);
  }

  private static List<SourceRecord> read(Map<String, String> config, int count) throws Exception {
    return new SourceHarness(new WeaviateSourceConnector())
        .run(config, read -> read.size() == count);
  }

  private static Set<OptionalInt> dimensions(List<SourceRecord> records, String field) {
    Set<OptionalInt> dimensions = new HashSet<>();
    for (SourceRecord record : records) {
      Struct value = (Struct) record.value();
      dimensions.add(VectorSchema.dimension(value.schema().field(field).schema()));
    }
    return dimensions;
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "rest"})
  void ofVectorsThatOnlyTheLastObjectsHave(String transport) throws Exception {
    String vector = "\"%s\":{\"vectorizer\":{\"none\":{}},\"vectorIndexType\":\"hnsw\"}";
    weaviate.create(
        NAME,
        "\"properties\":[],\"vectorConfig\":{%s,%s,%s}"
            .formatted(
                vector.formatted("some"), vector.formatted("last"), vector.formatted("none")));
    weaviate.insert(
        NAME,
        ROWS,
        WeaviateObjects::uuid,
        i ->
            i < 300
                ? "\"properties\":{}"
                : "\"vectors\":{\"some\":[1,2,%d]%s}"
                    .formatted(i, i == ROWS - 1 ? ",\"last\":[1,2]" : ""));
    TestLog log = new TestLog();
    List<SourceRecord> records =
        read(
            weaviate.sourceConfig(
                NAME,
                "connection.transport",
                transport,
                "tasks.max",
                "2",
                "scan.ranges",
                "3",
                "batch.max.rows",
                "50"),
            ROWS);
    assertThat(dimensions(records, "some")).containsExactly(OptionalInt.of(3));
    assertThat(dimensions(records, "last")).containsExactly(OptionalInt.of(2));
    assertThat(dimensions(records, "none")).containsExactly(OptionalInt.empty());
    assertThat(log.text())
        .contains("none of its 400 objects has the vectors [none]", "vector.dimensions");
  }

  @Test
  void ofATopicOfTenantsWhoseFirstHasNoVectors() throws Exception {
    weaviate.create(NAME, "\"properties\":[],\"multiTenancyConfig\":{\"enabled\":true}");
    weaviate.call(
        "POST",
        "/v1/schema/" + NAME + "/tenants",
        "[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]");
    for (String tenant : List.of("a", "b", "c")) {
      String vector = tenant.equals("b") ? ",\"vector\":[1,2,3]" : "";
      weaviate.insert(
          NAME,
          20,
          WeaviateObjects::uuid,
          i -> "\"tenant\":\"" + tenant + "\",\"properties\":{}" + vector);
    }
    List<SourceRecord> records = read(weaviate.sourceConfig(NAME, "tasks.max", "3"), 60);
    assertThat(dimensions(records, "vector")).containsExactly(OptionalInt.of(3));
    // With topics of their own, tenants do not depend on each other.
    records = read(weaviate.sourceConfig(NAME, "tasks.max", "3", "tenant.topics", "true"), 60);
    assertThat(records)
        .allSatisfy(
            record ->
                assertThat(dimensions(List.of(record), "vector"))
                    .containsExactly(
                        record.topic().endsWith(".b") ? OptionalInt.of(3) : OptionalInt.empty()));
  }

  @Test
  void ofVectorsThatNoObjectHasByConfiguration() throws Exception {
    weaviate.create(NAME, "\"properties\":[]");
    weaviate.insert(NAME, 3, WeaviateObjects::uuid, i -> "\"properties\":{}");
    Map<String, String> config =
        weaviate.sourceConfig(NAME, "vector.dimensions", NAME + ".vector:4");
    assertThat(problems(config)).isEmpty();
    assertThat(dimensions(read(config, 3), "vector")).containsExactly(OptionalInt.of(4));
    weaviate.put(NAME, WeaviateObjects.uuid(3), "\"vector\":[1,2]");
    assertThatThrownBy(() -> read(config, 4))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("object " + WeaviateObjects.uuid(3))
        .hasMessageContaining("expected dimension 4 as in vector.dimensions")
        .hasMessageContaining("got 2");
    config.put("vector.dimensions", "vectro:4");
    assertThat(problems(config))
        .containsOnlyKeys("vector.dimensions")
        .allSatisfy((key, message) -> assertThat(message).contains("vectro"));
  }
}
