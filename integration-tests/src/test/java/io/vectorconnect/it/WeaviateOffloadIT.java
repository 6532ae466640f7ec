package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.LocalStack;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Offloaded tenants of Weaviate, which lie in a store of objects: runs where {@code
 * OFFLOAD_S3_ENDPOINT} and AWS's variables for the login name one.
 */
@Services
@EnabledIfEnvironmentVariable(named = "OFFLOAD_S3_ENDPOINT", matches = "http.*")
@Timeout(240)
class WeaviateOffloadIT {
  private static final int ROWS = 300;

  private static String states(WeaviateObjects weaviate) {
    return weaviate.call("GET", "/v1/schema/Guests/tenants", "").toString();
  }

  @Test
  void anOffloadedTenantIsLoadedReadAndOffloadedAgain() throws Exception {
    try (LocalStack stack =
        LocalStack.builder()
            .components(Component.WEAVIATE)
            .weaviateSetting("ENABLE_MODULES", "offload-s3")
            .weaviateSetting("OFFLOAD_S3_BUCKET_AUTO_CREATE", "true")
            .start()) {
      WeaviateObjects weaviate = new WeaviateObjects(stack.weaviate());
      weaviate.fill("Guests", 0, ",\"multiTenancyConfig\":{\"enabled\":true}");
      weaviate.call("POST", "/v1/schema/Guests/tenants", "[{\"name\":\"away\"}]");
      weaviate.insertNumbers("Guests", ROWS, "away");
      weaviate.call(
          "PUT",
          "/v1/schema/Guests/tenants",
          "[{\"name\":\"away\",\"activityStatus\":\"OFFLOADED\"}]");
      Await.until("it is offloaded", () -> states(weaviate).contains("FROZEN"));
      for (String transport : List.of("grpc", "rest")) {
        Map<String, String> config =
            weaviate.sourceConfig(
                "Guests", "tenant.activate", "true", "connection.transport", transport);
        List<SourceRecord> records =
            new SourceHarness(new WeaviateSourceConnector())
                .run(config, read -> read.size() == ROWS);
        assertThat(WeaviateObjects.ids(records))
            .containsExactlyElementsOf(WeaviateObjects.uuids(ROWS));
        Await.until("it is offloaded again", () -> states(weaviate).contains("FROZEN"));
      }
    }
  }
}
