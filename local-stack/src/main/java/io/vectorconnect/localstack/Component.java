package io.vectorconnect.localstack;

/** What a stack can consist of. */
public enum Component {
  /** An Apache Kafka broker. */
  KAFKA,
  /** A Kafka Connect worker in distributed mode; needs {@link #KAFKA}. */
  CONNECT,
  /** Milvus standalone with embedded etcd and RocksMQ, with authorization switched on. */
  MILVUS,
  /** PostgreSQL with pgvector. */
  POSTGRESQL,
  /** openGauss's stand-in: {@link #POSTGRESQL} behind a shim that its JDBC driver can talk to. */
  OPENGAUSS,
  /** OceanBase seekdb, in MySQL mode. */
  OCEANBASE,
  /** Weaviate with API keys; the server is built from its Go module at the first use. */
  WEAVIATE
}
