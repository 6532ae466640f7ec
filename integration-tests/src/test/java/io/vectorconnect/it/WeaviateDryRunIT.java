package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dry run of the Weaviate source: a report in the log, and nothing else. */
@Services(alone = WEAVIATE, shared = CONNECT)
@Timeout(120)
class WeaviateDryRunIT {
  private final WeaviateObjects weaviate = new WeaviateObjects();

  private static List<SourceRecord> run(Map<String, String> config) throws Exception {
    int[] rounds = {0};
    return new SourceHarness(new WeaviateSourceConnector())
        .run(config, read -> !read.isEmpty() || rounds[0]++ > 3);
  }

  private Map<String, String> config(String collection, String... more) {
    Map<String, String> config = weaviate.sourceConfig(collection, more);
    config.put("dry.run", "true");
    return config;
  }

  private static int occurrences(String text, String what) {
    return text.split(java.util.regex.Pattern.quote(what), -1).length - 1;
  }

  @Test
  void reportsOnEachCollectionOnceAndPublishesNothing() throws Exception {
    weaviate.create(
        "DryPapers",
        "\"properties\":[{\"name\":\"title\",\"dataType\":[\"text\"]},"
            + "{\"name\":\"pages\",\"dataType\":[\"int\"]},"
            + "{\"name\":\"tags\",\"dataType\":[\"text[]\"]},"
            + "{\"name\":\"cover\",\"dataType\":[\"blob\"]}],"
            + "\"invertedIndexConfig\":{\"indexTimestamps\":true},"
            + "\"vectorConfig\":{\"title_vector\":{\"vectorizer\":{\"none\":{}},"
            + "\"vectorIndexType\":\"hnsw\",\"vectorIndexConfig\":{\"distance\":\"cosine\"}}}");
    weaviate.insert(
        "DryPapers",
        42,
        WeaviateObjects::uuid,
        i ->
            "\"properties\":{\"title\":\"%s\",\"pages\":%d,\"tags\":[\"a\",\"b\",\"c\",\"d\"],\"cover\":\"AAEC\"},\"vectors\":{\"title_vector\":[0.25,%d,0.5,1,2,3]}"
                .formatted("No. " + i + " " + "long ".repeat(100), i, i));
    weaviate.fill("DryEmpty", 0, "");
    Map<String, String> config =
        config(
            "DryPapers,DryEmpty",
            "tasks.max",
            "4",
            "topic.prefix",
            "w.",
            "mode",
            "snapshot_then_poll");
    assertThat(WeaviateObjects.problems(config)).isEmpty();
    TestLog log = new TestLog();
    assertThat(run(config)).isEmpty();
    assertThat(log.text())
        .contains("Dry run, nothing is published. Collection DryPapers:")
        .contains("read by gRPC, then looked at for changes, poll.strategy=update_time")
        .contains("  objects: 42")
        .contains("  topic: w.DryPapers")
        .contains("  key id: STRING io.debezium.data.Uuid")
        .contains("  field title: STRING, optional")
        .contains("  field pages: INT64, optional")
        .contains("  field tags: ARRAY of STRING, optional")
        .contains("  field cover: BYTES, optional")
        .containsPattern(
            "field title_vector: BYTES io.vectorconnect.data.FloatVector, optional, dimension 6,.*"
                + " metric COSINE")
        .contains("  sample: id=" + WeaviateObjects.uuid(0) + ", title=No. 0 long long")
        .contains("… (506 characters)")
        .contains("tags=[a, b, c, … 4 values], cover=3 bytes")
        .contains("title_vector=[0.25, 0.0, 0.5, … 6 values]")
        .contains("Collection DryEmpty:")
        .contains("  objects: 0")
        .contains("there is no object to read");
    assertThat(occurrences(log.text(), "Collection DryPapers:")).isEqualTo(1);
    weaviate.drop("DryPapers");
    weaviate.drop("DryEmpty");
  }

  @Test
  void tenantsAreCountedAndInactiveOnesStayAsTheyAre() throws Exception {
    weaviate.fill("DryTenants", 0, ",\"multiTenancyConfig\":{\"enabled\":true}");
    weaviate.call(
        "POST",
        "/v1/schema/DryTenants/tenants",
        "[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]");
    weaviate.insertNumbers("DryTenants", 7, "b");
    weaviate.call(
        "PUT",
        "/v1/schema/DryTenants/tenants",
        "[{\"name\":\"a\",\"activityStatus\":\"INACTIVE\"}]");
    TestLog log = new TestLog();
    assertThat(run(config("DryTenants", "tenant.exclude.list", "c", "tenant.activate", "true")))
        .isEmpty();
    assertThat(log.text())
        .contains("  tenants: 2 of 3")
        .contains("  tenant a: COLD, would be activated")
        .contains("  tenant b: 7 objects")
        .contains("  key tenant: STRING")
        .contains("sample: id=" + WeaviateObjects.uuid(0) + ", tenant=b");
    assertThat(weaviate.call("GET", "/v1/schema/DryTenants/tenants", "").toString())
        .contains("\"activityStatus\":\"COLD\",\"name\":\"a\"");
    weaviate.drop("DryTenants");
  }

  @Test
  void validateAndStartTellWhatIsWrongAsEver() {
    Map<String, String> config = config("NoSuchCollection");
    assertThat(WeaviateObjects.problems(config)).containsOnlyKeys("collection.include.list");
    assertThatThrownBy(() -> run(config))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("NoSuchCollection");
  }

  @Test
  void aWorkerKeepsItRunningAndWritesNoTopicAndNoOffset() throws Exception {
    weaviate.fill("DryWorker", 5, "");
    Map<String, String> config = new HashMap<>(config("DryWorker"));
    config.put("name", "weaviate-dry-run");
    String name = config.get("name");
    Stack.connect().put(name, config);
    Await.until(
        "the report is in the worker's log",
        () ->
            Files.readString(Stack.get().connect().log())
                .contains("nothing is published. Collection DryWorker:"),
        name);
    Thread.sleep(1_000);
    assertThat(Stack.connect().failures(name)).isEmpty();
    assertThat(Stack.connect().get("/connectors/" + name + "/status").at("/tasks/0/state").asText())
        .isEqualTo("RUNNING");
    assertThat(Stack.connect().get("/connectors/" + name + "/offsets").path("offsets")).isEmpty();
    assertThat(Stack.connect().get("/connectors/" + name + "/topics").at("/" + name + "/topics"))
        .isEmpty();
    Stack.connect().delete(name);
    weaviate.drop("DryWorker");
  }
}
