package io.vectorconnect.milvus.sink.config;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.PairsValidator;
import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.TextType;
import io.vectorconnect.milvus.sink.collection.FieldTypes;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig.Consistency;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig.ExistingCollection;
import io.vectorconnect.sink.PkMode;
import io.vectorconnect.sink.SinkKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys about collections: which one is written, and how one is created. */
public final class CollectionKeys {
  static final String EXISTING = "existing.collection";
  static final String SHARDS = "collection.shards";
  public static final String AUTO_ID = "collection.auto.id";
  static final String DYNAMIC = "collection.dynamic.field";
  static final String CONSISTENCY = "collection.consistency.level";
  public static final String PARTITION_KEY = "collection.partition.key";
  public static final String COLLECTION_NAME_FORMAT = "collection.name.format";
  static final String AUTO_CREATE = "auto.create";
  static final String VARCHAR_MAX_LENGTH = "varchar.max.length";
  static final String ARRAY_FIELDS = "array.fields";
  static final String ARRAY_MAX_CAPACITY = "array.max.capacity";

  static final String VECTOR_FIELDS = "vector.fields";
  static final String NULLABLE_VECTORS = "vector.fields.nullable";

  /** How many keys are here. */
  static final int KEYS = 14;

  static final EnumValidator<ExistingCollection> EXISTING_COLLECTIONS =
      EnumValidator.of(ExistingCollection.class);
  static final EnumValidator<Consistency> CONSISTENCIES = EnumValidator.of(Consistency.class);

  private CollectionKeys() {}

  /** The dimension of each field that {@link #VECTOR_FIELDS} lists. */
  static Map<String, Integer> vectors(List<String> entries) {
    Map<String, Integer> dimensions = new HashMap<>();
    PairsValidator.parse(entries, ':')
        .forEach((field, dimension) -> dimensions.put(field, Integer.valueOf(dimension)));
    return Map.copyOf(dimensions);
  }

  /** What is wrong about these keys taken together with the others. */
  static Optional<Problem> contradiction(MilvusSinkConfig config) {
    PkMode mode = config.rows().pkMode();
    if (config.autoId().isEmpty() || mode == PkMode.NONE) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            AUTO_ID,
            "%s: the key comes with the record where pk.mode=%s; set pk.mode=none, or leave it out"
                .formatted(AUTO_ID, mode.name().toLowerCase(Locale.ROOT))));
  }

  /** Adds the keys, the first ones of {@link SinkKeys#WRITE_GROUP}. */
  static ConfigDef define(ConfigDef def) {
    return created(written(def));
  }

  private static ConfigDef written(ConfigDef def) {
    String group = SinkKeys.WRITE_GROUP;
    return def.define(
            COLLECTION_NAME_FORMAT,
            Type.STRING,
            "${topic}",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Collection to write to; ${topic} stands for the topic's name. Characters that Milvus"
                + " does not take in names become _; two topics whose names become the same one"
                + " are refused.",
            group,
            1,
            Width.LONG,
            "Collection name")
        .define(
            AUTO_CREATE,
            Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether to create a missing collection from the schema of its first record.",
            group,
            2,
            Width.SHORT,
            "Create collections")
        .define(
            EXISTING,
            Type.STRING,
            "append",
            EXISTING_COLLECTIONS,
            Importance.MEDIUM,
            "What to do, once, with a collection that is there before the connector: append to it,"
                + " skip it and its records, overwrite it (drop and create it), or fail. Noted by"
                + " an empty collection vector_connect_..., so that a restart does not do it"
                + " again.",
            group,
            3,
            Width.SHORT,
            "Existing collections",
            EXISTING_COLLECTIONS)
        .define(
            VARCHAR_MAX_LENGTH,
            Type.INT,
            FieldTypes.MAX_VARCHAR,
            Range.between(1, FieldTypes.MAX_VARCHAR),
            Importance.LOW,
            "max_length, in bytes, of the VarChar fields of created collections, and of the"
                + " elements of Array fields.",
            group,
            4,
            Width.SHORT,
            "VarChar length")
        .define(
            ARRAY_FIELDS,
            Type.LIST,
            "",
            Importance.LOW,
            "Fields of records that become Array fields of created collections, although an ARRAY"
                + " of FLOAT32 or FLOAT64 is taken for a vector otherwise.",
            group,
            5,
            Width.MEDIUM,
            "Arrays")
        .define(
            ARRAY_MAX_CAPACITY,
            Type.INT,
            FieldTypes.MAX_CAPACITY,
            Range.between(1, FieldTypes.MAX_CAPACITY),
            Importance.LOW,
            "max_capacity, in elements, of the Array fields of created collections.",
            group,
            6,
            Width.SHORT,
            "Array capacity")
        .define(
            VECTOR_FIELDS,
            Type.LIST,
            "",
            PairsValidator.of("field:dimension", ':', "[1-9][0-9]{0,8}"),
            Importance.MEDIUM,
            "Fields that auto.create makes FloatVector, as field:dimension, where the record does"
                + " not tell: text, BYTES of float32 elements.",
            group,
            7,
            Width.LONG,
            "Vector fields");
  }

  private static ConfigDef created(ConfigDef def) {
    String group = SinkKeys.WRITE_GROUP;
    return newer(def)
        .define(
            SHARDS,
            Type.INT,
            1,
            Range.between(1, 64),
            Importance.LOW,
            "Shards of created collections.",
            group,
            8,
            Width.SHORT,
            "Shards")
        .define(
            PARTITION_KEY,
            Type.STRING,
            "",
            Importance.LOW,
            "Field that is the partition key of created collections, if any: an Int64 or VarChar"
                + " field beside the primary key.",
            group,
            9,
            Width.MEDIUM,
            "Partition key")
        .define(
            CONSISTENCY,
            Type.STRING,
            "bounded",
            CONSISTENCIES,
            Importance.LOW,
            "What reads of created collections see that do not ask for another level.",
            group,
            10,
            Width.SHORT,
            "Consistency level",
            CONSISTENCIES)
        .define(
            AUTO_ID,
            Type.STRING,
            "",
            Importance.LOW,
            "Name of the primary key of created collections whose keys the server makes (autoID,"
                + " Int64). Needs pk.mode=none.",
            group,
            11,
            Width.SHORT,
            "Automatic key")
        .define(
            DYNAMIC,
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether created collections have dynamic fields, so that later records may have fields"
                + " that the first one has not. They have them anyway where it has a field $meta.",
            group,
            12,
            Width.SHORT,
            "Dynamic field");
  }

  private static ConfigDef newer(ConfigDef def) {
    String group = SinkKeys.WRITE_GROUP;
    return TextType.define(
        def.define(
            NULLABLE_VECTORS,
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether the vector fields of created collections take NULL where the record's field is"
                + " optional. Needs a recent Milvus 2.6, or 3.0; not for Milvus Lite, which stores"
                + " zeros instead.",
            group,
            13,
            Width.SHORT,
            "Nullable vectors"),
        group,
        14,
        "Types of Milvus to write from STRING: geometry (WKT), timestamptz (ISO 8601 with an offset),"
            + " text. auto.create makes such fields where the source was such a field of Milvus."
            + " A collection that needs a field of a type that is not listed is refused by name, and"
            + " so is one with a struct_array, which this connector does not write.");
  }
}
