package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.data.FloatArray;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.config.RecordKeys;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Property;
import io.vectorconnect.weaviate.source.schema.PropertyType;
import io.vectorconnect.weaviate.source.schema.Scope;
import io.vectorconnect.weaviate.source.schema.VectorSpace;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns objects of one collection, or tenant, into keys and values.
 *
 * <p>Weaviate's schema does not contain the dimension of a vector, see {@link Dimensions}. Every
 * vector must have the one that is known.
 */
public final class RecordMapper {
  private static final Logger log = LoggerFactory.getLogger(RecordMapper.class);
  private static final String ID = "id";
  private static final String TENANT = "tenant";
  private static final String CREATED = "creation_time";
  private static final String UPDATED = "last_update_time";
  private static final double EXACT_INTEGERS = 0x1p53;

  private final Collection collection;
  private final Scope scope;
  private final RecordKeys keys;
  private final String topic;
  private final boolean tenantField;
  private final Map<String, Integer> dimensions;
  private final Set<String> largeIntegers = new HashSet<>();
  private final Schema keySchema;
  private Schema valueSchema;

  /** How many dimensions were known when the schema was built. */
  private int dimensionsInSchema;

  private List<Field> fields;

  /**
   * A mapper.
   *
   * @param dimensions the dimensions that are known so far, by the vector's name; shared by the
   *     mappers of a collection, and added to
   * @throws ConfigException when two fields have one name
   */
  public RecordMapper(
      Collection collection, Scope scope, RecordKeys keys, Map<String, Integer> dimensions) {
    this.collection = collection;
    this.scope = scope;
    this.keys = keys;
    this.topic = keys.topic(scope);
    this.tenantField = collection.multiTenant() && !keys.tenantTopics();
    this.dimensions = dimensions;
    checkNames();
    SchemaBuilder key = SchemaBuilder.struct().name(topic + ".Key").field(ID, idSchema());
    if (tenantField) {
      key.field(TENANT, Schema.STRING_SCHEMA);
    }
    this.keySchema = key.build();
    buildValueSchema();
  }

  private static Schema idSchema() {
    return SchemaBuilder.string().name(PropertyType.UUID_NAME).version(1).build();
  }

  private void checkNames() {
    Set<String> names = new HashSet<>(Set.of(ID));
    if (tenantField) {
      names.add(TENANT);
    }
    if (keys.objectTimes()) {
      names.addAll(Set.of(CREATED, UPDATED));
    }
    for (Property property : collection.properties()) {
      if (!names.add(property.name())) {
        throw new ConfigException(
            "property %s of collection %s has the name of a field of the record; leave out %s or %s"
                .formatted(
                    property.name(),
                    collection.name(),
                    "the collection",
                    RecordKeys.OBJECT_TIMES + ", or set " + RecordKeys.TENANT_TOPICS));
      }
    }
    Set<String> taken = Set.copyOf(names);
    for (VectorSpace space : collection.vectors()) {
      String field = keys.vectorField(space.name());
      if (!names.add(field)) {
        throw new ConfigException(
            "a vector of collection %s and something else would both be field %s; %s"
                .formatted(
                    collection.name(),
                    field,
                    keys.formatWithout(taken, collection.vectors())
                        .map(format -> "set " + RecordKeys.VECTOR_FIELD_FORMAT + "=" + format)
                        .orElse("leave the collection out")));
      }
    }
  }

  private void buildValueSchema() {
    SchemaBuilder value = SchemaBuilder.struct().name(topic + ".Value").field(ID, idSchema());
    if (tenantField) {
      value.field(TENANT, Schema.STRING_SCHEMA);
    }
    for (Property property : collection.properties()) {
      value.field(property.name(), property.type().schema(property.arrayOnKafka()));
    }
    for (VectorSpace space : collection.vectors()) {
      value.field(keys.vectorField(space.name()), schema(space));
    }
    if (keys.objectTimes()) {
      value.field(CREATED, Timestamp.SCHEMA).field(UPDATED, Timestamp.SCHEMA);
    }
    valueSchema = value.build();
    dimensionsInSchema = dimensions.size();
    fields = valueSchema.fields();
  }

