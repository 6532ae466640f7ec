package io.vectorconnect.milvus.sink.config;

import io.milvus.grpc.ConsistencyLevel;
import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.MilvusConnection;
import io.vectorconnect.milvus.TextType;
import io.vectorconnect.milvus.sink.collection.CreateOptions;
import io.vectorconnect.milvus.sink.collection.FieldLimits;
import io.vectorconnect.sink.SinkKeys;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Every key of the sink. */
public final class MilvusSinkConfig extends CheckedConfig {

  /** When the vector indexes of a created collection are built. */
  public enum IndexBuild {
    IMMEDIATE,
    AFTER_SNAPSHOT,
    NONE
  }

  /** What becomes of a collection that is there before the connector. */
  public enum ExistingCollection {
    /** Its rows stay. */
    APPEND,
    /** It is left alone, and its records are passed over. */
    SKIP,
    /** It is dropped and created. */
    OVERWRITE,
    /** The task fails. */
    FAIL
  }

  /** The distance by which the dense vectors of a created collection are compared. */
  public enum Metric {
    /** As the record's schema says, or else COSINE. */
    AUTO,
    COSINE,
    L2,
    IP
  }

  /** What reads of a created collection see that ask for nothing else. */
  enum Consistency {
    STRONG,
    BOUNDED,
    SESSION,
    EVENTUALLY
  }

  static final String REQUESTS_IN_FLIGHT = "requests.in.flight";
  static final String INDEX_BUILD = "index.build";
  public static final String INDEX_TYPE = "index.type";
  static final String INDEX_METRIC = "index.metric";
  public static final String INDEX_PARAMS = "index.params";
  static final String INDEX_IDLE_MS = "index.idle.ms";

  private static final EnumValidator<IndexBuild> BUILDS = EnumValidator.of(IndexBuild.class);
  private static final EnumValidator<Metric> METRICS = EnumValidator.of(Metric.class);

  public static final ConfigDef DEF =
      SinkKeys.define(
          AliasKeys.define(
              requests(index(CollectionKeys.define(MilvusConnection.define(new ConfigDef()))))),
          CollectionKeys.KEYS + 1);

