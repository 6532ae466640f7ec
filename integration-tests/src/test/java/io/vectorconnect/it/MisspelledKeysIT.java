package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every plugin refuses a misspelled key of its own, and no key of others. */
class MisspelledKeysIT {
  /** Keys that users and their tools write into configurations. */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "note", "notes", "_comment", "description", "owner", "team", "label", "env", "version");

  static Stream<Arguments> plugins() {
    return ReferencePagesIT.connectors();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("plugins")
  void aKeyWithoutOneCharacterIsRefused(String name, Class<?> plugin, ConfigDef def)
      throws Exception {
    for (String key : def.names()) {
      String wrong = key.substring(0, key.length() - 2) + key.substring(key.length() - 1);
      assertThat(def.names()).doesNotContain(wrong);
      assertThat(error(plugin, wrong)).as(wrong).contains("There is no key " + wrong + "; is ");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("plugins")
  void keysOfOthersAreNotRefused(String name, Class<?> plugin, ConfigDef def) throws Exception {
    for (String key : OF_OTHERS) {
      assertThat(error(plugin, key)).as(key).isEmpty();
    }
  }

  /** What a plugin says about a key; empty where nothing. */
  private static String error(Class<?> type, String key) throws Exception {
    Map<String, String> given = Map.of(key, "x");
    Object plugin = type.getDeclaredConstructor().newInstance();
    if (plugin instanceof Connector connector) {
      Map<String, List<String>> errors = new TreeMap<>();
      for (ConfigValue value : connector.validate(given).configValues()) {
        errors.put(value.name(), value.errorMessages());
      }
      return String.join("", errors.getOrDefault(key, List.of()));
    }
    @SuppressWarnings("unchecked")
    Transformation<SourceRecord> transform = (Transformation<SourceRecord>) plugin;
    try {
      transform.configure(given);
      return "";
    } catch (ConfigException e) {
      return e.getMessage();
    }
  }
}
