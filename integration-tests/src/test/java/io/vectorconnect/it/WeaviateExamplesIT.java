package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.SqlServer;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples from Weaviate on a real worker: UUIDs stay keys, vectors stay what they are. */
@ExtendWith(Stack.class)
@Timeout(300)
class WeaviateExamplesIT {
  private static final int ROWS = 300;
  private final WeaviateObjects weaviate = new WeaviateObjects();

  private static String id(int i) {
    return new UUID(0x1234_5678_9abc_4defL * (i + 1), 0x8000_0000_0000_0000L + i).toString();
  }

  private static String article(int i) {
    return "\"properties\":{\"title\":\"article %d\"},\"vector\":[%d,0.1,-0.25,1.5]"
        .formatted(i, i);
  }

  private Map<String, String> register(String file) throws Exception {
    Map<String, String> variables = new HashMap<>();
    SqlServer server = Sql.postgresql().server();
    variables.put("POSTGRESQL_HOST", server.host());
    variables.put("POSTGRESQL_PORT", Integer.toString(server.port()));
    variables.put("POSTGRESQL_DATABASE", server.database());
    variables.put("POSTGRESQL_USER", server.user());
    variables.put("POSTGRESQL_PASSWORD", server.password());
    variables.put("MILVUS_URI", Stack.get().milvus().uri());
    variables.put("MILVUS_USER", Stack.get().milvus().user());
    variables.put("MILVUS_PASSWORD", Stack.get().milvus().password());
    variables.put("WEAVIATE_URI", weaviate.server().url());
    variables.put("WEAVIATE_GRPC", weaviate.server().grpcAddress());
    variables.put("WEAVIATE_API_KEY", weaviate.server().apiKey());
    String json = Files.readString(Stack.root().resolve("examples").resolve(file));
    Map<String, String> config = ConnectRest.config(json, variables);
    assertThat(Stack.connect().validate(config)).isEmpty();
    Stack.connect().put(config.get("name"), config);
    return config;
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
