package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.v2.common.DataType;
import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.LocalStack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The plugins on the oldest Connect that they promise to run on, with a broker of today. */
@Services(alone = MILVUS, shared = POSTGRESQL)
@Timeout(240)
class OldestConnectIT {
  private static LocalStack stack;
  private static ConnectRest connect;

  @BeforeAll
  static void start() {
    stack =
        LocalStack.builder()
            .components(Component.CONNECT)
            .oldestConnect()
            .pluginPath(Stack.pluginPath())
            .start();
    connect = new ConnectRest(stack.connect().url());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void everyConnectorIsFoundAndSaysWhatItLacks() {
    assertThat(connect.get("/").get("version").asText()).startsWith("3.6.");
    List<String> ours =
        connect.plugins().keySet().stream()
            .filter(name -> name.startsWith("io.vectorconnect."))
            .toList();
    assertThat(ours).hasSize(9);
    for (String connector : ours) {
      Map<String, List<String>> errors =
          connect.validate(Map.of("name", "x", "connector.class", connector, "topics", "x"));
      assertThat(errors).as(connector).isNotEmpty();
    }
  }

  @Test
  void milvusToPgvector() throws Exception {
    String name = "oldest";
    Sql target = Sql.postgresql();
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create(name, DataType.Int64);
      milvus.insert(name, 1, 1_000, MilvusCollections::row);
      Map<String, String> sink = target.sinkConfig(name);
      connect.put(name, MilvusCollections.sourceConfig(name, name));
      connect.put(sink.get("name"), sink);
      Await.until("the scan", () -> target.count(name) == 1_000, connect, name, sink.get("name"));
      milvus.insert(name, 1_001, 1_005, MilvusCollections::row);
      Await.until("new rows", () -> target.count(name) == 1_005, connect, name, sink.get("name"));
      assertThat(target.value("SELECT count(*) FROM oldest WHERE label = 'row ' || id"))
          .isEqualTo("1005");
      milvus.drop(name);
    }
  }
}
