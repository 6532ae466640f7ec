package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.vectorconnect.localstack.ConnectRest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files into Milvus, and out of it into files and back. */
@Services(alone = MILVUS, shared = CONNECT)
@Timeout(240)
class FilesToMilvusIT {
  private static final Path FIXTURES =
      Stack.root().resolve("file-connectors/src/test/resources/fixtures/faiss");

  private static void start(String name, String type, Map<String, String> keys) {
    Map<String, String> config = new HashMap<>(keys);
    config.put("connector.class", "io.vectorconnect." + type);
    config.put("tasks.max", "1");
    Stack.connect().put(name, config);
  }

  private static List<Float> floats(String hex) {
    ByteBuffer packed =
        ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
    List<Float> elements = new ArrayList<>();
    while (packed.hasRemaining()) {
      elements.add(packed.getFloat());
    }
    return elements;
  }

  /** What faiss itself read from the index. */
  private static void expect(String index, Map<Long, List<Float>> rows) throws Exception {
    List<String> lines = Files.readAllLines(FIXTURES.resolve(index + ".tsv"));
    for (String line : lines.subList(1, lines.size())) {
      int tab = line.indexOf('\t');
      assertThat(rows.put(Long.valueOf(line.substring(0, tab)), floats(line.substring(tab + 1))))
          .isNull();
    }
  }

  @Test
  void twoFaissFilesBecomeOneCollectionUnderOtherNames(@TempDir Path folder) throws Exception {
    Map<Long, List<Float>> expected = new HashMap<>();
    for (String index : List.of("ivf", "flat_l2")) {
      Files.copy(FIXTURES.resolve(index + ".faiss"), folder.resolve(index + ".faiss"));
    }
    expect("ivf", expected);
    expect("flat_l2", expected);
    // The ids of a flat index are row numbers: of several files they need not be unique, so the
    // connector takes no such file into a common topic; each has its own.
    start(
        "faiss-parts",
        "faiss.source.FaissSourceConnector",
        Map.of("file.path", folder.toString(), "topic.prefix", "parts_"));
    Map<String, String> sink =
        MilvusCollections.sinkConfig("faiss-whole", "parts_ivf,parts_flat_l2");
    sink.put("collection.name.format", "whole");
    sink.put("fields.mapping", "id:number,embedding:v");
    Stack.connect().put("faiss-whole", sink);
    try (MilvusCollections milvus = new MilvusCollections()) {
      MilvusRows rows = new MilvusRows(milvus.client());
      Await.until(
          "all rows", () -> rows.count("whole") == expected.size(), "faiss-parts", "faiss-whole");
      Map<Long, List<?>> found = new HashMap<>();
      rows.query("whole", "number > -100")
          .forEach(row -> found.put((Long) row.get("number"), (List<?>) row.get("v")));
      assertThat(found).isEqualTo(expected);
      milvus.drop("whole");
    }
    Stack.connect().delete("faiss-whole");
    Stack.connect().delete("faiss-parts");
  }

  /** The example of the documentation. */
  @Test
  void anIndexAndItsFieldsBecomeACollection() throws Exception {
    Map<String, String> from = register("source.json");
    Map<String, String> to = register("sink.json");
    List<String> lines = Files.readAllLines(FIXTURES.resolve("idmap_json.tsv"));
    Map<Long, List<?>> expected = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      expected.put(
          Long.valueOf(cells[0]),
          List.of(
              floats(cells[1]),
              cells[2],
              Double.valueOf(cells[3]),
              Long.valueOf(cells[4]),
              Boolean.valueOf(cells[5])));
    }
    try (MilvusCollections milvus = new MilvusCollections()) {
      MilvusRows rows = new MilvusRows(milvus.client());
      String[] connectors = {from.get("name"), to.get("name")};
      String name = to.get("topics");
      Await.until("all rows", () -> rows.count(name) == expected.size(), connectors);
      Map<Long, List<?>> found = new HashMap<>();
      for (Map<String, Object> row :
          rows.query(name, "id > -100", "embedding", "title", "price", "count", "flag")) {
        found.put(
            (Long) row.get("id"),
            List.of(
                row.get("embedding"),
                row.get("title"),
                row.get("price"),
                row.get("count"),
                row.get("flag")));
      }
      assertThat(found).isEqualTo(expected);
      milvus.drop(name);
      for (String connector : connectors) {
        Stack.connect().delete(connector);
      }
    }
  }

  private static Map<String, String> register(String file) throws Exception {
    Map<String, String> variables =
        Map.of(
            "FAISS_FILE",
            FIXTURES.resolve("idmap.faiss").toString(),
            "FAISS_METADATA",
            FIXTURES.resolve("idmap.jsonl").toString(),
            "MILVUS_URI",
            Stack.milvus().uri(),
            "MILVUS_USER",
            Stack.milvus().user(),
            "MILVUS_PASSWORD",
            Stack.milvus().password());
    Path example = Stack.root().resolve("examples/faiss-to-milvus").resolve(file);
    Map<String, String> config = ConnectRest.config(Files.readString(example), variables);
    Stack.milvus().addDatabase(config);
    assertThat(Stack.connect().validate(config)).isEmpty();
    Stack.connect().put(config.get("name"), config);
    return config;
  }

  @Test
  void aCollectionGoesToHdf5FilesAndBack(@TempDir Path folder) throws Exception {
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create(
          "to_files",
          DataType.Int64,
          false,
          AddFieldReq.builder().fieldName("tiny").dataType(DataType.Int8).build(),
          AddFieldReq.builder().fieldName("price").dataType(DataType.Double).build());
      milvus.insert(
          "to_files",
          1,
          2_000,
          id -> {
            JsonObject row = MilvusCollections.row(id);
            row.addProperty("tiny", id % 256 - 128);
            row.addProperty("price", id / 7.0);
            return row;
          });
      Stack.connect()
          .put("milvus-to-files", MilvusCollections.sourceConfig("milvus-to-files", "to_files"));
      start(
          "files-sink",
          "hdf5.sink.Hdf5SinkConnector",
          Map.of(
              "topics", "to_files",
              "file.path", folder.toString(),
              "roll.max.rows", "600",
              "roll.interval.ms", "1000"));
      start(
          "files-back",
          "hdf5.source.Hdf5SourceConnector",
          Map.of(
              "file.path", folder.toString(),
              "topic", "from_files",
              "mode", "follow",
              "poll.interval.ms", "300"));
      Map<String, String> sink = MilvusCollections.sinkConfig("files-back-sink", "from_files");
      sink.put("fields.mapping", "ids:id,embeddings:v");
      Stack.connect().put("files-back-sink", sink);
      MilvusRows rows = new MilvusRows(milvus.client());
      Await.until(
          "all rows",
          () -> rows.count("from_files") == 2_000,
          "milvus-to-files",
          "files-sink",
          "files-back",
          "files-back-sink");
      assertThat(rows.byId("from_files", 3_000)).isEqualTo(rows.byId("to_files", 3_000));
      for (String name :
          List.of("milvus-to-files", "files-sink", "files-back", "files-back-sink")) {
        Stack.connect().delete(name);
      }
      milvus.drop("to_files");
      milvus.drop("from_files");
    }
  }
}
