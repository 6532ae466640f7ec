package io.vectorconnect.localstack;

/** What a stack can consist of. */
public enum Component {
  /** An Apache Kafka broker. */
  KAFKA,
  /** A Kafka Connect worker in distributed mode; needs {@link #KAFKA}. */
  CONNECT,
  /** Milvus standalone with embedded etcd and RocksMQ, with authorization switched on. */
  MILVUS,
  /**
   * Milvus Lite 3, a server of Milvus's protocol in Python, without login: nullable fields and
   * default values.
   */
  MILVUS_LITE,
  /**
   * Milvus Lite 2.5, Milvus's own core without the services around it, without login: vectors of
   * half precision.
   */
  MILVUS_LITE_2,
  /** PostgreSQL with pgvector. */
  POSTGRESQL,
  /** openGauss's stand-in: {@link #POSTGRESQL} behind a shim that its JDBC driver can talk to. */
  OPENGAUSS,
  /** OceanBase seekdb, in MySQL mode. */
  OCEANBASE,
  /** Weaviate with API keys; the server is built from its Go module at the first use. */
  WEAVIATE
}
