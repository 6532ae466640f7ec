package io.vectorconnect.it;

import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.ManagedChannelBuilder;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Requests that the vendor's client does not send, by its generated stub. */
final class MilvusRequests implements AutoCloseable {
  private final ManagedChannel channel;
  private final MilvusServiceBlockingStub stub;

  MilvusRequests(MilvusAddress address) {
    channel =
        ManagedChannelBuilder.forTarget(address.uri().replaceFirst("^http://", ""))
            .usePlaintext()
            .build();
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        Base64.getEncoder().encodeToString(address.token().getBytes(StandardCharsets.UTF_8)));
    stub =
        MilvusServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  MilvusServiceBlockingStub stub() {
    return stub;
  }

  /** The server's clock. */
  long now() {
    return stub.allocTimestamp(AllocTimestampRequest.getDefaultInstance()).getTimestamp();
  }

  DescribeCollectionResponse describe(String collection) {
    return stub.describeCollection(
        DescribeCollectionRequest.newBuilder().setCollectionName(collection).build());
  }

  /** A query of level Customized with a guarantee, or of level Bounded without (0). */
  static QueryRequest.Builder query(String collection, String filter, long guarantee) {
    return QueryRequest.newBuilder()
        .setCollectionName(collection)
        .setExpr(filter)
        .setGuaranteeTimestamp(guarantee)
        .setConsistencyLevel(
            guarantee == 0 ? ConsistencyLevel.Bounded : ConsistencyLevel.Customized);
  }

  static KeyValuePair parameter(String key, Object value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value.toString()).build();
  }

  /** A page in the order of the keys: id and label of each row. */
  List<String> page(String collection, String filter, int limit, long guarantee) {
    return labelled(
        stub.query(
            query(collection, filter, guarantee)
                .addOutputFields("label")
                .addOutputFields("id")
                .addQueryParams(parameter("iterator", "True"))
                .addQueryParams(parameter("reduce_stop_for_best", "True"))
                .addQueryParams(parameter("limit", limit))
                .build()));
  }

  /** Waits until every write before the guarantee can be read. */
  void barrier(String collection, long guarantee) {
    check(
        stub.query(
            query(collection, "", guarantee)
                .addOutputFields("id")
                .addQueryParams(parameter("limit", 1))
                .build()));
  }

  /** {@code count(*)}, as an iterator's page or not. */
  long count(String collection, String filter, long guarantee, boolean iterator) {
    QueryRequest.Builder request = query(collection, filter, guarantee).addOutputFields("count(*)");
    if (iterator) {
      request.addQueryParams(parameter("iterator", "True"));
    }
    return check(stub.query(request.build()))
        .getFieldsData(0)
        .getScalars()
        .getLongData()
        .getData(0);
  }

  @SuppressWarnings("deprecation") // servers fill in the old code, too
  static QueryResults check(QueryResults results) {
    if (results.getStatus().getCode() != 0 || results.getStatus().getErrorCodeValue() != 0) {
      throw new AssertionError(results.getStatus());
    }
    return results;
  }

  private static List<String> labelled(QueryResults results) {
    FieldData ids = column(check(results), "id");
    FieldData labels = column(results, "label");
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < labels.getScalars().getStringData().getDataCount(); i++) {
      rows.add(
          (ids.getScalars().hasLongData()
                  ? ids.getScalars().getLongData().getData(i)
                  : ids.getScalars().getStringData().getData(i))
              + " "
              + labels.getScalars().getStringData().getData(i));
    }
    return rows;
  }

  private static FieldData column(QueryResults results, String name) {
    return results.getFieldsDataList().stream()
        .filter(column -> column.getFieldName().equals(name))
        .findFirst()
        .orElse(FieldData.getDefaultInstance());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
