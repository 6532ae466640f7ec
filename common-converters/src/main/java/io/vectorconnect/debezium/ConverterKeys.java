package io.vectorconnect.debezium;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.data.SpecialFloats;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * The converter's own configuration. Debezium passes the keys that begin with the converter's name
 * and a point, without this prefix.
 */
record ConverterKeys(CheckMode check, SpecialFloats specialFloats) {
  private static final EnumValidator<CheckMode> MODES = EnumValidator.of(CheckMode.class);

  /** Names the converter's class, for Debezium. */
  private static final String TYPE = "type";

  private static final ConfigDef KEYS =
      SpecialFloats.define(
          new ConfigDef()
              .define(
                  CheckMode.KEY,
                  Type.STRING,
                  "fail",
                  MODES,
                  Importance.HIGH,
                  "What to do when columns, tables or settings would make Debezium lose or change"
                      + " values. fail: stop. warn: log each problem and go on."),
          "converter",
          1);

  /** With the keys' defaults. */
  ConverterKeys() {
    this(CheckMode.FAIL, SpecialFloats.FAIL);
  }

  /**
   * Reads the keys.
   *
   * @throws ConfigException when a key is unknown or has an impossible value
   */
  static ConverterKeys of(Properties properties) {
    Map<String, String> given = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> given.put(key, properties.getProperty(key)));
    given.remove(TYPE);
    Set<String> unknown = new TreeSet<>(given.keySet());
    unknown.removeAll(KEYS.names());
    if (!unknown.isEmpty()) {
      throw new ConfigException(
          "VectorConverter does not have the key %s; its keys are %s"
              .formatted(unknown.iterator().next(), new TreeSet<>(KEYS.names())));
    }
    AbstractConfig config = new AbstractConfig(KEYS, given, false);
    return new ConverterKeys(
        MODES.parse(config.getString(CheckMode.KEY)), SpecialFloats.of(config));
  }
}
