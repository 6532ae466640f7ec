package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.SqlServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples from OceanBase, with updates and deletes on the way. */
@Services(
    alone = {MILVUS, OCEANBASE, POSTGRESQL},
    shared = CONNECT)
@Timeout(300)
class OceanBaseSourceExamplesIT {
  private static final int DIMENSION = 384;
  private static final int ROWS = 2_000;

  private final OceanBase source = OceanBase.database("source_examples");
  private final Random random = new Random(5);
  private final Map<Long, float[]> vectors = new TreeMap<>();
  private final Map<Long, String> titles = new TreeMap<>();

  private Map<String, String> register(String file) throws Exception {
    Map<String, String> variables = new HashMap<>();
    put(variables, "POSTGRESQL", Sql.postgresql().server());
    put(variables, "OCEANBASE", source.server());
    variables.put("MILVUS_URI", Stack.milvus().uri());
    variables.put("MILVUS_USER", Stack.milvus().user());
    variables.put("MILVUS_PASSWORD", Stack.milvus().password());
    String json = Files.readString(Stack.root().resolve("examples").resolve(file));
    Map<String, String> config = ConnectRest.config(json, variables);
    Stack.milvus().addDatabase(config);
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

  private void create() throws Exception {
    source.execute(
        "DROP TABLE IF EXISTS articles",
        "CREATE TABLE articles (id BIGINT PRIMARY KEY, title VARCHAR(100) NOT NULL,"
            + " embedding VECTOR(384) NOT NULL)");
    for (long id = 1; id <= ROWS; id += 100) {
      List<String> rows = new ArrayList<>();
      for (long i = id; i < id + 100; i++) {
        rows.add("(%d, '%s', x'%s')".formatted(i, title(i, "article " + i), vector(i)));
      }
      source.execute("INSERT INTO articles VALUES " + String.join(",", rows));
    }
  }

  private String title(long id, String title) {
    titles.put(id, title);
    return title;
  }

  private String vector(long id) {
    float[] elements = new float[DIMENSION];
    ByteBuffer bytes = ByteBuffer.allocate(DIMENSION * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < DIMENSION; i++) {
      elements[i] = (float) random.nextGaussian();
      bytes.putFloat(elements[i]);
    }
    vectors.put(id, elements);
    return HexFormat.of().formatHex(bytes.array());
  }

  private void change() throws Exception {
    for (long id = 1; id <= ROWS; id += 7) {
      source.execute(
          "UPDATE articles SET title = '%s', embedding = x'%s' WHERE id = %d"
              .formatted(title(id, "changed " + id), vector(id), id));
    }
    for (long id = 3; id <= ROWS; id += 11) {
      source.execute("DELETE FROM articles WHERE id = " + id);
      titles.remove(id);
      vectors.remove(id);
    }
    long id = ROWS + 1;
    source.execute(
        "INSERT INTO articles VALUES (%d, '%s', x'%s')"
            .formatted(id, title(id, "new"), vector(id)));
  }

  @Test
  void oceanBaseToPgvector() throws Exception {
    create();
    Map<String, String> to = register("oceanbase-to-pgvector/sink.json");
    Map<String, String> from = register("oceanbase-to-pgvector/source.json");
    Sql target = Sql.postgresql();
    String table = "articles_of_oceanbase";
    Await.until("some rows", () -> target.count(table) > 0, from.get("name"), to.get("name"));
    change();
    Await.until(
        "the changes",
        () ->
            target.count(table) == titles.size()
                && target
                    .value("SELECT count(*) FROM " + table + " WHERE title ~ '^(changed|new)'")
                    .equals(
                        Long.toString(
                            titles.values().stream()
                                .filter(title -> !title.startsWith("article"))
                                .count())),
        from.get("name"),
        to.get("name"));
    List<String> expected = new ArrayList<>();
    titles.forEach((id, title) -> expected.add(id + "|" + title + "|" + sent(vectors.get(id))));
    assertThat(
            target.rows(
                "SELECT id, title, encode(vector_send(embedding), 'hex') FROM "
                    + table
                    + " ORDER BY id"))
        .isEqualTo(expected);
    Stack.connect().delete(from.get("name"));
    Stack.connect().delete(to.get("name"));
    source.execute("DROP TABLE articles");
    target.execute("DROP TABLE " + table);
  }

  private static String sent(float[] elements) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + elements.length * 4);
    bytes.putShort((short) elements.length).putShort((short) 0);
    for (float element : elements) {
      bytes.putFloat(element);
    }
    return HexFormat.of().formatHex(bytes.array());
  }

  @Test
  void oceanBaseToMilvus() throws Exception {
    try (MilvusCollections milvus = new MilvusCollections()) {
      create();
      Map<String, String> to = register("oceanbase-to-milvus/sink.json");
      Map<String, String> from = register("oceanbase-to-milvus/source.json");
      MilvusRows target = new MilvusRows(milvus.client());
      String collection = "articles_of_oceanbase";
      Await.until(
          "the scan", () -> target.count(collection) == ROWS, from.get("name"), to.get("name"));
      change();
      Map<Long, String> expected = new TreeMap<>();
      titles.forEach((id, title) -> expected.put(id, title + floats(vectors.get(id))));
      Await.until(
          "the changes",
          () -> rows(target, collection).equals(expected),
          from.get("name"),
          to.get("name"));
      Stack.connect().delete(from.get("name"));
      Stack.connect().delete(to.get("name"));
      source.execute("DROP TABLE articles");
      milvus.drop(collection);
    }
  }

  private static List<Float> floats(float[] elements) {
    List<Float> list = new ArrayList<>();
    for (float element : elements) {
      list.add(element);
    }
    return list;
  }

  private static Map<Long, String> rows(MilvusRows target, String collection) {
    Map<Long, String> rows = new TreeMap<>();
    target
        .byId(collection, ROWS * 2)
        .forEach(
            (id, row) ->
                rows.put(
                    ((Number) id).longValue(), row.get("title").toString() + row.get("embedding")));
    return rows;
  }
}
