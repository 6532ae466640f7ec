package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.sql.sink.index.IndexKeys;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Kinds of indexes, and how they are built. */
final class DataVecIndexKeys {
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

  static final String MEMORY = "index.maintenance.memory";
  static final String WORKERS = "index.parallel.workers";

  private static final EnumValidator<IndexType> TYPES = EnumValidator.of(IndexType.class);
  private static final EnumValidator<Metric> METRICS = EnumValidator.of(Metric.class);

  private final AbstractConfig config;

  DataVecIndexKeys(AbstractConfig config) {
    this.config = config;
  }

  static ConfigDef define(ConfigDef def) {
    String group = IndexKeys.GROUP;
    return IndexKeys.define(
            def,
            TYPES,
            METRICS,
            "Distance that the index serves. auto: the one of the source's index, where the record"
                + " tells it, else cosine, and hamming for bits.",
            "Parameters of the index, as m=16,ef_construction=256 or lists=1000; on openGauss also"
                + " enable_pq=on,pq_m=8.")
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
            IndexKeys.KEYS + 1,
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
            IndexKeys.KEYS + 2,
            Width.SHORT,
            "Workers");
  }

  IndexType type() {
    return TYPES.parse(config.getString(IndexKeys.TYPE));
  }

  Metric metric() {
    return METRICS.parse(config.getString(IndexKeys.METRIC));
  }

  Optional<String> memory() {
    return Optional.of(config.getString(MEMORY)).filter(size -> !size.isEmpty());
  }

  Optional<Integer> workers() {
    return Optional.of(config.getInt(WORKERS)).filter(number -> number >= 0);
  }
}
