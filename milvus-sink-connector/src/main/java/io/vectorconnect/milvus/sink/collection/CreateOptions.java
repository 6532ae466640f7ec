package io.vectorconnect.milvus.sink.collection;

import io.milvus.grpc.ConsistencyLevel;

/**
 * The options of a collection that is created, apart from its fields.
 *
 * @param shards how many of them it has
 * @param consistency what reads see that ask for nothing else
 */
public record CreateOptions(int shards, ConsistencyLevel consistency) {
  /** As the vendor's clients create collections. */
  static final CreateOptions MINIMAL = new CreateOptions(1, ConsistencyLevel.Bounded);
}
