package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.OPENGAUSS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.SqlServer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example pipelines that begin in PostgreSQL, from their JSON files. */
@Services(
    alone = {MILVUS, POSTGRESQL},
    shared = {CONNECT, OPENGAUSS})
@Timeout(300)
class PostgresExamplesIT {
  private static final String VECTOR =
      "ARRAY(SELECT (random() - 0.5)::real FROM generate_series(1, 768) WHERE i = i)::vector";

  private static Map<String, String> register(String file, Sql source) throws Exception {
    Map<String, String> variables = new HashMap<>();
    put(variables, "POSTGRESQL", source.server());
    put(variables, "OPENGAUSS", Sql.openGauss().server());
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

  private static Sql shop(String name) throws Exception {
    Sql source = Sql.postgresql().createDatabase(name);
    source.execute(
        "CREATE TABLE articles (id bigint PRIMARY KEY, title text NOT NULL,"
            + " embedding vector(768) NOT NULL)",
        "INSERT INTO articles SELECT i, 'article ' || i, "
            + VECTOR
            + " FROM generate_series(1, 100) i");
    return source;
  }

  private static void change(Sql source) throws Exception {
    source.execute(
        "UPDATE articles SET title = 'changed' WHERE id = 1",
        "DELETE FROM articles WHERE id = 2",
        "INSERT INTO articles SELECT i, 'article ' || i, "
            + VECTOR
            + " FROM generate_series(101, 101) i");
  }

  @Test
  void postgresToOpenGauss() throws Exception {
    Sql source = shop("shop");
    Map<String, String> from = register("postgres-to-opengauss/source.json", source);
    Map<String, String> to = register("postgres-to-opengauss/sink.json", source);
    Sql target = Sql.openGauss();
    Await.until(
        "the scan", () -> target.count("articles") == 100, from.get("name"), to.get("name"));
    change(source);
    String sent = "SELECT id, title, md5(vector_send(embedding)) FROM articles ORDER BY id";
    Await.until(
        "the changes",
        () -> target.rows(sent).equals(source.rows(sent)),
        from.get("name"),
        to.get("name"));
    remove(source, from, to);
  }

  @Test
  void postgresToMilvus() throws Exception {
    Sql source = shop("shop_milvus");
    Map<String, String> from = register("postgres-to-milvus/source.json", source);
    Map<String, String> to = register("postgres-to-milvus/sink.json", source);
    try (MilvusCollections milvus = new MilvusCollections()) {
      MilvusRows target = new MilvusRows(milvus.client());
      Await.until(
          "the scan", () -> target.count("articles") == 100, from.get("name"), to.get("name"));
      change(source);
      List<String> expected = new ArrayList<>();
      for (String row : source.rows("SELECT id, title, embedding FROM articles ORDER BY id")) {
        int at = row.lastIndexOf('|') + 2;
        List<Float> elements =
            Stream.of(row.substring(at, row.length() - 1).split(",")).map(Float::valueOf).toList();
        expected.add(row.substring(0, at - 1) + elements);
      }
      Await.until(
          "the changes", () -> articles(target).equals(expected), from.get("name"), to.get("name"));
    }
    remove(source, from, to);
  }

  private static List<String> articles(MilvusRows target) {
    return target.byId("articles", 200).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            row ->
                row.getKey()
                    + "|"
                    + row.getValue().get("title")
                    + "|"
                    + row.getValue().get("embedding"))
        .toList();
  }

  private static void remove(Sql source, Map<String, String> from, Map<String, String> to)
      throws Exception {
    Stack.connect().delete(to.get("name"));
    PostgresSource.remove(from.get("name"), from.get("slot.name"), source);
  }
}
