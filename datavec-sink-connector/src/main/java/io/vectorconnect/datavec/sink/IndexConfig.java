package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.PairsValidator;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Whether, when and how vector columns are indexed. */
final class IndexConfig {
  /** When indexes are built. */
  enum Build {
    NONE,
    IMMEDIATE,
    AFTER_SNAPSHOT
  }

  /** Kinds of indexes. */
  enum IndexType {
    HNSW,
    IVFFLAT
  }

  /** Distances; AUTO is the source's, as the record's schema tells it. */
  enum Metric {
    AUTO,
    L2,
    IP,
    COSINE,
    L1,
    HAMMING,
    JACCARD
  }

  static final String BUILD = "index.build";
  static final String TYPE = "index.type";
  static final String METRIC = "index.metric";
  static final String PARAMETERS = "index.parameters";
  static final String IDLE_MS = "index.idle.ms";
  static final String MEMORY = "index.maintenance.memory";
  static final String WORKERS = "index.parallel.workers";

  private static final EnumValidator<Build> BUILDS = EnumValidator.of(Build.class);
  private static final EnumValidator<IndexType> TYPES = EnumValidator.of(IndexType.class);
  private static final EnumValidator<Metric> METRICS = EnumValidator.of(Metric.class);

  private final AbstractConfig config;

  IndexConfig(AbstractConfig config) {
    this.config = config;
  }

  static ConfigDef define(ConfigDef def) {
    String group = "Index";
    return def.define(
            BUILD,
            Type.STRING,
            "none",
            BUILDS,
            Importance.MEDIUM,
            "When vector columns are indexed: after_snapshot, when no record of a first scan has come"
                + " for index.idle.ms, to any task; immediate, with the table; or none.",
            group,
            1,
            Width.SHORT,
            "Build indexes",
            BUILDS)
        .define(
            TYPE,
            Type.STRING,
            "hnsw",
            TYPES,
            Importance.MEDIUM,
            "Kind of index.",
            group,
            2,
            Width.SHORT,
            "Index type",
            TYPES)
        .define(
            METRIC,
            Type.STRING,
            "auto",
            METRICS,
            Importance.MEDIUM,
            "Distance that the index serves. auto: the one of the source's index, where the record"
                + " tells it, else cosine, and hamming for bits.",
            group,
            3,
            Width.SHORT,
            "Metric",
            METRICS)
        .define(
            PARAMETERS,
            Type.LIST,
            "",
            PairsValidator.of("name:value", "[A-Za-z0-9_]+"),
            Importance.LOW,
            "Parameters of the index, as m:16,ef_construction:256 or lists:1000; on openGauss also"
                + " enable_pq:on,pq_m:8.",
            group,
            4,
            Width.LONG,
            "Index parameters")
        .define(
            IDLE_MS,
            Type.LONG,
            30_000L,
            Range.between(1_000, 86_400_000),
            Importance.LOW,
            "How long no record of a first scan has come, to any task, before it counts as done, in"
                + " milliseconds. Too short a time costs speed, not rows.",
            group,
            5,
            Width.SHORT,
            "Idle time")
        .define(
            MEMORY,
            Type.STRING,
            "",
            ConfigDef.LambdaValidator.with(
                (name, value) -> {
                  if (!value.toString().matches("([1-9][0-9]*(kB|MB|GB))?")) {
                    throw new org.apache.kafka.common.config.ConfigException(
                        name, value, "must be a size such as 512MB or 2GB");
                  }
                },
                () -> "size such as 2GB"),
            Importance.LOW,
            "maintenance_work_mem of the build; empty: the server's.",
            group,
            6,
            Width.SHORT,
            "Memory")
        .define(
            WORKERS,
            Type.INT,
            -1,
            Range.between(-1, 1_024),
            Importance.LOW,
            "Parallel workers of the build, on PostgreSQL; -1: the server's default.",
            group,
            7,
            Width.SHORT,
            "Workers");
  }

  Build build() {
    return BUILDS.parse(config.getString(BUILD));
  }

  IndexType type() {
    return TYPES.parse(config.getString(TYPE));
  }

  Metric metric() {
    return METRICS.parse(config.getString(METRIC));
  }

  Map<String, String> parameters() {
    return PairsValidator.parse(config.getList(PARAMETERS));
  }

  Duration idle() {
    return Duration.ofMillis(config.getLong(IDLE_MS));
  }

  Optional<String> memory() {
    return Optional.of(config.getString(MEMORY)).filter(size -> !size.isEmpty());
  }

  Optional<Integer> workers() {
    return Optional.of(config.getInt(WORKERS)).filter(number -> number >= 0);
  }
}
