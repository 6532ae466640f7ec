package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The keys that say how objects stand in records. */
final class RecordKeys {
  /** What to do about an object that cannot be told exactly. */
  enum ObjectErrors {
    FAIL,
    SKIP
  }

  static final String TENANT_TOPICS = "tenant.topics";
  static final String VECTOR_FIELD_FORMAT = "vector.field.format";
  static final String OBJECT_TIMES = "object.times";

  static final String OBJECT_ERRORS = "object.errors";

  private static final EnumValidator<ObjectErrors> ERRORS = EnumValidator.of(ObjectErrors.class);
  private static final String NAME = "${vector}";

  private final AbstractConfig config;
  private final SourceKeys source;

  RecordKeys(AbstractConfig config, SourceKeys source) {
    this.config = config;
    this.source = source;
  }

  /** Adds the keys, as their own group. */
  static ConfigDef define(ConfigDef def) {
    String group = "Records";
    return def.define(
            TENANT_TOPICS,
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Where a collection has tenants. false: one topic, with the field tenant in key and"
                + " value. true: a topic for each tenant, named collection.tenant.",
            group,
            1,
            Width.SHORT,
            "Tenant topics")
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
            2,
            Width.MEDIUM,
            "Vector field")
        .define(
            OBJECT_TIMES,
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether records have the fields creation_time and last_update_time.",
            group,
            3,
            Width.SHORT,
            "Object times")
        .define(
            OBJECT_ERRORS,
            Type.STRING,
            "fail",
            ERRORS,
            Importance.MEDIUM,
            "What to do about an object that cannot be told exactly, such as one with a vector of"
                + " another dimension. fail: the task fails, and names it. skip: it is named in the"
                + " log, counted, and left out.",
            group,
            4,
            Width.SHORT,
            "Object errors",
            ERRORS);
  }

  private static void requireName(String key, Object value) {
    if (!value.toString().contains(NAME)) {
      throw new ConfigException(key, value, "must contain " + NAME);
    }
  }

  String topic(Scope scope) {
    String topic = source.topic(scope.collection());
    return tenantTopics() && !scope.tenant().isEmpty() ? topic + "." + scope.tenant() : topic;
  }

  boolean tenantTopics() {
    return config.getBoolean(TENANT_TOPICS);
  }

  VectorFormat vectorFormat() {
    return source.vectorFormat();
  }

  String vectorField(String name) {
    return name.isEmpty() ? "vector" : config.getString(VECTOR_FIELD_FORMAT).replace(NAME, name);
  }

  boolean objectTimes() {
    return config.getBoolean(OBJECT_TIMES);
  }

  boolean skipsBadObjects() {
    return ERRORS.parse(config.getString(OBJECT_ERRORS)) == ObjectErrors.SKIP;
  }
}
