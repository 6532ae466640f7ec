package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.SqlServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example pipelines that end in OceanBase, from their JSON files. */
@Services(
    alone = {MILVUS, OCEANBASE, POSTGRESQL},
    shared = CONNECT)
@Timeout(300)
class OceanBaseSinkExamplesIT {
  private static final String VECTOR =
      "ARRAY(SELECT (random() - 0.5)::real FROM generate_series(1, 768) WHERE i = i)::vector";

  private final OceanBase target = OceanBase.database("sink_examples");

  private Map<String, String> register(String file, Sql source) throws Exception {
    Map<String, String> variables = new HashMap<>();
    put(variables, "POSTGRESQL", source.server());
    put(variables, "OCEANBASE", target.server());
    MilvusAddress milvus =
        file.contains("live") ? MilvusAddress.of(Stack.get().milvusOnKafka()) : Stack.milvus();
    variables.put("MILVUS_URI", milvus.uri());
    variables.put("MILVUS_USER", milvus.user());
    variables.put("MILVUS_PASSWORD", milvus.password());
    variables.put("MILVUS_KAFKA", Stack.get().kafka().bootstrapServers());
    String json = Files.readString(Stack.root().resolve("examples").resolve(file));
    Map<String, String> config = ConnectRest.config(json, variables);
    milvus.addDatabase(config);
    assertThat(Stack.connect().validate(config)).isEmpty();
    Stack.connect().put(config.get("name"), config);
    return config;
  }

  private static void put(Map<String, String> variables, String prefix, SqlServer server) {
    variables.put(prefix + "_HOST", server.host());
    variables.put(prefix + "_PORT", Integer.toString(server.port()));
    variables.put(prefix + "_DATABASE", server.database());
    variables.put(prefix + "_USER", server.user());
    variables.put(prefix + "_PASSWORD", server.password());
  }

  @Test
  void postgresToOceanBase() throws Exception {
    Sql source = Sql.postgresql().createDatabase("shop_oceanbase");
    source.execute(
        "CREATE TABLE articles (id bigint PRIMARY KEY, title text NOT NULL,"
            + " embedding vector(768) NOT NULL)",
        "INSERT INTO articles SELECT i, 'article ' || i, "
            + VECTOR
            + " FROM generate_series(1, 100) i");
    Map<String, String> from = register("postgres-to-oceanbase/source.json", source);
    Map<String, String> to = register("postgres-to-oceanbase/sink.json", source);
    Await.until(
        "the scan", () -> target.count("articles") == 100, from.get("name"), to.get("name"));
    source.execute(
        "UPDATE articles SET title = 'changed' WHERE id = 1",
        "UPDATE articles SET embedding = (SELECT embedding FROM articles WHERE id = 4) WHERE id = 3",
        "DELETE FROM articles WHERE id = 2",
        "INSERT INTO articles SELECT i, 'Article 101 ', "
            + VECTOR
            + " FROM generate_series(101, 101) i");
    List<String> titles = source.rows("SELECT id, title FROM articles ORDER BY id");
    Await.until(
        "the changes",
        () ->
            target.rows("SELECT id, title FROM articles ORDER BY id").equals(titles)
                && target.value(same(source, 3)).equals("1"),
        from.get("name"),
        to.get("name"));
    for (long id : new long[] {1, 3, 50, 101}) {
      assertThat(target.value(same(source, id))).as("vector of %d", id).isEqualTo("1");
    }
    Stack.connect().delete(to.get("name"));
    PostgresSource.remove(from.get("name"), from.get("slot.name"), source);
  }