  private static ConfigDef index(ConfigDef def) {
    String group = "Index";
    return def.define(
            INDEX_BUILD,
            Type.STRING,
            "immediate",
            BUILDS,
            Importance.MEDIUM,
            "immediate: a created collection gets an index on each vector field, and is loaded."
                + " after_snapshot: the same when no record of a first scan has come, to any task,"
                + " for index.idle.ms; until then nobody can search in it. none: neither.",
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
                + " SPARSE_INVERTED_INDEX. Zilliz Cloud gets AUTOINDEX for all, where this is not"
                + " given.",
            group,
            2,
            Width.SHORT,
            "Index type")
        .define(
            INDEX_METRIC,
            Type.STRING,
            "auto",
            METRICS,
            Importance.MEDIUM,
            "Metric of the dense vector fields of created collections. auto: the one that the"
                + " record's schema names, or COSINE; binary vectors always have that or HAMMING,"
                + " sparse ones IP.",
            group,
            3,
            Width.SHORT,
            "Metric",
            METRICS)
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
            4,
            Width.MEDIUM,
            "Index parameters")
        .define(
            INDEX_IDLE_MS,
            Type.LONG,
            30_000L,
            Range.between(1_000, 86_400_000),
            Importance.LOW,
            "How long no record of a first scan has come, to any task, before it counts as done, in"
                + " milliseconds, where index.build=after_snapshot. Too short a time costs speed,"
                + " not rows.",
            group,
            5,
            Width.SHORT,
            "Idle time");
  }

  private static ConfigDef requests(ConfigDef def) {
    return def.define(
        REQUESTS_IN_FLIGHT,
        Type.INT,
        2,
        Range.between(1, 16),
        Importance.LOW,
        "A batch is divided into up to so many requests, which are sent at the same time.",
        "Requests",
        1,
        Width.SHORT,
        "Requests in flight");
  }

  private final SinkKeys rows;
  private final AliasKeys alias;

  private MilvusSinkConfig(Map<String, String> properties) {
    super(DEF, properties);
    rows = new SinkKeys(this);
    alias = new AliasKeys(this);
  }

  /**
   * Parses and cross-checks a task's configuration.
   *
   * @throws ConfigException when keys contradict each other
   */
  public static MilvusSinkConfig of(Map<String, String> properties) {
    Aliases.conflict(properties).ifPresent(MilvusSinkConfig::refuse);
    MilvusSinkConfig config = parse(properties);
    config.contradiction().ifPresent(MilvusSinkConfig::refuse);
    return config;
  }

  /**
   * Parses a configuration that may yet have a {@link #contradiction}.
   *
   * @throws ConfigException when the keys of all sinks contradict each other
   */
  public static MilvusSinkConfig parse(Map<String, String> properties) {
    return new MilvusSinkConfig(Aliases.resolve(properties));
  }

  /** The first contradiction between keys of this sink, if any. */
  public Optional<Problem> contradiction() {
    return AliasKeys.contradiction(this).or(() -> CollectionKeys.contradiction(this));
  }

  private static void refuse(Problem problem) {
    throw new ConfigException(problem.message());
  }

  private static void requireParameters(String key, Object value) {
    for (Object pair : (List<?>) value) {
      if (!pair.toString().matches("\\w+=[\\w.]+")) {
        throw new ConfigException(key, pair, "must be name=value");
      }
    }
  }

  public MilvusConnection connection() {
    return new MilvusConnection(this);
  }

  /** How rows are keyed, batched and tried again. */
  public SinkKeys rows() {
    return rows;
  }

  /** Whether and how collections are rebuilt behind an alias. */
  public AliasKeys alias() {
    return alias;
  }

  public String collectionNameFormat() {
    return getString(CollectionKeys.COLLECTION_NAME_FORMAT);
  }

  public boolean autoCreate() {
    return getBoolean(CollectionKeys.AUTO_CREATE);
  }

  /** What becomes of a collection that is there before the connector. */
  public ExistingCollection existingCollection() {
    return CollectionKeys.EXISTING_COLLECTIONS.parse(getString(CollectionKeys.EXISTING));
  }

  /** The connector's name. */
  public String connector() {
    return originalsStrings().getOrDefault("name", "sink");
  }

  public CreateOptions createOptions() {
    return new CreateOptions(
        getInt(CollectionKeys.SHARDS),
        switch (CollectionKeys.CONSISTENCIES.parse(getString(CollectionKeys.CONSISTENCY))) {
          case STRONG -> ConsistencyLevel.Strong;
          case BOUNDED -> ConsistencyLevel.Bounded;
          case SESSION -> ConsistencyLevel.Session;
          case EVENTUALLY -> ConsistencyLevel.Eventually;
        });
  }

  /** The partition key of created collections, or empty. */
  public String partitionKey() {
    return getString(CollectionKeys.PARTITION_KEY);
  }

  /** The name of a primary key that the server makes in created collections, or empty. */
  public String autoId() {
    return getString(CollectionKeys.AUTO_ID);
  }

  /** Whether created collections have dynamic fields whatever their first record has. */
  public boolean dynamicField() {
    return getBoolean(CollectionKeys.DYNAMIC);
  }

  /** The limits of created fields that the records' schemas do not contain. */
  public FieldLimits fieldLimits() {
    return new FieldLimits(
        getInt(CollectionKeys.VARCHAR_MAX_LENGTH),
        getInt(CollectionKeys.ARRAY_MAX_CAPACITY),
        Set.copyOf(getList(CollectionKeys.ARRAY_FIELDS)),
        CollectionKeys.vectors(getList(CollectionKeys.VECTOR_FIELDS)),
        getBoolean(CollectionKeys.NULLABLE_VECTORS),
        textTypes());
  }

  /** The types of Milvus that are written from text; other fields of such types are refused. */
  public Set<TextType> textTypes() {
    return TextType.of(this);
  }

  public IndexBuild indexBuild() {
    return BUILDS.parse(getString(INDEX_BUILD));
  }

  public String indexType() {
    return getString(INDEX_TYPE);
  }

  /** How many requests of a batch are sent at the same time. */
  public int requestsInFlight() {
    return getInt(REQUESTS_IN_FLIGHT);
  }

  /** How long a scan is quiet before it counts as done. */
  public Duration indexIdle() {
    return Duration.ofMillis(getLong(INDEX_IDLE_MS));
  }

  /** The metric of dense vectors. */
  public Metric indexMetric() {
    return METRICS.parse(getString(INDEX_METRIC));
  }

  /** Whether the server chooses all indexes itself: Zilliz Cloud does, and knows no others. */
  public boolean autoIndex() {
    return !originals().containsKey(INDEX_TYPE) && connection().isZillizCloud();
  }

  /** The build parameters of {@link #indexType}, in order. */
  public Map<String, String> indexParameters() {
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
