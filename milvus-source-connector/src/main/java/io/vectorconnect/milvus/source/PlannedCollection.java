package io.vectorconnect.milvus.source;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.milvus.source.scan.LastKey;
import io.vectorconnect.milvus.source.scan.RangePlanner;
import java.util.List;
import java.util.OptionalLong;

/** A collection while the connector plans its ranges: one barrier, and one count of all rows. */
final class PlannedCollection {
  private final MilvusClient client;
  private final Collection collection;
  private final ReadBarrier barrier;
  private OptionalLong rows = OptionalLong.empty();

  PlannedCollection(MilvusClient client, Collection collection) {
    this.client = client;
    this.collection = collection;
    this.barrier = new ReadBarrier(client, collection);
  }

  String name() {
    return collection.name();
  }

  /** The number of rows, which the first call counts. */
  long rows() {
    if (rows.isEmpty()) {
      rows = OptionalLong.of(count(type().any(key())));
    }
    return rows.getAsLong();
  }

  RangePlanner planner() {
    return new RangePlanner(type(), bound -> count(type().upTo(key(), bound)));
  }

  LastKey lastKey() {
    return new LastKey(client, collection, barrier);
  }

  private long count(String filter) {
    return client.count(name(), List.of(), filter, barrier.freshness());
  }

  private KeyType type() {
    return collection.keyType();
  }

  private String key() {
    return collection.key().getName();
  }
}
