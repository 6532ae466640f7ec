package io.vectorconnect.milvus.sink.alias;

import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.FlushResponse;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.ListAliasesRequest;
import io.milvus.grpc.ListAliasesResponse;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusErrors;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.MilvusService;
import java.util.List;
import java.util.Optional;

/** Requests about aliases, and about how far a collection is that one is to be switched to. */
final class AliasRequests {
  /**
   * The collection behind an alias.
   *
   * @param name its own name
   * @param id its number
   */
  record Behind(String name, long id) {}

  private AliasRequests() {}

  /** The collection behind an alias; empty also where it was dropped and the alias is left. */
  static Optional<Behind> behind(MilvusClient client, String alias) {
    try {
      DescribeCollectionResponse found = client.describe(alias);
      return Optional.of(new Behind(found.getSchema().getName(), found.getCollectionID()));
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.NO_COLLECTION) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The aliases of a collection. Milvus 2.6 describes a collection with the aliases that it had
   * some time ago, so that they are taken from the list of aliases where the server has one.
   */
  static List<String> of(MilvusClient client, String collection) {
    String action = "listing the aliases of collection " + collection;
    ListAliasesRequest request =
        ListAliasesRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(collection)
            .build();
    try {
      ListAliasesResponse response = client.request(action, MilvusService.LIST_ALIASES, request);
      MilvusErrors.check(action, response.getStatus());
      return response.getAliasesList();
    } catch (MilvusException e) {
      if (e.isUnimplemented()) {
        return client.describe(collection).getAliasesList();
      }
      throw e;
    }
  }

  /** Creates an alias. */
  static void create(MilvusClient client, String alias, String collection) {
    String action = "creating alias %s of collection %s".formatted(alias, collection);
    CreateAliasRequest request =
        CreateAliasRequest.newBuilder()
            .setDbName(client.database())
            .setAlias(alias)
            .setCollectionName(collection)
            .build();
    MilvusErrors.check(action, client.request(action, MilvusService.CREATE_ALIAS, request));
  }

  /** Gives an alias that exists to another collection, at once for every reader. */
  static void alter(MilvusClient client, String alias, String collection) {
    String action = "switching alias %s to collection %s".formatted(alias, collection);
    AlterAliasRequest request =
        AlterAliasRequest.newBuilder()
            .setDbName(client.database())
            .setAlias(alias)
            .setCollectionName(collection)
            .build();
    MilvusErrors.check(action, client.request(action, MilvusService.ALTER_ALIAS, request));
  }

  /** Seals what was written, so that it is indexed. */
  static void flush(MilvusClient client, String collection) {
    String action = "flushing collection " + collection;
    FlushRequest request =
        FlushRequest.newBuilder()
            .setDbName(client.database())
            .addCollectionNames(collection)
            .build();
    FlushResponse response = client.request(action, MilvusService.FLUSH, request);
    MilvusErrors.check(action, response.getStatus());
  }

  /** The indexes, with the numbers of rows that they have and are to have. */
  static List<IndexDescription> indexes(MilvusClient client, String collection) {
    String action = "describing the indexes of collection " + collection;
    DescribeIndexRequest request =
        DescribeIndexRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(collection)
            .build();
    DescribeIndexResponse response = client.request(action, MilvusService.DESCRIBE_INDEX, request);
    MilvusErrors.check(action, response.getStatus());
    return response.getIndexDescriptionsList();
  }
}
