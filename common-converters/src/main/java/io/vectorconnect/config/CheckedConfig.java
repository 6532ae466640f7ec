package io.vectorconnect.config;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The configuration of a connector, a task or a transform, whose keys are not misspelled. */
public abstract class CheckedConfig extends AbstractConfig {
  /**
   * Parses a configuration.
   *
   * @throws ConfigException when a value is invalid, or a key is probably misspelled
   */
  protected CheckedConfig(ConfigDef def, Map<String, ?> properties) {
    super(def, properties, false);
    List<Problem> misspelled = MisspelledKeys.find(properties.keySet(), def.names());
    if (!misspelled.isEmpty()) {
      throw new ConfigException(misspelled.get(0).message());
    }
  }
}
