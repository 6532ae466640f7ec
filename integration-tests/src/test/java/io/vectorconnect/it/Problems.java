package io.vectorconnect.it;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;

/** What a connector says to a configuration. */
final class Problems {
  private Problems() {}

  /** By key, the messages of {@code validate}; of the keys without one nothing. */
  static Map<String, String> of(Connector connector, Map<String, String> config) {
    Map<String, String> problems = new TreeMap<>();
    for (ConfigValue value : connector.validate(config).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        problems.put(value.name(), value.errorMessages().toString());
      }
    }
    return problems;
  }
}
