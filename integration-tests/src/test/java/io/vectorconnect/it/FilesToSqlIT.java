package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.vectorconnect.localstack.SqlServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files on a real worker: HDF5 and Faiss to Kafka to pgvector, every row compared. */
@Services(shared = {CONNECT, POSTGRESQL})
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
  void vectorsAreTextOnTheWay() throws Exception {
    Path fixtures = Stack.root().resolve("file-connectors/src/test/resources/fixtures/faiss");
    Map<String, String> source = new HashMap<>();
    source.put("connector.class", "io.vectorconnect.faiss.source.FaissSourceConnector");
    source.put("file.path", fixtures.resolve("ivf.faiss").toString());
    source.put("name", "faiss-forms-source");
    source.put("topic", "faiss_forms");
    source.put("transforms", "unpack");
    source.put("transforms.unpack.type", "io.vectorconnect.transforms.UnpackVectors");
    source.put("transforms.unpack.vector.format", "text");
    Sql target = Sql.postgresql();
    Map<String, String> sink = target.sinkConfig("faiss_forms");
    sink.put("transforms", "pack");
    sink.put("transforms.pack.type", "io.vectorconnect.transforms.PackVectors");
    sink.put("transforms.pack.vector.fields", "embedding:6");
    assertThat(Stack.connect().validate(source)).isEmpty();
    assertThat(Stack.connect().validate(sink)).isEmpty();
    Stack.connect().put("faiss-forms-source", source);
    Stack.connect().put(sink.get("name"), sink);

    List<String> expected = new ArrayList<>();
    List<String> lines = Files.readAllLines(fixtures.resolve("ivf.tsv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      expected.add(cells[0] + "|" + sentHex(cells[1]));
    }
    Await.until(
        "all rows",
        () -> target.count("faiss_forms") == expected.size(),
        "faiss-forms-source",
        sink.get("name"));
    assertThat(target.rows("SELECT id, encode(vector_send(embedding), 'hex') FROM faiss_forms"))
        .containsExactlyInAnyOrderElementsOf(expected);
    // Without the declaration of PackVectors nothing tells a dimension.
    assertThat(
            target.value(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                    + " WHERE attrelid = 'faiss_forms'::regclass AND attname = 'embedding'"))
        .isEqualTo("vector(6)");
    try (Topics topics = new Topics()) {
      assertThat(topics.poll("faiss_forms", Duration.ofSeconds(10)).get(0).value())
          .contains("\"embedding\":\"[");
    }
    Stack.connect().delete(sink.get("name"));
    Stack.connect().delete("faiss-forms-source");
  }

  @Test
  void quantisedVectorsGetTheFieldsOfTheirMetadata() throws Exception {
    Path fixtures = Stack.root().resolve("file-connectors/src/test/resources/fixtures/faiss");
    Map<String, String> source = new HashMap<>();
    source.put("connector.class", "io.vectorconnect.faiss.source.FaissSourceConnector");
    source.put("tasks.max", "1");
    source.put("file.path", fixtures.resolve("ivfpq_residual.faiss").toString());
    source.put("topic", "faiss_ivfpq");
    source.put("lossy.reconstruct", "true");
    source.put("metadata.file", fixtures.resolve("idmap.jsonl").toString());
    Stack.connect().put("faiss-metadata-source", source);
    Sql target = Sql.postgresql();
    Map<String, String> sink = target.sinkConfig("faiss_ivfpq");
    Stack.connect().put(sink.get("name"), sink);
    Await.until(
        "all rows",
        () -> target.count("faiss_ivfpq") == 37,
        "faiss-metadata-source",
        sink.get("name"));

    Map<String, String> titles = new HashMap<>();
    List<String> lines = Files.readAllLines(fixtures.resolve("idmap_json.tsv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      titles.put(cells[0], cells[2] + "|" + cells[4]);
    }
    List<String> expected = new ArrayList<>();
    List<String> vectors = Files.readAllLines(fixtures.resolve("ivfpq_residual.tsv"));
    for (String line : vectors.subList(1, vectors.size())) {
      String[] cells = line.split("\t", -1);
      expected.add(cells[0] + "|" + titles.get(cells[0]) + "|" + sentHex(cells[1]));
    }
    assertThat(
            target.rows(
                "SELECT id, title, count, encode(vector_send(embedding), 'hex') FROM faiss_ivfpq"))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(
            target.value("SELECT count(*) FROM faiss_ivfpq WHERE (tags->>'big')::numeric >= 1e25"))
        .isEqualTo("37");
    Stack.connect().delete(sink.get("name"));
    Stack.connect().delete("faiss-metadata-source");
  }

  private static String sentHex(String packed) {
    ByteBuffer bytes =
        ByteBuffer.wrap(HexFormat.of().parseHex(packed)).order(ByteOrder.LITTLE_ENDIAN);
    float[] vector = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(vector);
    return sent(vector);
  }

  @ParameterizedTest
  @CsvSource({"append, 47", "skip, 2", "overwrite, 46"})
  void twoFilesBecomeOneTableThatMayBeThereBefore(String mode, int rows, @TempDir Path folder)
      throws Exception {
    String table = "merged_" + mode;
    for (int half = 0; half < 2; half++) {
      long[] ids = new long[23];
      float[][] vectors = new float[23][2];
      int[] left = new int[23];
      String[] names = new String[23];
      for (int i = 0; i < 23; i++) {
        ids[i] = half * 23L + i;
        vectors[i] = new float[] {ids[i], -0f};
        names[i] = "row " + ids[i];
      }
      try (WritableHdfFile file = HdfFile.write(folder.resolve("part" + half + ".h5"))) {
        file.putDataset("ids", ids);
        file.putDataset("embeddings", vectors);
        file.putDataset("name", names);
        file.putDataset("left_out", left);
      }
    }
    Sql target = Sql.postgresql();
    target.execute(
        "CREATE TABLE " + table + " (number bigint PRIMARY KEY, v vector(2), title text)",
        "INSERT INTO " + table + " VALUES (-1, '[1,2]', 'old'), (5, '[3,4]', 'old')");
    Map<String, String> source = new HashMap<>();
    source.put("connector.class", "io.vectorconnect.hdf5.source.Hdf5SourceConnector");
    source.put("tasks.max", "2");
    source.put("file.path", folder.toString());
    source.put("topic", table);
    Stack.connect().put("merged-source-" + mode, source);
    Map<String, String> sink = target.sinkConfig(table);
    sink.put("existing.table", mode);
    sink.put("fields.mapping", "ids:number,embeddings:v,name:title");
    sink.put("fields.exclude", "left_out");
    Stack.connect().put(sink.get("name"), sink);
    String connector = sink.get("name");
    Await.until(
        "the position behind all records",
        () -> mode.equals("skip") ? consumed(connector) == 46 : target.count(table) == rows,
        "merged-source-" + mode,
        connector);
    assertThat(target.count(table)).isEqualTo(rows);
    boolean isLoaded = !mode.equals("skip");
    assertThat(target.value("SELECT title || v::text FROM " + table + " WHERE number = 5"))
        .isEqualTo(isLoaded ? "row 5[5,-0]" : "old[3,4]");
    assertThat(target.value("SELECT count(*) FROM " + table + " WHERE number = -1"))
        .isEqualTo(mode.equals("overwrite") ? "0" : "1");
    assertThat(
            target.rows(
                "SELECT column_name FROM information_schema.columns WHERE table_name = '"
                    + table
                    + "' ORDER BY 1"))
        .containsExactly("number", "title", "v");
    Stack.connect().delete(connector);
    Stack.connect().delete("merged-source-" + mode);
  }

  /** How many records a sink has done with, by the offsets that it committed. */
  private static long consumed(String sink) throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", Stack.get().kafka().bootstrapServers()))) {
      return admin
          .listConsumerGroupOffsets("connect-" + sink)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    }
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
