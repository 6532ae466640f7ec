package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.PackedVector;
import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.SqlServer;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples from Weaviate on a real worker: UUIDs stay keys, vectors stay what they are. */
@Services(
    alone = {WEAVIATE, MILVUS, OCEANBASE, POSTGRESQL},
    shared = CONNECT)
@Timeout(300)
class WeaviateExamplesIT {
  private static final int ROWS = 300;
  private final WeaviateObjects weaviate = new WeaviateObjects();
  private final OceanBase oceanBase = OceanBase.database("of_weaviate");

  private static String id(int i) {
    return new UUID(0x1234_5678_9abc_4defL * (i + 1), 0x8000_0000_0000_0000L + i).toString();
  }

  private static String article(int i) {
    return "\"properties\":{\"title\":\"article %d\"},\"vector\":[%d,0.1,-0.25,1.5]"
        .formatted(i, i);
  }

  private Map<String, String> register(String file) throws Exception {
    Map<String, String> variables = new HashMap<>();
    put(variables, "POSTGRESQL", Sql.postgresql().server());
    put(variables, "OCEANBASE", oceanBase.server());
    variables.put("MILVUS_URI", Stack.milvus().uri());
    variables.put("MILVUS_USER", Stack.milvus().user());
    variables.put("MILVUS_PASSWORD", Stack.milvus().password());
    variables.put("KAFKA", Stack.get().kafka().bootstrapServers());
    variables.put("WEAVIATE_URI", weaviate.server().url());
    variables.put("WEAVIATE_GRPC", weaviate.server().grpcAddress());
    variables.put("WEAVIATE_API_KEY", weaviate.server().apiKey());
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

  private void articles() {
    weaviate.create("Article", "\"properties\":[{\"name\":\"title\",\"dataType\":[\"text\"]}]");
    weaviate.insert("Article", ROWS, WeaviateExamplesIT::id, WeaviateExamplesIT::article);
  }

  @Test
  void weaviateToPgvector() throws Exception {
    articles();
    Map<String, String> from = register("weaviate-to-pgvector/source.json");
    Map<String, String> to = register("weaviate-to-pgvector/sink.json");
    Sql target = Sql.postgresql();
    Await.until(
        "the scan", () -> target.count("Article") == ROWS, from.get("name"), to.get("name"));
    weaviate.put("Article", id(1), article(-1));
    weaviate.delete("Article", id(2));
    Await.until(
        "the changes",
        () ->
            target
                .rows(
                    "SELECT id::uuid, title, vector FROM \"Article\" WHERE title IN ('article -1', 'article 2')")
                .equals(List.of(id(1) + "|article -1|[-1,0.1,-0.25,1.5]")),
        from.get("name"),
        to.get("name"));
    assertThat(target.count("Article")).isEqualTo(ROWS - 1);
    Stack.connect().delete(from.get("name"));
    Stack.connect().delete(to.get("name"));
    weaviate.drop("Article");
  }

  @Test
  void weaviateToOceanBase() throws Exception {
    articles();
    Map<String, String> from = register("weaviate-to-oceanbase/source.json");
    Map<String, String> to = register("weaviate-to-oceanbase/sink.json");
    String table = "oceanbase_Article";
    Await.until("the scan", () -> oceanBase.count(table) == ROWS, from.get("name"), to.get("name"));
    weaviate.put("Article", id(1), article(-1));
    weaviate.delete("Article", id(2));
    String changed =
        "SELECT id, title, vector FROM %s WHERE title IN ('article -1', 'article 1', 'article 2')"
            .formatted(table);
    Await.until(
        "the changes",
        () -> oceanBase.rows(changed).equals(List.of(id(1) + "|article -1|[-1,0.1,-0.25,1.5]")),
        from.get("name"),
        to.get("name"));
    String same = "SELECT title, vector = %s FROM " + table + " WHERE id = '%s'";
    for (int i : new int[] {0, 7, ROWS - 1}) {
      byte[] vector = PackedVector.ofFloats(new float[] {i, 0.1f, -0.25f, 1.5f}).bytes();
      assertThat(oceanBase.rows(same.formatted(OceanBase.literal(vector), id(i))))
          .containsExactly("article " + i + "|1");
    }
    assertThat(oceanBase.count(table)).isEqualTo(ROWS - 1);
    Stack.connect().delete(from.get("name"));
    Stack.connect().delete(to.get("name"));
    weaviate.drop("Article");
  }

  @Test
  void weaviateToMilvus() throws Exception {
    articles();
    Map<String, String> from = register("weaviate-to-milvus/source.json");
    Map<String, String> to = register("weaviate-to-milvus/sink.json");
    try (MilvusCollections milvus = new MilvusCollections()) {
      MilvusRows target = new MilvusRows(milvus.client());
      Await.until(
          "the scan",
          () -> target.count("milvus_Article") == ROWS,
          from.get("name"),
          to.get("name"));
      Map<String, Object> row = target.query("milvus_Article", "id == \"" + id(7) + "\"").get(0);
      assertThat(row)
          .containsEntry("title", "article 7")
          .containsEntry("vector", List.of(7f, 0.1f, -0.25f, 1.5f));
      Stack.connect().delete(from.get("name"));
      Stack.connect().delete(to.get("name"));
      milvus.drop("milvus_Article");
    }
    weaviate.drop("Article");
  }
}