  /** Asks OceanBase whether a vector is PostgreSQL's: vector_send gives big-endian elements. */
  private static String same(Sql source, long id) throws Exception {
    String sent =
        source.value("SELECT encode(vector_send(embedding), 'hex') FROM articles WHERE id = " + id);
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(sent)).position(4).slice();
    ByteBuffer turned = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      turned.putInt(bytes.getInt());
    }
    return "SELECT embedding = %s FROM articles WHERE id = %d"
        .formatted(OceanBase.literal(turned.array()), id);
  }

  @Test
  void milvusToOceanBase() throws Exception {
    long rows = 3_000;
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create("papers", DataType.Int64);
      milvus.insert("papers", 1, rows, MilvusCollections::row);
      Map<String, String> from = register("milvus-to-oceanbase/source.json", Sql.postgresql());
      Map<String, String> to = register("milvus-to-oceanbase/sink.json", Sql.postgresql());
      Await.until(
          "the scan", () -> target.count("papers") == rows, from.get("name"), to.get("name"));
      milvus.insert("papers", rows + 1, rows + 5, MilvusCollections::row);
      Await.until("new rows", () -> target.count("papers") == rows + 5, to.get("name"));
      assertThat(
              target.value(
                  "SELECT count(*), min(id), max(id) FROM papers WHERE label = concat('row ', id)"))
          .isEqualTo("3005|1|3005");
      for (long id = 1; id <= rows + 5; id += 601) {
        assertThat(target.value(isVector("papers", id, id))).isEqualTo("1");
      }
      Stack.connect().delete(to.get("name"));
      Stack.connect().delete(from.get("name"));
      milvus.drop("papers");
    }
  }

  /** With inserts, updates and deletes on the way, which Milvus's log tells. */
  @Test
  void milvusToOceanBaseLive() throws Exception {
    long rows = 3_000;
    String name = "reviews";
    try (MilvusCollections milvus = new MilvusCollections(Stack.get().milvusOnKafka())) {
      milvus.create(name, DataType.Int64);
      milvus.insert(name, 1, rows, MilvusCollections::row);
      Map<Long, Long> expected = new TreeMap<>(); // of each key, the number that made its row
      LongStream.rangeClosed(1, rows).forEach(id -> expected.put(id, id));
      Map<String, String> from = register("milvus-to-oceanbase-live/source.json", Sql.postgresql());
      Map<String, String> to = register("milvus-to-oceanbase-live/sink.json", Sql.postgresql());
      Await.until("some rows", () -> target.count(name) > 0, from.get("name"), to.get("name"));
      for (long id = 1; id <= rows; id += 97) {
        update(milvus, name, id, id + 50_000);
        expected.put(id, id + 50_000);
        milvus.delete(name, "id in [%d, %d]".formatted(id + 1, id + 2));
        expected.keySet().removeAll(List.of(id + 1, id + 2));
        milvus.insert(name, rows + id, rows + id, MilvusCollections::row);
        expected.put(rows + id, rows + id);
      }
      Map<Long, String> labels = new TreeMap<>();
      expected.forEach((id, number) -> labels.put(id, id + "|row " + number));
      Await.until(
          "the changes",
          () ->
              target
                  .rows("SELECT id, label FROM reviews ORDER BY id")
                  .equals(List.copyOf(labels.values())),
          from.get("name"),
          to.get("name"));
      for (Map.Entry<Long, Long> row : expected.entrySet()) {
        if (row.getKey() % 97 == 1 || row.getKey() % 500 == 0) {
          assertThat(target.value(isVector(name, row.getKey(), row.getValue())))
              .as("vector of %d", row.getKey())
              .isEqualTo("1");
        }
      }
      Stack.connect().delete(from.get("name"));
      Stack.connect().delete(to.get("name"));
      milvus.drop(name);
    }
  }

  private static void update(MilvusCollections milvus, String collection, long id, long number) {
    JsonObject row = MilvusCollections.row(number);
    row.addProperty("id", id);
    milvus
        .client()
        .upsert(UpsertReq.builder().collectionName(collection).data(List.of(row)).build());
  }

  /** Asks OceanBase whether a row has the vector that a number makes. */
  private static String isVector(String table, long id, long number) {
    byte[] vector = new byte[MilvusCollections.DIMENSION * Float.BYTES];
    for (int i = 0; i < MilvusCollections.DIMENSION; i++) {
      LittleEndian.putFloat(vector, i * Float.BYTES, MilvusCollections.element(number, i));
    }
    return "SELECT v = %s FROM %s WHERE id = %d".formatted(OceanBase.literal(vector), table, id);
  }
}
