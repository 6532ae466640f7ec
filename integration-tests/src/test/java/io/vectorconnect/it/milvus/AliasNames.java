package io.vectorconnect.it.milvus;

import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.DescribeAliasRequest;
import io.milvus.grpc.DescribeAliasResponse;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DropAliasRequest;
import io.milvus.grpc.ListAliasesRequest;
import io.milvus.grpc.ListAliasesResponse;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Aliases, of which 2.3.5 knows no list, and of which 2.6 describes the list of before. */
final class AliasNames {
  private static final int ALIAS_NOT_FOUND = 1_600;

  private final MilvusVersion version;

  /** By collection, the aliases that its description still has. */
  private final Map<String, List<String>> stale = new ConcurrentHashMap<>();

  AliasNames(MilvusVersion version) {
    this.version = version;
  }

  /** The aliases in a collection's description. */
  List<String> described(String collection, List<String> aliases) {
    return stale.getOrDefault(collection, aliases);
  }

  Status alter(AlterAliasRequest request, MilvusServiceBlockingStub server) {
    DescribeCollectionResponse before = describe(request.getDbName(), request.getAlias(), server);
    DescribeCollectionResponse after =
        describe(request.getDbName(), request.getCollectionName(), server);
    Status status = server.alterAlias(request);
    if (version.describesStaleAliases() && Statuses.isSuccess(status)) {
      stale.putIfAbsent(before.getSchema().getName(), before.getAliasesList());
      stale.putIfAbsent(after.getSchema().getName(), after.getAliasesList());
    }
    return status;
  }

  Status drop(DropAliasRequest request, MilvusServiceBlockingStub server) {
    stale.replaceAll(
        (collection, aliases) ->
            aliases.stream().filter(alias -> !alias.equals(request.getAlias())).toList());
    return server.dropAlias(request);
  }

  /** Those of one collection, or of all. */
  ListAliasesResponse list(ListAliasesRequest request, MilvusServiceBlockingStub server) {
    ListAliasesResponse.Builder answer =
        ListAliasesResponse.newBuilder()
            .setStatus(Status.getDefaultInstance())
            .setDbName(request.getDbName())
            .setCollectionName(request.getCollectionName());
    List<String> collections =
        request.getCollectionName().isEmpty()
            ? server
                .showCollections(
                    ShowCollectionsRequest.newBuilder().setDbName(request.getDbName()).build())
                .getCollectionNamesList()
            : List.of(request.getCollectionName());
    for (String collection : collections) {
      DescribeCollectionResponse description = describe(request.getDbName(), collection, server);
      if (!Statuses.isSuccess(description.getStatus())) {
        return answer.setStatus(description.getStatus()).build();
      }
      answer.addAllAliases(description.getAliasesList());
    }
    return answer.build();
  }

  DescribeAliasResponse describe(DescribeAliasRequest request, MilvusServiceBlockingStub server) {
    DescribeCollectionResponse collection =
        describe(request.getDbName(), request.getAlias(), server);
    DescribeAliasResponse.Builder answer =
        DescribeAliasResponse.newBuilder()
            .setDbName(request.getDbName())
            .setAlias(request.getAlias());
    return collection.getAliasesList().contains(request.getAlias())
        ? answer
            .setStatus(Status.getDefaultInstance())
            .setCollection(collection.getSchema().getName())
            .build()
        : answer
            .setStatus(
                Statuses.refusal(
                    ALIAS_NOT_FOUND, "alias not found[alias=%s]".formatted(request.getAlias())))
            .build();
  }

  private static DescribeCollectionResponse describe(
      String database, String collection, MilvusServiceBlockingStub server) {
    return server.describeCollection(
        DescribeCollectionRequest.newBuilder()
            .setDbName(database)
            .setCollectionName(collection)
            .build());
  }
}
