package io.vectorconnect.weaviate.source.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class CollectionTest {
  private static Collection collection(String json) throws IOException {
    return Collection.of(new ObjectMapper().readTree("{\"class\":\"C\"," + json + "}"));
  }

  private static Collection properties(String json) throws IOException {
    return collection("\"vectorizer\":\"none\",\"properties\":[" + json + "]");
  }

  @Test
  void seesWhetherWeaviateMakesTheVectors() throws IOException {
    assertThat(collection("\"vectorizer\":\"none\"").vectorized()).isFalse();
    assertThat(collection("\"properties\":[]").vectorized()).isFalse();
    assertThat(collection("\"vectorizer\":\"text2vec-openai\"").vectorized()).isTrue();
    String named =
        "\"vectorConfig\":{\"a\":{\"vectorizer\":{\"none\":{}}},\"b\":{\"vectorizer\":%s}}";
    assertThat(collection(named.formatted("{\"none\":{}}")).vectorized()).isFalse();
    assertThat(collection(named.formatted("{\"text2vec-cohere\":{}}")).vectorized()).isTrue();
  }

  @Test
  void looksGoFartherBackWhereVectorsAreMadeUnlessToldOtherwise() throws IOException {
    Collection plain = collection("\"vectorizer\":\"none\"");
    Collection slow = collection("\"vectorizer\":\"text2vec-openai\"");
    WeaviateSourceConfig config = config(Map.of());
    assertThat(config.pollOverlap(plain)).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.pollOverlap(slow)).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.settleTime()).isEqualTo(Duration.ofSeconds(10));
    config = config(Map.of("poll.overlap.ms", "2000"));
    assertThat(config.pollOverlap(plain)).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.pollOverlap(slow)).isEqualTo(Duration.ofSeconds(2));
  }

  private static WeaviateSourceConfig config(Map<String, String> more) {
    Map<String, String> config = new java.util.HashMap<>(more);
    config.put("connection.uri", "http://127.0.0.1:8080");
    config.put("collection.include.list", "C");
    return new WeaviateSourceConfig(config);
  }

  @Test
  void tellsWhatWasAddedAtAnyDepth() throws IOException {
    String one = "{\"name\":\"a\",\"dataType\":[\"%s\"],\"nestedProperties\":[%s]}";
    String nested = "{\"name\":\"x\",\"dataType\":[\"text\"]}";
    Collection before = properties(one.formatted("object", nested));
    assertThat(before.changes(properties(one.formatted("object", nested)))).isEmpty();
    assertThat(
            before.changes(
                properties(
                    one.formatted("object", nested + "," + nested.replace("\"x\"", "\"y\"")))))
        .hasValue("new properties [a.y]");
    assertThat(before.changes(properties(one.formatted("object[]", nested))))
        .hasValue("other properties");
    Collection more =
        collection(
            "\"vectorizer\":\"none\",\"vectorIndexType\":\"hnsw\",\"vectorConfig\":{\"v\":{}},\"properties\":["
                + one.formatted("object", nested)
                + "]");
    assertThat(before.changes(more)).hasValue("new vectors [v]");
    assertThatThrownBy(() -> new SchemaGuard(before, () -> more).check())
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("collection C has changed: it has new vectors [v]; restart the task");
  }
}
