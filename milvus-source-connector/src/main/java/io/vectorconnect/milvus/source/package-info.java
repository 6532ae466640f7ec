/**
 * Milvus and Zilliz Cloud to Kafka: keyset scans in parallel ranges, then new keys.
 *
 * <p>Pages come over the generated gRPC stub as columns, and each row's vector is packed straight
 * from its column.
 */
package io.vectorconnect.milvus.source;
