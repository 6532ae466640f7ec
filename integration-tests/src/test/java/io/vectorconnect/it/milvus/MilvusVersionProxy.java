package io.vectorconnect.it.milvus;

import com.google.protobuf.Message;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.ConnectRequest;
import io.milvus.grpc.ConnectResponse;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DescribeAliasRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DropAliasRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.ListAliasesRequest;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers as a newer Milvus does, from a server of version 2.3.5 (or from Milvus Lite, which has
 * newer types). It knows what was written through it, and sees everything else as old.
 *
 * <p>What it does not do: a row that was deleted is absent from reads as of a time before that, as
 * if a compaction had dropped it; several vector fields, nullable fields in old versions of rows,
 * partial updates and search are not there.
 */
public final class MilvusVersionProxy implements AutoCloseable {
  private final MilvusVersion version;
  private final Journals journals = new Journals();
  private final Reads reads;
  private final Relay relay;
  private final Map<Class<?>, Handler<?, ?>> handlers = new HashMap<>();
  private final Map<Class<?>, Deque<Status>> refusals = new HashMap<>();
  private final List<Message> requests = Collections.synchronizedList(new ArrayList<>());

  /**
   * Starts a proxy.
   *
   * @param target the server's address, such as {@code http://127.0.0.1:19530}
   */
  public MilvusVersionProxy(MilvusVersion version, String target) {
    this.version = version;
    AliasNames aliases = new AliasNames(version);
    Definitions definitions = new Definitions(version, aliases);
    Writes writes = new Writes(journals, definitions);
    this.reads = new Reads(version, journals, definitions);
    on(QueryRequest.class, reads::query);
    on(InsertRequest.class, writes::insert);
    on(UpsertRequest.class, writes::upsert);
    on(DeleteRequest.class, writes::delete);
    on(CreateCollectionRequest.class, definitions::create);
    on(DescribeCollectionRequest.class, definitions::describe);
    on(LoadCollectionRequest.class, definitions::load);
    on(
        DropCollectionRequest.class,
        (request, server) -> {
          definitions.forget(request);
          return server.dropCollection(request);
        });
    on(AlterAliasRequest.class, aliases::alter);
    on(DropAliasRequest.class, aliases::drop);
    on(ListAliasesRequest.class, aliases::list);
    on(DescribeAliasRequest.class, aliases::describe);
    on(AllocTimestampRequest.class, this::clock);
    on(ConnectRequest.class, this::connect);
    on(
        GetVersionRequest.class,
        (request, server) -> GetVersionResponse.newBuilder().setVersion(version.text()).build());
    this.relay = new Relay(target, this::answer);
  }

  private <Q extends Message, A extends Message> void on(Class<Q> request, Handler<Q, A> handler) {
    handlers.put(request, handler);
  }

  /** What clients connect to. */
  public String uri() {
    return "http://127.0.0.1:" + relay.port();
  }

  /**
   * Drops all but the last version of each row: reads as of earlier times do not see it any more.
   */
  public void compact() {
    journals.compact();
  }

  /**
   * From now on, one of two shards is behind by this time: its writes are not seen by reads of
   * level Bounded and Eventually, unless a read has waited for them.
   */
  public void lag(Duration duration) {
    reads.lag(duration);
  }

  /** Answers the next requests of a type with a status, one request after another. */
  public void refuse(Class<? extends Message> request, Status... answers) {
    synchronized (refusals) {
      refusals.computeIfAbsent(request, type -> new ArrayDeque<>()).addAll(List.of(answers));
    }
  }

  /** The requests of a type so far, as they came. */
  public <T extends Message> List<T> requests(Class<T> type) {
    synchronized (requests) {
      return requests.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  /** Forgets the requests so far. */
  public void forgetRequests() {
    requests.clear();
  }

  @SuppressWarnings("unchecked") // on() keeps request and handler together
  private Message answer(Message request, Message prototype, Relay.Call call) {
    requests.add(request);
    Status refusal = refusal(request);
    if (refusal != null) {
      return Statuses.answer(prototype, refusal);
    }
    Handler<Message, Message> handler =
        (Handler<Message, Message>) handlers.get(request.getClass());
    return handler == null
        ? call.pass(request)
        : handler.answer(request, MilvusServiceGrpc.newBlockingStub(call.channel()));
  }

  /** Null for a request that is answered. */
  private Status refusal(Message request) {
    synchronized (refusals) {
      Deque<Status> left = refusals.get(request.getClass());
      return left == null ? null : left.poll();
    }
  }

  private AllocTimestampResponse clock(
      AllocTimestampRequest request, MilvusServiceBlockingStub server) {
    AllocTimestampResponse answer = server.allocTimestamp(request);
    return answer.toBuilder()
        .setTimestamp(answer.getTimestamp() + ReadTime.timestamp(version.clockAhead()))
        .build();
  }

  private ConnectResponse connect(ConnectRequest request, MilvusServiceBlockingStub server) {
    ConnectResponse.Builder answer = server.connect(request).toBuilder();
    answer.getServerInfoBuilder().setBuildTags(version.text());
    return answer.build();
  }

  @Override
  public void close() {
    relay.close();
  }
}
