package io.vectorconnect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MisspelledKeysTest {
  private static final ConfigDef DEF =
      new ConfigDef()
          .define(
              "collection.include.list", ConfigDef.Type.STRING, ".*", ConfigDef.Importance.LOW, "")
          .define("poll.interval.ms", ConfigDef.Type.STRING, "1", ConfigDef.Importance.LOW, "")
          .define("topic", ConfigDef.Type.STRING, "", ConfigDef.Importance.LOW, "")
          .define("mode", ConfigDef.Type.STRING, "", ConfigDef.Importance.LOW, "");

  private static final class Settings extends CheckedConfig {
    Settings(Map<String, String> properties) {
      super(DEF, properties);
    }
  }

  private static Map<String, List<String>> errors(Map<String, String> given) {
    Config config =
        Problem.addTo(
            new Config(DEF.validate(given)),
            given,
            () -> Optional.of(new Problem("mode", "tried")));
    return config.configValues().stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
  }

  @ParameterizedTest
  @CsvSource({
    "colection.include.list, collection.include.list",
    "collection.include, collection.include.list",
    "poll.interval, poll.interval.ms",
    "poll_interval_ms, poll.interval.ms",
    "Mode, mode",
    "topci, topic",
  })
  void aMisspelledKeyIsAnErrorThatNamesTheOneThatWasMeant(String wrong, String meant) {
    Map<String, String> given = Map.of(wrong, "secret");
    assertThat(errors(given)).as("and the server is not tried").containsOnlyKeys(wrong);
    assertThat(errors(given).get(wrong))
        .singleElement()
        .asString()
        .contains(wrong, "is " + meant + " meant?")
        .doesNotContain("secret");
    assertThatThrownBy(() -> new Settings(given))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is " + meant + " meant?");
  }

  /** Keys of Connect, although some are close to ours, and keys of users and their tools. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "topics",
        "topics.regex",
        "name",
        "connector.class",
        "connector.plugin.version",
        "tasks.max",
        "value.converter.schemas.enable",
        "transforms.mode.type",
        "topic.creation.default.partitions",
        "errors.tolerance",
        "consumer.override.max.poll.records",
        "task.ranges",
        "reconcile.kafka.security.protocol",
        "note",
        "owner",
        "_comment",
        "team.contact",
      })
  void keysOfOthersAreLeftAlone(String key) {
    assertThat(MisspelledKeys.find(Set.of(key), DEF.names())).isEmpty();
    assertThat(new Settings(Map.of(key, "x")).originals()).containsKey(key);
  }

  @Test
  void rightKeysAreTriedOnTheServer() {
    assertThat(errors(Map.of("mode", "x"))).isEqualTo(Map.of("mode", List.of("tried")));
  }
}