  private Schema schema(VectorSpace space) {
    if (space.multi()) {
      return Json.builder().parameters(space.parameters()).optional().build();
    }
    if (keys.vectorFormat() == VectorFormat.ARRAY) {
      return SchemaBuilder.array(Schema.FLOAT32_SCHEMA)
          .parameters(space.parameters())
          .optional()
          .build();
    }
    Integer dimension = dimensions.get(space.name());
    SchemaBuilder builder =
        dimension == null
            ? VectorSchema.builder(VectorType.FLOAT)
            : VectorSchema.builder(VectorType.FLOAT, dimension);
    return builder.parameters(space.parameters()).optional().build();
  }

  public String topic() {
    return topic;
  }

  public Schema keySchema() {
    return keySchema;
  }

  /** The schema of the values that were mapped last. */
  public Schema valueSchema() {
    return valueSchema;
  }

  public Struct key(String id) {
    Struct key = new Struct(keySchema).put(ID, id);
    return tenantField ? key.put(TENANT, scope.tenant()) : key;
  }

  /**
   * An object's value.
   *
   * @throws DataException when it cannot be told exactly; names the object and the property
   */
  public Struct value(ObjectView object) {
    learn(object);
    Struct value = new Struct(valueSchema);
    int index = 0;
    value.put(fields.get(index++), object.id());
    if (tenantField) {
      value.put(fields.get(index++), scope.tenant());
    }
    for (Property property : collection.properties()) {
      value.put(fields.get(index++), property(object, property));
    }
    for (VectorSpace space : collection.vectors()) {
      value.put(fields.get(index++), vector(object, space));
    }
    if (keys.objectTimes()) {
      value.put(fields.get(index++), new Date(object.created()));
      value.put(fields.get(index), new Date(object.updated()));
    }
    keys.specialFloats().check(value, () -> where(object.id()));
    return value;
  }

  /** Dimensions that nobody knew before, from this object, or from one of another mapper. */
  private void learn(ObjectView object) {
    if (dimensions.size() < collection.vectors().size()) {
      Dimensions.learn(collection, object, dimensions);
    }
    if (dimensions.size() > dimensionsInSchema) {
      buildValueSchema();
    }
  }

  private Object property(ObjectView object, Property property) {
    try {
      Object value = object.property(property);
      if (value instanceof Long number && Math.abs((double) number) > EXACT_INTEGERS) {
        tellLargeInteger(property);
      }
      return value;
    } catch (DataException | IllegalArgumentException e) {
      throw new DataException(
          "%s, property %s: %s".formatted(where(object.id()), property.name(), e.getMessage()), e);
    }
  }

  private void tellLargeInteger(Property property) {
    if (largeIntegers.add(property.name())) {
      log.warn(
          "Collection {}, property {} holds integers beyond 2^53. Weaviate keeps integers as doubles:"
              + " what is read is what it keeps, and may not be what was once written to it.",
          collection.name(),
          property.name());
    }
  }

  private Object vector(ObjectView object, VectorSpace space) {
    if (space.multi()) {
      byte[] bytes = object.vectors(space);
      return bytes == null ? null : MultiVectors.toJson(bytes);
    }
    byte[] bytes = object.vector(space);
    if (bytes == null) {
      return null;
    }
    int dimension = bytes.length / Float.BYTES;
    if (dimension != dimensions.get(space.name())) {
      throw new DataException(
          "%s, vector %s: expected dimension %d as in %s or in the objects before, got %d; correct the object, or set %s=skip"
              .formatted(
                  where(object.id()),
                  keys.vectorField(space.name()),
                  dimensions.get(space.name()),
                  RecordKeys.VECTOR_DIMENSIONS,
                  dimension,
                  RecordKeys.OBJECT_ERRORS));
    }
    return keys.vectorFormat() == VectorFormat.ARRAY ? FloatArray.of(bytes) : bytes;
  }

  private String where(String id) {
    return "collection %s, %sobject %s"
        .formatted(
            collection.name(),
            scope.tenant().isEmpty() ? "" : "tenant " + scope.tenant() + ", ",
            id);
  }
}
