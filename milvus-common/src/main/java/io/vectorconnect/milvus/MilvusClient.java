package io.vectorconnect.milvus;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.GetReplicasRequest;
import io.milvus.grpc.GetReplicasResponse;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests over gRPC. Every failure is a {@link MilvusException}. */
public final class MilvusClient implements AutoCloseable {
  /** Instead of a time of the server: everything that was acknowledged before the request. */
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
    this.tls = connection.tls();
    this.channel = MilvusChannel.open(connection, tls);
    this.database = connection.database();
    this.timeout = timeout;
  }

  /** The database of all requests. */
  public String database() {
    return database;
  }

  /**
   * Sends one request, and waits {@code connection.timeout.ms} for its answer.
   *
   * @param action what is being done, for the message of a failure
   * @param method one of {@link MilvusService}
   * @return the answer, whose status is for the caller to check ({@link MilvusErrors#check})
   */
  public <Q, A> A request(String action, MethodDescriptor<Q, A> method, Q request) {
    return call(
        action, () -> ClientCalls.blockingUnaryCall(channel, method, withDeadline(), request));
  }

  /**
   * Sends one request whose answers come in a stream: without a deadline, because a stream may have
   * nothing to tell for long. Keep-alive pings end it when the connection is gone.
   *
   * @param action what is being done, for the message of a failure
   * @param method one of {@link MilvusService}
   */
  public <Q, A> Iterator<A> stream(String action, MethodDescriptor<Q, A> method, Q request) {
    return stream(action, method, request, CallOptions.DEFAULT);
  }

  /** The same of a stream that ends within {@code connection.timeout.ms}, or has failed. */
  public <Q, A> Iterator<A> shortStream(String action, MethodDescriptor<Q, A> method, Q request) {
    return stream(action, method, request, withDeadline());
  }

  private <Q, A> Iterator<A> stream(
      String action, MethodDescriptor<Q, A> method, Q request, CallOptions options) {
    Iterator<A> answers =
        call(
            action,
            () -> ClientCalls.blockingServerStreamingCall(channel, method, options, request));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return call(action, answers::hasNext);
      }

      @Override
      public A next() {
        return call(action, answers::next);
      }
    };
  }

  private CallOptions withDeadline() {
    return CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
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
    ShowCollectionsResponse response = request(action, MilvusService.SHOW_COLLECTIONS, request);
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
    DescribeCollectionResponse response =
        request(action, MilvusService.DESCRIBE_COLLECTION, request);
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
    ShowPartitionsResponse response = request(action, MilvusService.SHOW_PARTITIONS, request);
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
    GetLoadStateResponse response = request(action, MilvusService.GET_LOAD_STATE, request);
    MilvusErrors.check(action, response.getStatus());
    return response.getState();
  }

  /** The distance metric of each indexed field. */
  public Map<String, String> metrics(String collection) {
    String action = "describing the indexes of collection " + collection;
    DescribeIndexRequest request =
        DescribeIndexRequest.newBuilder().setDbName(database).setCollectionName(collection).build();
    DescribeIndexResponse response = request(action, MilvusService.DESCRIBE_INDEX, request);
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
   * The server's clock: a read with this guarantee sees every row that was acknowledged before.
   * {@link #STRONG} where the server does not report its clock.
   */
  public long guaranteeNow() {
    String action = "asking for the server's time";
    try {
      AllocTimestampResponse response =
          request(
              action, MilvusService.ALLOC_TIMESTAMP, AllocTimestampRequest.getDefaultInstance());
      MilvusErrors.check(action, response.getStatus());
      return response.getTimestamp();
    } catch (MilvusException e) {
      if (e.kind().isTransient() || e.kind() == MilvusException.Kind.UNTRUSTED) {
        throw e;
      }
      log.info(
          "The server does not report its clock, so reads are strong ones: {}", e.getMessage());
      return STRONG;
    }
  }

  /** The server's clock in milliseconds since 1970; this machine's where it does not tell. */
  public long clock() {
    long now = guaranteeNow();
    return now == STRONG ? System.currentTimeMillis() : now >>> LOGICAL_BITS;
  }

  /**
   * Counts the rows that match. A row whose key was inserted twice counts twice.
   *
   * @param guarantee of {@link #guaranteeNow}, or {@link #STRONG}
   */
  public long count(String collection, String filter, long guarantee) {
    return count(collection, List.of(), filter, Freshness.since(guarantee));
  }

  /**
   * Counts the rows of some partitions that match.
   *
   * @param partitions all of them when empty
   */
  public long count(
      String collection, List<String> partitions, String filter, Freshness freshness) {
    QueryResults results =
        query(
            "counting rows of collection " + collection,
            QueryRequest.newBuilder()
                .setCollectionName(collection)
                .addAllPartitionNames(partitions)
                .setExpr(filter)
                .addOutputFields("count(*)"),
            freshness);
    return results.getFieldsData(0).getScalars().getLongData().getData(0);
  }

  /**
   * The rows with the smallest keys among those that match, in the order of their keys. A page may
   * be shorter than {@code limit} although there are more rows, and with several shards it may be
   * longer. Only an empty page is the end.
   *
   * @param partitions where to look; everywhere when empty
   * @param outputs outputs of functions to return, beside all other fields
   * @param limit up to 16,384
   * @param freshness never {@link Freshness#since}: from 2.5 on, a page would be read as of that
   *     time, and rows written since are missing from it once their old versions are compacted
   */
  public QueryResults page(
      String collection,
      List<String> partitions,
      String filter,
      List<String> outputs,
      int limit,
      Freshness freshness) {
    List<String> fields = new ArrayList<>(List.of("*"));
    fields.addAll(outputs);
    return page(collection, partitions, filter, limit, freshness, fields);
  }

  /**
   * The smallest keys among the rows that match, in order.
   *
   * @param field the primary key
   * @param limit as of {@link #page}
   * @param freshness as of {@link #page}
   */
  public QueryResults keys(
      String collection, String filter, String field, int limit, Freshness freshness) {
    return page(collection, List.of(), filter, limit, freshness, List.of(field));
  }

  private QueryResults page(
      String collection,
      List<String> partitions,
      String filter,
      int limit,
      Freshness freshness,
      List<String> fields) {
    if (freshness.timestamp() != 0) {
      throw new IllegalArgumentException("a page is not read as of a time");
    }
    // Without these, a segment stops as soon as it has enough rows, whichever they are: 2.3 goes by
    // the one parameter, and later servers count it only together with the other.
    return query(
        "reading collection " + collection,
        QueryRequest.newBuilder()
            .setCollectionName(collection)
            .addAllPartitionNames(partitions)
            .setExpr(filter)
            .addAllOutputFields(fields)
            .addQueryParams(parameter("limit", Integer.toString(limit)))
            .addQueryParams(parameter("timezone", "UTC")) // exact texts of Timestamptz
            .addQueryParams(parameter("reduce_stop_for_best", "True"))
            .addQueryParams(parameter("iterator", "True")),
        freshness);
  }

  /**
   * Waits until a read has reached the server's present time on every shard.
   *
   * @param filter matches every row
   * @param field the primary key
   */
  void reachPresent(String collection, String filter, String field) {
    query(
        "reading collection " + collection,
        QueryRequest.newBuilder()
            .setCollectionName(collection)
            .setExpr(filter)
            .addOutputFields(field)
            .addQueryParams(parameter("limit", "1")),
        Freshness.since(guaranteeNow()));
  }

  /** Whether the server reports that a collection is loaded once, and not in several replicas. */
  boolean hasOneReplica(Collection collection) {
    String action = "asking for the replicas of collection " + collection.name();
    GetReplicasRequest request =
        GetReplicasRequest.newBuilder()
            .setDbName(database)
            .setCollectionName(collection.name())
            .setCollectionID(collection.id())
            .build();
    try {
      GetReplicasResponse response = request(action, MilvusService.GET_REPLICAS, request);
      MilvusErrors.check(action, response.getStatus());
      return response.getReplicasCount() == 1;
    } catch (MilvusException e) {
      if (e.kind().isTransient() || e.kind() == MilvusException.Kind.UNTRUSTED) {
        throw e;
      }
      log.debug("The replicas of collection {} are not known", collection.name(), e);
      return false;
    }
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
        Freshness.since(guarantee));
  }

  /** Any row that matches, or none: to see whether the server returns these fields. */
  public QueryResults one(String collection, String filter, List<String> fields) {
    return query(
        "reading fields of collection " + collection,
        QueryRequest.newBuilder()
            .setCollectionName(collection)
            .setExpr(filter)
            .addAllOutputFields(fields)
            .addQueryParams(parameter("limit", "1")),
        Freshness.BOUNDED);
  }

  private QueryResults query(String action, QueryRequest.Builder builder, Freshness freshness) {
    QueryRequest request =
        builder
            .setDbName(database)
            .setConsistencyLevel(freshness.level())
            .setGuaranteeTimestamp(freshness.timestamp())
            .build();
    QueryResults results = request(action, MilvusService.QUERY, request);
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
