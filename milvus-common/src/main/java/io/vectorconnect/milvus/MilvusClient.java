package io.vectorconnect.milvus;

import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.v2.client.ConnectConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests over the generated stub; the vendor's SDK sets up the channel (TLS, login, database).
 * Every failure is a {@link MilvusException}.
 */
public final class MilvusClient implements AutoCloseable {
  /** For reads: see everything that was acknowledged before the request, on every shard alike. */
  public static final long STRONG = 0;

  /** Below the milliseconds in a timestamp of the server's. */
  private static final int LOGICAL_BITS = 18;

  private static final Logger log = LoggerFactory.getLogger(MilvusClient.class);

  private final ManagedChannel channel;
  private final String database;
  private final Duration timeout;
  private final MilvusTls tls;

  /**
   * Connects with the first request.
   *
   * @throws MilvusException when files of the connection cannot be used
   */
  public MilvusClient(MilvusConnection connection) {
    this(connection, connection.requestTimeout());
  }

  /** A client that waits {@code timeout} for each answer. */
  public MilvusClient(MilvusConnection connection, Duration timeout) {
    ConnectConfig.ConnectConfigBuilder builder =
        ConnectConfig.builder()
            .uri(connection.uri())
            .dbName(connection.database())
            .keepAliveTimeMs(30_000)
            .keepAliveTimeoutMs(10_000);
    if (!connection.token().isEmpty()) {
      builder.token(connection.token());
    } else if (!connection.user().isEmpty()) {
      builder.username(connection.user()).password(connection.password());
    }
    this.tls = connection.tls();
    this.channel = tls.open(builder.build());
    this.database = connection.database();
    this.timeout = timeout;
  }

