package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvus.v2.common.DataType;
import io.vectorconnect.localstack.ConnectRest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The offsets of every source, as a user lists, alters and resets them by REST, before and after
 * the worker was started again: in a new JVM, whose maps may have another order.
 */
@Services(
    alone = MILVUS,
    shared = {OCEANBASE, WEAVIATE},
    mortalWorker = true)
@Timeout(420)
class SourceOffsetsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 40;

  private final ConnectRest worker = Stack.mortal();
  private final Topics topics = new Topics();

  /** Sources by the topic into which they publish {@link #ROWS} rows. */
  private final Map<String, Map<String, String>> sources = new LinkedHashMap<>();

  private void add(String topic, Map<String, String> config) throws Exception {
    config.put("name", topic);
    config.put("mode", "snapshot");
    sources.put(topic, config);
    topics.create(topic);
  }

  private void addAll(MilvusCollections milvus) throws Exception {
    milvus.create("offsets_rest", DataType.Int64);
    milvus.insert("offsets_rest", 1, ROWS, MilvusCollections::row);
    add(
        "m.offsets_rest",
        with(
            MilvusCollections.sourceConfig("m", "offsets_rest"),
            "topic.prefix",
            "m.",
            "scan.ranges",
            "3"));

    OceanBase oceanBase = OceanBase.database("offsets_rest");
    oceanBase.create("kept");
    oceanBase.insert("kept", 1, ROWS);
    add(
        "o.kept",
        with(oceanBase.sourceConfig("o", "kept"), "topic.prefix", "o.", "scan.ranges", "3"));

    WeaviateObjects weaviate = new WeaviateObjects();
    weaviate.fill("OffsetsPlain", ROWS, "");
    add("w.OffsetsPlain", with(weaviate.sourceConfig("OffsetsPlain"), "topic.prefix", "w."));
    weaviate.fill("OffsetsTenants", 0, ",\"multiTenancyConfig\":{\"enabled\":true}");
    weaviate.call(
        "POST", "/v1/schema/OffsetsTenants/tenants", "[{\"name\":\"one\"},{\"name\":\"two\"}]");
    weaviate.insertNumbers("OffsetsTenants", ROWS / 2, "one");
    weaviate.insertNumbers("OffsetsTenants", ROWS / 2, "two");
    add("w.OffsetsTenants", with(weaviate.sourceConfig("OffsetsTenants"), "topic.prefix", "w."));
  }

  private static Map<String, String> with(Map<String, String> config, String... more) {
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private void addFiles() throws Exception {
    Path fixtures = Stack.root().resolve("file-connectors/src/test/resources/fixtures");
    Map<String, String> faiss = new HashMap<>();
    faiss.put("connector.class", "io.vectorconnect.faiss.source.FaissSourceConnector");
    faiss.put("tasks.max", "1");
    faiss.put("topic", "f.faiss");
    faiss.put("file.path", fixtures.resolve("faiss/ivf.faiss").toString());
    add("f.faiss", faiss);
    Map<String, String> hdf5 = new HashMap<>(faiss);
    hdf5.put("connector.class", "io.vectorconnect.hdf5.source.Hdf5SourceConnector");
    hdf5.put("topic", "f.hdf5");
    hdf5.put("file.path", Stack.root().resolve("examples/data/debian-packages.h5").toString());
    add("f.hdf5", hdf5);
  }

  @Test
  void offsetsAreListedAlteredAndResetByRestAlsoInANewJvm() throws Exception {
    try (MilvusCollections milvus = new MilvusCollections();
        topics) {
      addAll(milvus);
      addFiles();
      sources.forEach(worker::put);
      Map<String, Long> published = new TreeMap<>();
      for (String source : sources.keySet()) {
        Await.until("rows of " + source, () -> sent(source) > 0, worker, source);
        published.put(source, settled(source));
        Await.until("offsets of " + source, () -> isListed(source), worker, source);
      }
      Thread.sleep(5_000); // longer than offset.flush.interval.ms: the last offsets are stored

      Stack.mortalWorker().kill();
      Stack.mortalWorker().start();
      for (String source : sources.keySet()) {
        Await.until(source + " to run", () -> runs(source), worker, source);
        assertThat(isListed(source)).as("offsets of %s in a new JVM", source).isTrue();
      }
      for (String source : sources.keySet()) {
        assertThat(settled(source))
            .as("%s: records after the restart", source)
            .isEqualTo(published.get(source));
      }

      for (String source : sources.keySet()) {
        worker.action("PUT", source, "stop");
        Await.until(source + " to stop", () -> isStopped(source), worker);
        worker.send("DELETE", "/connectors/" + source + "/offsets", null);
        assertThat(offsets(source)).as("offsets of %s after a reset", source).isEmpty();
        worker.action("PUT", source, "resume");
      }
      for (String source : sources.keySet()) {
        long twice = 2 * published.get(source);
        Await.until(
            "all rows of " + source + " again", () -> sent(source) >= twice, worker, source);
        assertThat(settled(source)).as(source).isEqualTo(twice);
        Await.until("offsets of " + source, () -> isListed(source), worker, source);
      }

      alter("m.offsets_rest", offset -> offset.put("last", "1"), rows(-1));
      alter("o.kept", offset -> offset.put("phase", "snapshot").put("last", ""), rows(0));
      alter("w.OffsetsPlain", offset -> offset.put("last", WeaviateObjects.uuid(0)), rows(-1));
      alter("w.OffsetsTenants", offset -> offset.put("last", WeaviateObjects.uuid(0)), rows(-1));
      for (String files : List.of("f.faiss", "f.hdf5")) {
        alter(files, offset -> offset.put("row", 0), offset -> published.get(files) - 1);
      }
    }
    sources.keySet().forEach(worker::delete);
  }

  /** As many rows as the offset says that its range has, more or less. */
  private static ToLongFunction<JsonNode> rows(int more) {
    return offset -> offset.get("rows").asLong() + more;
  }

  /**
   * Writes the offset of a first range or a file, with its partition's fields in the opposite
   * order, and reads on from it.
   *
   * @param expected the number of rows that come again
   */
  private void alter(String source, Consumer<ObjectNode> change, ToLongFunction<JsonNode> expected)
      throws Exception {
    worker.action("PUT", source, "stop");
    Await.until(source + " to stop", () -> isStopped(source), worker);
    long before = sent(source);
    JsonNode listed = offsets(source);
    JsonNode first = null;
    for (JsonNode one : listed) {
      first = one.at("/partition/range").asText("0").equals("0") ? one : first;
    }
    ObjectNode body = JSON.createObjectNode();
    ObjectNode entry = body.putArray("offsets").addObject();
    List<String> fields = new ArrayList<>();
    first.get("partition").fieldNames().forEachRemaining(name -> fields.add(0, name));
    ObjectNode partition = entry.putObject("partition");
    for (String field : fields) {
      partition.set(field, first.get("partition").get(field));
    }
    ObjectNode offset = (ObjectNode) first.get("offset").deepCopy();
    change.accept(offset);
    entry.set("offset", offset);
    worker.send("PATCH", "/connectors/" + source + "/offsets", body);
    assertThat(offsets(source)).as("the altered offset replaces one").hasSameSizeAs(listed);
    worker.action("PUT", source, "resume");
    long added = expected.applyAsLong(first.get("offset"));
    Await.until(
        "rows after the altered offset", () -> sent(source) >= before + added, worker, source);
    assertThat(settled(source) - before).as("rows of %s that came again", source).isEqualTo(added);
  }

  private long sent(String topic) throws Exception {
    return topics.sent(topic);
  }

  /** The number of records when none came for a while. */
  private long settled(String topic) throws Exception {
    long last = -1;
    for (int same = 0; same < 6; ) {
      long now = sent(topic);
      same = now == last ? same + 1 : 0;
      last = now;
      Thread.sleep(250);
    }
    return last;
  }

  private JsonNode offsets(String source) {
    return worker.get("/connectors/" + source + "/offsets").get("offsets");
  }

  /** Whether there are offsets, and REST finds the value of each. */
  private boolean isListed(String source) {
    JsonNode offsets = offsets(source);
    boolean found = !offsets.isEmpty();
    for (JsonNode one : offsets) {
      found &= one.get("offset").isObject();
    }
    return found;
  }

  private boolean runs(String source) {
    return worker.isRunning(source);
  }

  private boolean isStopped(String source) {
    JsonNode status = worker.get("/connectors/" + source + "/status");
    return status.at("/connector/state").asText().equals("STOPPED")
        && status.get("tasks").isEmpty();
  }
}
