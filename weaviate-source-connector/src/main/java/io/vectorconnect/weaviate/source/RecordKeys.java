package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.EnumValidator;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The keys that say how objects stand in records. */
final class RecordKeys {
  /** How vectors stand in records. */
  enum VectorFormat {
    PACKED,
    ARRAY
  }

  static final String TOPIC_PREFIX = "topic.prefix";
  static final String TENANT_TOPICS = "tenant.topics";
  static final String VECTOR_FORMAT = "vector.format";
  static final String VECTOR_FIELD_FORMAT = "vector.field.format";
  static final String OBJECT_TIMES = "object.times";

  private static final String NAME = "${vector}";
  private static final EnumValidator<VectorFormat> FORMATS = EnumValidator.of(VectorFormat.class);

  private final AbstractConfig config;

  RecordKeys(AbstractConfig config) {
    this.config = config;
  }

  /** Adds the keys, as their own group. */
  static ConfigDef define(ConfigDef def) {
    String group = "Records";
    return def.define(
            TOPIC_PREFIX,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "What goes before a collection's name to make its topic's.",
            group,
            1,
            Width.MEDIUM,
            "Topic prefix")
        .define(
            TENANT_TOPICS,
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Where a collection has tenants. false: one topic, with the field tenant in key and"
                + " value. true: a topic for each tenant, named collection.tenant.",
            group,
            2,
            Width.SHORT,
            "Tenant topics")
        .define(
            VECTOR_FORMAT,
            Type.STRING,
            "packed",
            FORMATS,
            Importance.MEDIUM,
            "packed: vectors as BYTES, little-endian, exact and fast. array: vectors as ARRAY of"
                + " FLOAT32, for sinks of others.",
            group,
            3,
            Width.SHORT,
            "Vector format",
            FORMATS)
        .define(
            VECTOR_FIELD_FORMAT,
            Type.STRING,
            NAME,
            ConfigDef.LambdaValidator.with(
                RecordKeys::requireName, () -> "text with " + NAME + " in it"),
            Importance.LOW,
            "Field of a named vector; ${vector} is its name. Change it where a property has the same"
                + " name. The vector of a collection without named ones is called vector.",
            group,
            4,
            Width.MEDIUM,
            "Vector field")
        .define(
            OBJECT_TIMES,
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether records have the fields creation_time and last_update_time.",
            group,
            5,
            Width.SHORT,
            "Object times");
  }

  private static void requireName(String key, Object value) {
    if (!value.toString().contains(NAME)) {
      throw new ConfigException(key, value, "must contain " + NAME);
    }
  }

  String topic(Scope scope) {
    String topic = config.getString(TOPIC_PREFIX) + scope.collection();
    return tenantTopics() && !scope.tenant().isEmpty() ? topic + "." + scope.tenant() : topic;
  }

  boolean tenantTopics() {
    return config.getBoolean(TENANT_TOPICS);
  }

  VectorFormat vectorFormat() {
    return FORMATS.parse(config.getString(VECTOR_FORMAT));
  }

  String vectorField(String name) {
    return name.isEmpty() ? "vector" : config.getString(VECTOR_FIELD_FORMAT).replace(NAME, name);
  }

  boolean objectTimes() {
    return config.getBoolean(OBJECT_TIMES);
  }
}
