package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.jhdf.HdfFile;
import io.vectorconnect.localstack.SqlServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files on a real worker: HDF5 and Faiss to Kafka to pgvector, every row compared. */
@ExtendWith(Stack.class)
@Timeout(300)
class FilesToSqlIT {
  private static final String TABLE = "debian_packages_h5";

  @Test
  void theExampleCarriesAnHdf5FileToPgvector() throws Exception {
    Path file = Stack.root().resolve("examples/data/debian-packages.h5");
    Sql target = Sql.postgresql();
    JsonObject source = example("source.json", target.server(), file);
    JsonObject sink = example("sink.json", target.server(), file);
    start(source);
    start(sink);
    List<String> expected = packages(file);
    Await.until("all rows", () -> target.count(TABLE) == expected.size(), name(source), name(sink));
    assertThat(
            target.rows(
                "SELECT ids, name, section, description, installed_size_kib,"
                    + " encode(vector_send(embeddings), 'hex') FROM "
                    + TABLE
                    + " ORDER BY ids"))
        .isEqualTo(expected);
    Stack.connect().delete(name(sink));
    Stack.connect().delete(name(source));
  }

  private static JsonObject example(String name, SqlServer server, Path file) throws Exception {
    String json =
        Files.readString(Stack.root().resolve("examples/hdf5-to-pgvector").resolve(name))
            .replace("${HDF5_FILE}", file.toString())
            .replace("${POSTGRESQL_HOST}", server.host())
            .replace("${POSTGRESQL_PORT}", Integer.toString(server.port()))
            .replace("${POSTGRESQL_DATABASE}", server.database())
            .replace("${POSTGRESQL_USER}", server.user())
            .replace("${POSTGRESQL_PASSWORD}", server.password());
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private static String name(JsonObject connector) {
    return connector.get("name").getAsString();
  }

  private static void start(JsonObject connector) {
    Map<String, String> config = new HashMap<>();
    connector
        .getAsJsonObject("config")
        .entrySet()
        .forEach(entry -> config.put(entry.getKey(), entry.getValue().getAsString()));
    Stack.connect().put(name(connector), config);
  }

  /** The file's rows by jHDF's own hand, in the form of the query, by id. */
  private static List<String> packages(Path file) {
    List<String> rows = new ArrayList<>();
    try (HdfFile hdf = new HdfFile(file)) {
      long[] ids = (long[]) hdf.getDatasetByPath("ids").getData();
      float[][] embeddings = (float[][]) hdf.getDatasetByPath("embeddings").getData();
      String[] names = (String[]) hdf.getDatasetByPath("name").getData();
      String[] sections = (String[]) hdf.getDatasetByPath("section").getData();
      String[] descriptions = (String[]) hdf.getDatasetByPath("description").getData();
      int[] sizes = (int[]) hdf.getDatasetByPath("installed_size_kib").getData();
      Integer[] order = new Integer[ids.length];
      java.util.Arrays.setAll(order, i -> i);
      java.util.Arrays.sort(order, java.util.Comparator.comparing(i -> ids[i]));
      for (int i : order) {
        String id = Long.toString(ids[i]);
        String size = Integer.toString(sizes[i]);
        rows.add(
            String.join(
                "|", id, names[i], sections[i], descriptions[i], size, sent(embeddings[i])));
      }
    }
    return rows;
  }

  /** As pgvector's vector_send: int16 dimension, int16 unused, float4[] big-endian. */
  private static String sent(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + vector.length * Float.BYTES);
    bytes.putShort((short) vector.length).putShort((short) 0);
    for (float element : vector) {
      bytes.putFloat(element);
    }
    return HexFormat.of().formatHex(bytes.array());
  }

  @Test
  void aFaissIndexGoesToPgvectorWithItsIds() throws Exception {
    Path fixtures = Stack.root().resolve("file-connectors/src/test/resources/fixtures/faiss");
    Map<String, String> source = new HashMap<>();
    source.put("connector.class", "io.vectorconnect.faiss.source.FaissSourceConnector");
    source.put("tasks.max", "1");
    source.put("file.path", fixtures.resolve("ivf.faiss").toString());
    source.put("topic.prefix", "faiss_");
    source.put("batch.max.rows", "7");
    Stack.connect().put("faiss-source", source);
    Sql target = Sql.postgresql();
    Map<String, String> sink = target.sinkConfig("faiss_ivf");
    Stack.connect().put(sink.get("name"), sink);

    List<String> expected = new ArrayList<>();
    List<String> lines = Files.readAllLines(fixtures.resolve("ivf.tsv"));
    for (String line : lines.subList(1, lines.size())) {
      int tab = line.indexOf('\t');
      ByteBuffer packed =
          ByteBuffer.wrap(HexFormat.of().parseHex(line.substring(tab + 1)))
              .order(ByteOrder.LITTLE_ENDIAN);
      float[] vector = new float[packed.remaining() / Float.BYTES];
      packed.asFloatBuffer().get(vector);
      expected.add(line.substring(0, tab) + "|" + sent(vector));
    }
    Await.until(
        "all rows",
        () -> target.count("faiss_ivf") == expected.size(),
        "faiss-source",
        sink.get("name"));
    assertThat(target.rows("SELECT id, encode(vector_send(embedding), 'hex') FROM faiss_ivf"))
        .containsExactlyInAnyOrderElementsOf(expected);
    Stack.connect().delete(sink.get("name"));
    Stack.connect().delete("faiss-source");
  }

  @Test
  void theSinkWritesWhatTheSourceReadsBack(@TempDir Path folder) throws Exception {
    Path file = Stack.root().resolve("examples/data/debian-packages.h5");
    Map<String, String> source = new HashMap<>();
    source.put("connector.class", "io.vectorconnect.hdf5.source.Hdf5SourceConnector");
    source.put("tasks.max", "1");
    source.put("file.path", file.toString());
    source.put("topic", "round_trip");
    Stack.connect().put("round-trip-source", source);
    Map<String, String> sink = new HashMap<>();
    sink.put("connector.class", "io.vectorconnect.hdf5.sink.Hdf5SinkConnector");
    sink.put("tasks.max", "1");
    sink.put("topics", "round_trip");
    sink.put("file.path", folder.toString());
    sink.put("roll.max.rows", "700");
    sink.put("roll.interval.ms", "500");
    Stack.connect().put("round-trip-sink", sink);

    List<String> written = new ArrayList<>();
    Await.until(
        "all rows",
        () -> {
          written.clear();
          try (Stream<Path> files = Files.list(folder)) {
            files
                .filter(path -> !path.getFileName().toString().startsWith("."))
                .forEach(path -> written.addAll(packages(path)));
          }
          return written.size() >= 3_000;
        },
        "round-trip-source",
        "round-trip-sink");
    assertThat(written).containsExactlyInAnyOrderElementsOf(packages(file));
    Stack.connect().delete("round-trip-sink");
    Stack.connect().delete("round-trip-source");
  }

  @Test
  void workerFindsThePluginsByTheirManifestsWithTheirVersion() {
    assertThat(Stack.connect().plugins())
        .containsEntry("io.vectorconnect.hdf5.source.Hdf5SourceConnector", "0.1.0-SNAPSHOT")
        .containsEntry("io.vectorconnect.hdf5.sink.Hdf5SinkConnector", "0.1.0-SNAPSHOT")
        .containsEntry("io.vectorconnect.faiss.source.FaissSourceConnector", "0.1.0-SNAPSHOT");
  }
}
