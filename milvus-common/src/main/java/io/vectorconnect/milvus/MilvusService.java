package io.vectorconnect.milvus;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.DumpMessagesRequest;
import io.milvus.grpc.DumpMessagesResponse;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.FlushResponse;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.GetReplicasRequest;
import io.milvus.grpc.GetReplicasResponse;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.ListAliasesRequest;
import io.milvus.grpc.ListAliasesResponse;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;

/**
 * The calls of Milvus's gRPC service that the connectors make ({@code milvus.proto}, as the
 * vendor's SDK carries it).
 */
public final class MilvusService {
  public static final MethodDescriptor<ShowCollectionsRequest, ShowCollectionsResponse>
      SHOW_COLLECTIONS =
          unary(
              "ShowCollections",
              ShowCollectionsRequest.getDefaultInstance(),
              ShowCollectionsResponse.getDefaultInstance());

  public static final MethodDescriptor<DescribeCollectionRequest, DescribeCollectionResponse>
      DESCRIBE_COLLECTION =
          unary(
              "DescribeCollection",
              DescribeCollectionRequest.getDefaultInstance(),
              DescribeCollectionResponse.getDefaultInstance());

  public static final MethodDescriptor<CreateCollectionRequest, Status> CREATE_COLLECTION =
      unary(
          "CreateCollection",
          CreateCollectionRequest.getDefaultInstance(),
          Status.getDefaultInstance());

  public static final MethodDescriptor<AlterCollectionRequest, Status> ALTER_COLLECTION =
      unary(
          "AlterCollection",
          AlterCollectionRequest.getDefaultInstance(),
          Status.getDefaultInstance());

  public static final MethodDescriptor<RenameCollectionRequest, Status> RENAME_COLLECTION =
      unary(
          "RenameCollection",
          RenameCollectionRequest.getDefaultInstance(),
          Status.getDefaultInstance());

  public static final MethodDescriptor<DropCollectionRequest, Status> DROP_COLLECTION =
      unary(
          "DropCollection",
          DropCollectionRequest.getDefaultInstance(),
          Status.getDefaultInstance());

  public static final MethodDescriptor<LoadCollectionRequest, Status> LOAD_COLLECTION =
      unary(
          "LoadCollection",
          LoadCollectionRequest.getDefaultInstance(),
          Status.getDefaultInstance());

  public static final MethodDescriptor<GetLoadStateRequest, GetLoadStateResponse> GET_LOAD_STATE =
      unary(
          "GetLoadState",
          GetLoadStateRequest.getDefaultInstance(),
          GetLoadStateResponse.getDefaultInstance());

  public static final MethodDescriptor<GetReplicasRequest, GetReplicasResponse> GET_REPLICAS =
      unary(
          "GetReplicas",
          GetReplicasRequest.getDefaultInstance(),
          GetReplicasResponse.getDefaultInstance());

  public static final MethodDescriptor<FlushRequest, FlushResponse> FLUSH =
      unary("Flush", FlushRequest.getDefaultInstance(), FlushResponse.getDefaultInstance());

  public static final MethodDescriptor<ShowPartitionsRequest, ShowPartitionsResponse>
      SHOW_PARTITIONS =
          unary(
              "ShowPartitions",
              ShowPartitionsRequest.getDefaultInstance(),
              ShowPartitionsResponse.getDefaultInstance());

  public static final MethodDescriptor<CreateIndexRequest, Status> CREATE_INDEX =
      unary("CreateIndex", CreateIndexRequest.getDefaultInstance(), Status.getDefaultInstance());

  public static final MethodDescriptor<DescribeIndexRequest, DescribeIndexResponse> DESCRIBE_INDEX =
      unary(
          "DescribeIndex",
          DescribeIndexRequest.getDefaultInstance(),
          DescribeIndexResponse.getDefaultInstance());

  public static final MethodDescriptor<CreateAliasRequest, Status> CREATE_ALIAS =
      unary("CreateAlias", CreateAliasRequest.getDefaultInstance(), Status.getDefaultInstance());

  public static final MethodDescriptor<AlterAliasRequest, Status> ALTER_ALIAS =
      unary("AlterAlias", AlterAliasRequest.getDefaultInstance(), Status.getDefaultInstance());

  public static final MethodDescriptor<ListAliasesRequest, ListAliasesResponse> LIST_ALIASES =
      unary(
          "ListAliases",
          ListAliasesRequest.getDefaultInstance(),
          ListAliasesResponse.getDefaultInstance());

  public static final MethodDescriptor<InsertRequest, MutationResult> INSERT =
      unary("Insert", InsertRequest.getDefaultInstance(), MutationResult.getDefaultInstance());

  public static final MethodDescriptor<UpsertRequest, MutationResult> UPSERT =
      unary("Upsert", UpsertRequest.getDefaultInstance(), MutationResult.getDefaultInstance());

  public static final MethodDescriptor<DeleteRequest, MutationResult> DELETE =
      unary("Delete", DeleteRequest.getDefaultInstance(), MutationResult.getDefaultInstance());

  public static final MethodDescriptor<QueryRequest, QueryResults> QUERY =
      unary("Query", QueryRequest.getDefaultInstance(), QueryResults.getDefaultInstance());

  public static final MethodDescriptor<AllocTimestampRequest, AllocTimestampResponse>
      ALLOC_TIMESTAMP =
          unary(
              "AllocTimestamp",
              AllocTimestampRequest.getDefaultInstance(),
              AllocTimestampResponse.getDefaultInstance());

  public static final MethodDescriptor<GetVersionRequest, GetVersionResponse> GET_VERSION =
      unary(
          "GetVersion",
          GetVersionRequest.getDefaultInstance(),
          GetVersionResponse.getDefaultInstance());

  /** Milvus 3.0: the log of one channel, as a stream without end. */
  public static final MethodDescriptor<DumpMessagesRequest, DumpMessagesResponse> DUMP_MESSAGES =
      method(
          MethodType.SERVER_STREAMING,
          "DumpMessages",
          DumpMessagesRequest.getDefaultInstance(),
          DumpMessagesResponse.getDefaultInstance());

  private MilvusService() {}

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> unary(
      String name, Q request, A answer) {
    return method(MethodType.UNARY, name, request, answer);
  }

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
      MethodType type, String name, Q request, A answer) {
    return MethodDescriptor.<Q, A>newBuilder()
        .setType(type)
        .setFullMethodName("milvus.proto.milvus.MilvusService/" + name)
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(answer))
        .build();
  }
}
