package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code index.params} says becomes part of a statement. */
class IndexParametersTest {
  private static DataVecSinkConfig config(String parameters) {
    return new DataVecSinkConfig(
        Map.of(
            "name", "s",
            "connection.host", "localhost",
            "connection.database", "d",
            "connection.user", "u",
            "connection.password", "p",
            "index.params", parameters));
  }

  @Test
  void namesAndValuesAreTaken() {
    assertThat(config("m=16,ef_construction=64").index().parameters())
        .containsExactlyInAnyOrderEntriesOf(Map.of("m", "16", "ef_construction", "64"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m=16); DROP TABLE t; --",
        "m = 16) TABLESPACE other WITH (lists=1",
        "m) TABLESPACE other WITH (lists=1",
        "\"m\"=16",
        "1m=16",
        "=16"
      })
  void nothingElseGetsIntoTheStatement(String parameters) {
    assertThatThrownBy(() -> config(parameters))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("index.params");
  }
}
