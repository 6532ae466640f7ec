package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.oceanbase.Encryption;
import io.vectorconnect.oceanbase.OceanBaseConnection;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import io.vectorconnect.sql.sink.index.IndexKeys;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** Every key of the sink. */
final class OceanBaseSinkConfig extends SqlSinkConfig {

  /** Kinds of indexes on dense vectors. */
  enum IndexType {
    HNSW,
    HNSW_SQ,
    HNSW_BQ,
    IVF_FLAT,
    IVF_SQ8,
    IVF_PQ
  }

  /** Distances; AUTO is the source's, as the record's schema tells it. */
  enum Metric {
    AUTO,
    L2,
    INNER_PRODUCT,
    COSINE
  }

  private static final EnumValidator<IndexType> INDEX_TYPES = EnumValidator.of(IndexType.class);
  private static final EnumValidator<Metric> METRICS = EnumValidator.of(Metric.class);

  static final ConfigDef DEF =
      IndexKeys.define(
          rows(
              table(
                  encryption(
                      connection(
                          new ConfigDef(),
                          2881,
                          "Database to write to, of a tenant in MySQL mode. The tenant is part of the"
                              + " user, as root@tenant or root@tenant#cluster; seekdb has none.")),
                  "database",
                  "tinyint to smallint to int to bigint, float to double.")),
          INDEX_TYPES,
          METRICS,
          "Distance that the index serves. auto: the one of the source's index, where the record"
              + " tells it, else cosine. Indexes on sparse vectors serve inner_product.",
          "Parameters of the index, as m=16,ef_construction=200 or nlist=1000.");

  private static ConfigDef encryption(ConfigDef def) {
    return connectTimeout(Encryption.define(def, CONNECTION_GROUP, 6), 6 + Encryption.KEYS);
  }

  /**
   * Parses and cross-checks a task's configuration.
   *
   * @throws org.apache.kafka.common.config.ConfigException when keys contradict each other
   */
  OceanBaseSinkConfig(Map<String, String> properties) {
    super(DEF, properties);
  }

  OceanBaseConnection connection() {
    return new OceanBaseConnection(
        host(),
        port(),
        database(),
        user(),
        getPassword(PASSWORD),
        connectTimeout(),
        Encryption.of(this));
  }

  IndexType indexType() {
    return INDEX_TYPES.parse(getString(IndexKeys.TYPE));
  }

  Metric metric() {
    return METRICS.parse(getString(IndexKeys.METRIC));
  }
}
