package io.vectorconnect.it;

import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers for a Milvus 2.6 whose collections are empty, as no such server can be installed here.
 * What matters of it is in Kafka.
 */
final class FakeMilvus extends MilvusServiceGrpc.MilvusServiceImplBase implements AutoCloseable {
  private final Map<String, Described> collections = new ConcurrentHashMap<>();
  private final long time;
  private final Server server;

  private record Described(long id, List<String> topics, CollectionSchema schema) {}

  /**
   * A server.
   *
   * @param time what its clock says
   */
  FakeMilvus(long time) throws IOException {
    this.time = time;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .build()
            .start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** Adds a collection, or changes its schema; it has one shard in each topic. */
  void describe(String name, long id, List<String> topics, FieldSchema... fields) {
    boolean dynamic = name.equals("products");
    collections.put(
        name,
        new Described(
            id,
            topics,
            CollectionSchema.newBuilder()
                .setName(name)
                .setEnableDynamicField(dynamic)
                .addAllFields(List.of(fields))
                .build()));
  }

  private static <T> void answer(StreamObserver<T> observer, T answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  @Override
  public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
    answer(observer, GetVersionResponse.newBuilder().setVersion("2.6.18").build());
  }

  @Override
  public void allocTimestamp(
      AllocTimestampRequest request, StreamObserver<AllocTimestampResponse> observer) {
    answer(observer, AllocTimestampResponse.newBuilder().setTimestamp(time).build());
  }

  @Override
  public void showCollections(
      ShowCollectionsRequest request, StreamObserver<ShowCollectionsResponse> observer) {
    answer(
        observer,
        ShowCollectionsResponse.newBuilder().addAllCollectionNames(collections.keySet()).build());
  }

  @Override
  public void describeCollection(
      DescribeCollectionRequest request, StreamObserver<DescribeCollectionResponse> observer) {
    Described found = collections.get(request.getCollectionName());
    DescribeCollectionResponse.Builder answer =
        DescribeCollectionResponse.newBuilder()
            .setCollectionName(request.getCollectionName())
            .setCollectionID(found.id())
            .setSchema(found.schema())
            .addAllPhysicalChannelNames(found.topics());
    for (int shard = 0; shard < found.topics().size(); shard++) {
      answer.addVirtualChannelNames(
          "%s_%dv%d".formatted(found.topics().get(shard), found.id(), shard));
    }
    answer(observer, answer.build());
  }

  @Override
  public void showPartitions(
      ShowPartitionsRequest request, StreamObserver<ShowPartitionsResponse> observer) {
    answer(observer, ShowPartitionsResponse.newBuilder().addPartitionNames("_default").build());
  }

  @Override
  public void getLoadState(
      GetLoadStateRequest request, StreamObserver<GetLoadStateResponse> observer) {
    answer(observer, GetLoadStateResponse.newBuilder().setState(LoadState.LoadStateLoaded).build());
  }

  @Override
  public void describeIndex(
      DescribeIndexRequest request, StreamObserver<DescribeIndexResponse> observer) {
    answer(
        observer,
        DescribeIndexResponse.newBuilder()
            .setStatus(Status.newBuilder().setCode(700).setReason("index not found"))
            .build());
  }

  @Override
  public void query(QueryRequest request, StreamObserver<QueryResults> observer) {
    if (request.getOutputFieldsList().contains("count(*)")) {
      LongArray none = LongArray.newBuilder().addData(0).build();
      answer(
          observer,
          QueryResults.newBuilder()
              .addFieldsData(
                  FieldData.newBuilder()
                      .setFieldName("count(*)")
                      .setScalars(ScalarField.newBuilder().setLongData(none)))
              .build());
      return;
    }
    CollectionSchema schema = collections.get(request.getCollectionName()).schema();
    QueryResults.Builder empty = QueryResults.newBuilder();
    for (FieldSchema field : schema.getFieldsList()) {
      empty.addFieldsData(
          FieldData.newBuilder().setFieldName(field.getName()).setType(field.getDataType()));
    }
    if (schema.getEnableDynamicField()) {
      empty.addFieldsData(FieldData.newBuilder().setFieldName("$meta").setIsDynamic(true));
    }
    answer(observer, empty.build());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
