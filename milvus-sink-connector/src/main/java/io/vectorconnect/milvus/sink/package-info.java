/**
 * Kafka to Milvus and Zilliz Cloud: each batch goes as columns over the generated gRPC stub,
 * straight from the records' packed vectors; collections are created with index and loaded.
 */
package io.vectorconnect.milvus.sink;
