package io.vectorconnect.milvus.sink;

import io.milvus.grpc.ConsistencyLevel;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.milvus.MilvusConnection;
import io.vectorconnect.sink.SinkKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Every key of the sink. */
final class MilvusSinkConfig extends AbstractConfig {

  /** When the vector indexes of a created collection are built. */
  enum IndexBuild {
    IMMEDIATE,
    NONE
  }

  /** What becomes of a collection that is there before the connector. */
  enum ExistingCollection {
    /** Its rows stay. */
    APPEND,
    /** It is left alone, and its records are passed over. */
    SKIP,
    /** It is dropped and created. */
    OVERWRITE,
    /** The task fails. */
    FAIL
  }

  /** What reads of a created collection see that ask for nothing else. */
  enum Consistency {
    STRONG,
    BOUNDED,
    SESSION,
    EVENTUALLY
  }

  private static final String EXISTING = "existing.collection";
  private static final String SHARDS = "collection.shards";
  private static final String CONSISTENCY = "collection.consistency.level";
  static final String PARTITION_KEY = "collection.partition.key";

  static final String COLLECTION_NAME_FORMAT = "collection.name.format";
  static final String AUTO_CREATE = "auto.create";
  static final String VARCHAR_MAX_LENGTH = "varchar.max.length";
  static final String INDEX_BUILD = "index.build";
  static final String INDEX_TYPE = "index.type";
  static final String INDEX_PARAMS = "index.params";

  private static final EnumValidator<ExistingCollection> EXISTING_COLLECTIONS =
      EnumValidator.of(ExistingCollection.class);
  private static final EnumValidator<Consistency> CONSISTENCIES =
      EnumValidator.of(Consistency.class);
  private static final EnumValidator<IndexBuild> BUILDS = EnumValidator.of(IndexBuild.class);

  static final ConfigDef DEF =
      SinkKeys.define(index(created(collection(MilvusConnection.define(new ConfigDef())))), 8);

  private static ConfigDef collection(ConfigDef def) {
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
            "max_length, in bytes, of the VarChar fields of created collections.",
            group,
            4,
            Width.SHORT,
            "VarChar length");
  }

  private static ConfigDef created(ConfigDef def) {
    String group = SinkKeys.WRITE_GROUP;
    return def.define(
            SHARDS,
            Type.INT,
            1,
            Range.between(1, 64),
            Importance.LOW,
            "Shards of created collections.",
            group,
            5,
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
            6,
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
            7,
            Width.SHORT,
            "Consistency level",
            CONSISTENCIES);
  }

  private static ConfigDef index(ConfigDef def) {
    String group = "Index";
    return def.define(
            INDEX_BUILD,
            Type.STRING,
            "immediate",
            BUILDS,
            Importance.MEDIUM,
            "immediate: a created collection gets an index on each vector field, and is loaded."
                + " none: neither.",
            group,
            1,
            Width.SHORT,
            "Index build",
            BUILDS)
        .define(
            INDEX_TYPE,
            Type.STRING,
            "HNSW",
            new ConfigDef.NonEmptyString(),
            Importance.LOW,
            "Index type of the dense vector fields of created collections, such as HNSW, IVF_FLAT"
                + " or AUTOINDEX. Binary vectors get BIN_FLAT, sparse ones"
                + " SPARSE_INVERTED_INDEX. The metric is the one that the record's schema names, or"
                + " COSINE, HAMMING and IP.",
            group,
            2,
            Width.SHORT,
            "Index type")
        .define(
            INDEX_PARAMS,
            Type.LIST,
            "M=16,efConstruction=256",
            ConfigDef.LambdaValidator.with(
                MilvusSinkConfig::requireParameters, () -> "name=value,name=value"),
            Importance.LOW,
            "Build parameters of index.type, as name=value pairs; the default is for HNSW, and left"
                + " out for other types.",
            group,
            3,
            Width.MEDIUM,
            "Index parameters");
  }

  private final SinkKeys rows;

  private MilvusSinkConfig(Map<String, String> properties) {
    super(DEF, properties, false);
    rows = new SinkKeys(this);
  }

  /**
   * Parses and cross-checks a task's configuration.
   *
   * @throws ConfigException when keys contradict each other
   */
  static MilvusSinkConfig of(Map<String, String> properties) {
    Aliases.conflict(properties)
        .ifPresent(
            conflict -> {
              throw new ConfigException(conflict.message());
            });
    return new MilvusSinkConfig(Aliases.resolve(properties));
  }

  private static void requireParameters(String key, Object value) {
    for (Object pair : (List<?>) value) {
      if (!pair.toString().matches("\\w+=[\\w.]+")) {
        throw new ConfigException(key, pair, "must be name=value");
      }
    }
  }

  MilvusConnection connection() {
    return new MilvusConnection(this);
  }

  /** How rows are keyed, batched and tried again. */
  SinkKeys rows() {
    return rows;
  }

  String collectionNameFormat() {
    return getString(COLLECTION_NAME_FORMAT);
  }

  boolean autoCreate() {
    return getBoolean(AUTO_CREATE);
  }

  /** What becomes of a collection that is there before the connector. */
  ExistingCollection existingCollection() {
    return EXISTING_COLLECTIONS.parse(getString(EXISTING));
  }

  /** The connector's name. */
  String connector() {
    return originalsStrings().getOrDefault("name", "sink");
  }

  CreateOptions createOptions() {
    return new CreateOptions(
        getInt(SHARDS),
        switch (CONSISTENCIES.parse(getString(CONSISTENCY))) {
          case STRONG -> ConsistencyLevel.Strong;
          case BOUNDED -> ConsistencyLevel.Bounded;
          case SESSION -> ConsistencyLevel.Session;
          case EVENTUALLY -> ConsistencyLevel.Eventually;
        });
  }

  /** The partition key of created collections, or empty. */
  String partitionKey() {
    return getString(PARTITION_KEY);
  }

  int varcharMaxLength() {
    return getInt(VARCHAR_MAX_LENGTH);
  }

  IndexBuild indexBuild() {
    return BUILDS.parse(getString(INDEX_BUILD));
  }

  String indexType() {
    return getString(INDEX_TYPE);
  }

  /** The build parameters of {@link #indexType}, in order. */
  Map<String, String> indexParameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    boolean given = originals().containsKey(INDEX_PARAMS);
    if (given || indexType().equals("HNSW")) {
      for (String pair : getList(INDEX_PARAMS)) {
        int equals = pair.indexOf('=');
        parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return parameters;
  }
}