  private MilvusServiceBlockingStub stub() {
    return MilvusServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The database of all requests. */
  public String database() {
    return database;
  }

  /**
   * Sends one request.
   *
   * @param action what is being done, for the message of a failure
   * @return the answer, whose status is for the caller to check ({@link MilvusErrors#check})
   */
  public <T> T request(String action, Function<MilvusServiceBlockingStub, T> request) {
    return call(action, () -> request.apply(stub()));
  }

  private <T> T call(String action, Supplier<T> request) {
    try {
      return request.get();
    } catch (StatusRuntimeException e) {
      throw tls.refusal(e)
          .map(problem -> MilvusException.untrusted(problem, e))
          .orElseGet(() -> MilvusErrors.of(action, e));
    }
  }

  /** The names of all collections of the database. */
  public List<String> collections() {
    String action = "listing the collections of database " + database;
    ShowCollectionsRequest request =
        ShowCollectionsRequest.newBuilder().setDbName(database).build();
    ShowCollectionsResponse response = call(action, () -> stub().showCollections(request));
    MilvusErrors.check(action, response.getStatus());
    return response.getCollectionNamesList();
  }

  /** A collection's schema. */
  public DescribeCollectionResponse describe(String collection) {
    String action = "describing collection " + collection;
    DescribeCollectionRequest request =
        DescribeCollectionRequest.newBuilder()
            .setDbName(database)
            .setCollectionName(collection)
            .build();
    DescribeCollectionResponse response = call(action, () -> stub().describeCollection(request));
    MilvusErrors.check(action, response.getStatus());
    return response;
  }

  /** The names of a collection's partitions. */
  public List<String> partitions(String collection) {
    String action = "listing the partitions of collection " + collection;
    ShowPartitionsRequest request =
        ShowPartitionsRequest.newBuilder()
            .setDbName(database)
            .setCollectionName(collection)
            .build();
    ShowPartitionsResponse response = call(action, () -> stub().showPartitions(request));
    MilvusErrors.check(action, response.getStatus());
    return response.getPartitionNamesList();
  }

  /**
   * How far a collection is loaded.
   *
   * @param partitions of it only these; all together when empty
   */
  public LoadState loadState(String collection, List<String> partitions) {
    String action = "asking whether collection %s is loaded".formatted(collection);
    GetLoadStateRequest request =
        GetLoadStateRequest.newBuilder()
            .setDbName(database)
            .setCollectionName(collection)
            .addAllPartitionNames(partitions)
            .build();
    GetLoadStateResponse response = call(action, () -> stub().getLoadState(request));
    MilvusErrors.check(action, response.getStatus());
    return response.getState();
  }

  /** The distance metric of each indexed field. */
  public Map<String, String> metrics(String collection) {
    String action = "describing the indexes of collection " + collection;
    DescribeIndexRequest request =
        DescribeIndexRequest.newBuilder().setDbName(database).setCollectionName(collection).build();
    DescribeIndexResponse response = call(action, () -> stub().describeIndex(request));
    Map<String, String> metrics = new HashMap<>();
    // A collection without index answers with an error, which here just means: no metrics.
    for (IndexDescription index : response.getIndexDescriptionsList()) {
      for (KeyValuePair parameter : index.getParamsList()) {
        if (parameter.getKey().equals("metric_type")) {
          metrics.put(index.getFieldName(), parameter.getValue());
        }
      }
    }
    return metrics;
  }

  /**
   * The server's clock: a read with this guarantee sees every row written before, and needs not
   * wait for the clock's next tick as a {@link #STRONG} one does (2.3.5: 3 ms against 240 ms).
   * {@link #STRONG} where the server does not tell its clock.
   */
  public long guaranteeNow() {
    String action = "asking for the server's time";
    try {
      AllocTimestampResponse response =
          call(action, () -> stub().allocTimestamp(AllocTimestampRequest.getDefaultInstance()));
      MilvusErrors.check(action, response.getStatus());
      return response.getTimestamp();
    } catch (MilvusException e) {
      if (e.kind().isTransient() || e.kind() == MilvusException.Kind.UNTRUSTED) {
        throw e;
      }
      log.info("Reads wait for the server's clock, which it does not tell: {}", e.getMessage());
      return STRONG;
    }
  }

  /** The server's clock in milliseconds since 1970; this machine's where it does not tell. */
  public long clock() {
    long now = guaranteeNow();
    return now == STRONG ? System.currentTimeMillis() : now >>> LOGICAL_BITS;
  }

  /**
   * How many rows match; rows whose key was inserted twice count twice.
   *
   * @param guarantee of {@link #guaranteeNow}, or {@link #STRONG}
   */
  public long count(String collection, String filter, long guarantee) {
    return count(collection, List.of(), filter, guarantee);
  }

  /**
   * How many rows of some partitions match.
   *
   * @param partitions all of them when empty
   */
  public long count(String collection, List<String> partitions, String filter, long guarantee) {
    QueryResults results =
        query(
            "counting rows of collection " + collection,
            QueryRequest.newBuilder()
                .setCollectionName(collection)
                .addAllPartitionNames(partitions)
                .setExpr(filter)
                .addOutputFields("count(*)"),
            guarantee);
    return results.getFieldsData(0).getScalars().getLongData().getData(0);
  }

  /**
   * The rows with the smallest keys among those that match, in the order of their keys. Fewer than
   * {@code limit} does not mean that there are no more, and with several shards it may be more.
   *
   * @param partitions where to look; everywhere when empty
   * @param limit up to 16,384
   * @param guarantee of {@link #guaranteeNow}, or {@link #STRONG}
   */
  public QueryResults page(
      String collection, List<String> partitions, String filter, int limit, long guarantee) {
    return page(collection, partitions, filter, "*", limit, guarantee);
  }

  /**
   * The smallest keys among the rows that match, in order.
   *
   * @param field the primary key
   * @param limit as of {@link #page}
   */
  public QueryResults keys(
      String collection, String filter, String field, int limit, long guarantee) {
    return page(collection, List.of(), filter, field, limit, guarantee);
  }

  private QueryResults page(
      String collection,
      List<String> partitions,
      String filter,
      String field,
      int limit,
      long guarantee) {
    // Both names of the same wish: without it each segment stops as soon as it has enough rows,
    // whichever they are. 2.3 knows the one, later servers the other.
    return query(
        "reading collection " + collection,
        QueryRequest.newBuilder()
            .setCollectionName(collection)
            .addAllPartitionNames(partitions)
            .setExpr(filter)
            .addOutputFields(field)
            .addQueryParams(parameter("limit", Integer.toString(limit)))
            .addQueryParams(parameter("reduce_stop_for_best", "True"))
            .addQueryParams(parameter("iterator", "True")),
        guarantee);
  }

  /**
   * The rows that match, in no order.
   *
   * @param filter matches 16,384 rows at most
   * @param guarantee of {@link #guaranteeNow}, or {@link #STRONG}
   */
  public QueryResults rows(String collection, String filter, List<String> fields, long guarantee) {
    return query(
        "reading collection " + collection,
        QueryRequest.newBuilder()
            .setCollectionName(collection)
            .setExpr(filter)
            .addAllOutputFields(fields),
        guarantee);
  }

  private QueryResults query(String action, QueryRequest.Builder builder, long guarantee) {
    QueryRequest request =
        builder
            .setDbName(database)
            .setConsistencyLevel(
                guarantee == STRONG ? ConsistencyLevel.Strong : ConsistencyLevel.Customized)
            .setGuaranteeTimestamp(guarantee)
            .build();
    QueryResults results = call(action, () -> stub().query(request));
    MilvusErrors.check(action, results.getStatus());
    return results;
  }

  private static KeyValuePair parameter(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
