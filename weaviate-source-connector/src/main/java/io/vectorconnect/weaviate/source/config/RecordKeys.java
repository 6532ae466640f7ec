package io.vectorconnect.weaviate.source.config;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.PairsValidator;
import io.vectorconnect.data.SpecialFloats;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Scope;
import io.vectorconnect.weaviate.source.schema.VectorSpace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The keys that say how objects stand in records. */
public final class RecordKeys {
  /** What to do about an object that cannot be told exactly. */
  enum ObjectErrors {
    FAIL,
    SKIP
  }

  public static final String TENANT_TOPICS = "tenant.topics";
  public static final String VECTOR_FIELD_FORMAT = "vector.field.format";
  public static final String VECTOR_DIMENSIONS = "vector.dimensions";
  public static final String OBJECT_TIMES = "object.times";

  public static final String OBJECT_ERRORS = "object.errors";

  private static final EnumValidator<ObjectErrors> ERRORS = EnumValidator.of(ObjectErrors.class);
  private static final String NAME = "${vector}";

  /** What stands for the name of a vector without one. */
  private static final String UNNAMED = "vector";

  /** What a format can be where fields collide, best first. */
  private static final List<String> FORMATS =
      List.of(NAME + "_vector", NAME + "_embedding", "vector_" + NAME, "__" + NAME + "__");

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
            "Field of a vector; ${vector} is the vector's name, or vector for the one without a name."
                + " Change it where a property has the same name.",
            group,
            2,
            Width.MEDIUM,
            "Vector field")
        .define(
            VECTOR_DIMENSIONS,
            Type.LIST,
            "",
            PairsValidator.of("field:dimension", ':', "[1-9][0-9]{0,8}"),
            Importance.LOW,
            "Dimensions of vectors, as field:dimension or collection.field:dimension, where no"
                + " object has the vector yet, or only objects far into the collection: Weaviate's"
                + " schema does not contain them. Objects with another dimension are errors."
                + " Without it, the dimension is the one of the first object that has the vector;"
                + " a task looks for it when it starts.",
            group,
            3,
            Width.LONG,
            "Vector dimensions")
        .define(
            OBJECT_TIMES,
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether records have the fields creation_time and last_update_time.",
            group,
            4,
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
            5,
            Width.SHORT,
            "Object errors",
            ERRORS);
  }

  private static void requireName(String key, Object value) {
    if (!value.toString().contains(NAME)) {
      throw new ConfigException(key, value, "must contain " + NAME);
    }
  }

  public String topic(Scope scope) {
    String topic = source.topic(scope.collection());
    return tenantTopics() && !scope.tenant().isEmpty() ? topic + "." + scope.tenant() : topic;
  }

  public boolean tenantTopics() {
    return config.getBoolean(TENANT_TOPICS);
  }

  public VectorFormat vectorFormat() {
    return source.vectorFormat();
  }

  /** What to do with NaN, infinity and negative zero in properties. */
  public SpecialFloats specialFloats() {
    return source.specialFloats();
  }

  public String vectorField(String name) {
    return field(config.getString(VECTOR_FIELD_FORMAT), name);
  }

  private static String field(String format, String name) {
    return format.replace(NAME, name.isEmpty() ? UNNAMED : name);
  }

  /** A format by which a collection's vectors have fields of their own, if there is one. */
  public Optional<String> formatWithout(Set<String> taken, List<VectorSpace> vectors) {
    return FORMATS.stream()
        .filter(
            format -> {
              Set<String> fields = new HashSet<>(taken);
              return vectors.stream().allMatch(space -> fields.add(field(format, space.name())));
            })
        .findFirst();
  }

  /** The configured dimensions of a collection's vectors, by the vector's name. */
  public Map<String, Integer> dimensions(Collection collection) {
    Map<String, String> configured = dimensionEntries();
    Map<String, Integer> dimensions = new HashMap<>();
    for (VectorSpace space : collection.vectors()) {
      String field = vectorField(space.name());
      String dimension =
          configured.getOrDefault(collection.name() + "." + field, configured.get(field));
      if (dimension != null && !space.multi()) {
        dimensions.put(space.name(), Integer.valueOf(dimension));
      }
    }
    return dimensions;
  }

  /** Entries of {@link #VECTOR_DIMENSIONS} that are about no vector of these collections. */
  public Set<String> unusedDimensions(List<Collection> collections) {
    Set<String> unused = new TreeSet<>(dimensionEntries().keySet());
    for (Collection collection : collections) {
      for (VectorSpace space : collection.vectors()) {
        if (!space.multi()) {
          String field = vectorField(space.name());
          unused.removeAll(Set.of(field, collection.name() + "." + field));
        }
      }
    }
    return unused;
  }

  private Map<String, String> dimensionEntries() {
    return PairsValidator.parse(config.getList(VECTOR_DIMENSIONS), ':');
  }

  public boolean objectTimes() {
    return config.getBoolean(OBJECT_TIMES);
  }

  public boolean skipsBadObjects() {
    return ERRORS.parse(config.getString(OBJECT_ERRORS)) == ObjectErrors.SKIP;
  }
}
