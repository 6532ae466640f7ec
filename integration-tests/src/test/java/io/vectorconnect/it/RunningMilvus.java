package io.vectorconnect.it;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.database.request.CreateDatabaseReq;
import io.milvus.v2.service.database.request.DropDatabaseReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.utility.request.ListAliasesReq;
import java.util.Optional;

/**
 * A Milvus that was there before the tests and stays after them: {@code -Dstack.milvus} is its
 * address, {@code -Dstack.milvus.token} its API key or {@code user:password}. Each run has a
 * database of its own, and drops it.
 */
record RunningMilvus(MilvusAddress address) implements AutoCloseable {
  private static final String URI = "stack.milvus";
  private static final String TOKEN = "stack.milvus.token";

  /** Whether this run works with one. */
  static boolean isGiven() {
    return !System.getProperty(URI, "").isEmpty();
  }

  /** Creates the run's database there; empty where the stack has a Milvus of its own. */
  static Optional<RunningMilvus> open() {
    if (!isGiven()) {
      return Optional.empty();
    }
    String uri = System.getProperty(URI);
    String token = System.getProperty(TOKEN, "");
    String database = "vector_connect_it_" + Long.toString(System.currentTimeMillis(), 36);
    MilvusClientV2 client = new MilvusAddress(uri, token, "default").client();
    try {
      client.createDatabase(CreateDatabaseReq.builder().databaseName(database).build());
    } finally {
      client.close();
    }
    return Optional.of(new RunningMilvus(new MilvusAddress(uri, token, database)));
  }

  @Override
  public void close() {
    MilvusClientV2 client = address.client();
    try {
      for (String collection : client.listCollections().getCollectionNames()) {
        client
            .listAliases(ListAliasesReq.builder().collectionName(collection).build())
            .getAlias()
            .forEach(alias -> client.dropAlias(DropAliasReq.builder().alias(alias).build()));
        client.dropCollection(DropCollectionReq.builder().collectionName(collection).build());
      }
      client.dropDatabase(DropDatabaseReq.builder().databaseName(address.database()).build());
    } finally {
      client.close();
    }
  }
}
