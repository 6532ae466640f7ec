package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.MilvusException.Kind;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MilvusConnectionTest {
  private static MilvusConnection connection(String key, String value) {
    return new MilvusConnection(
        new AbstractConfig(
            MilvusConnection.define(new ConfigDef()),
            Map.of(MilvusConnection.URI, "http://milvus:19530", key, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "DENIED, connection.password, http://milvus:19530 refused the login",
    "NO_DATABASE, connection.database, There is no database default on http://milvus:19530",
    "UNREACHABLE, connection.uri, No answer from http://milvus:19530",
    "BUSY, connection.uri, 'http://milvus:19530 is starting, busy or at a limit'",
    "REFUSED, connection.uri, listing"
  })
  void aFailureIsToldOnTheKeyThatItIsAbout(Kind kind, String key, String message) {
    Problem problem =
        connection("connection.user", "root")
            .problem(new MilvusException(kind, "listing the collections: code 1", null));
    assertThat(problem.key()).isEqualTo(key);
    assertThat(problem.message()).startsWith(message).endsWith("listing the collections: code 1");
  }

  @Test
  void aTokenIsWhatIsWrongWhereThereIsOne() {
    MilvusException refused = new MilvusException(Kind.DENIED, "no", null);
    assertThat(connection("connection.token", "secret").problem(refused))
        .extracting(Problem::key)
        .isEqualTo("connection.token");
    assertThat(connection("connection.token", "secret").problem(refused).message())
        .doesNotContain("secret");
  }
}
