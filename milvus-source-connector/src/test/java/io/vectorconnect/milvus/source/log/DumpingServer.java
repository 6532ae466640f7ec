package io.vectorconnect.milvus.source.log;

import com.google.protobuf.ByteString;
import io.milvus.grpc.DumpMessagesRequest;
import io.milvus.grpc.DumpMessagesResponse;
import io.milvus.grpc.ImmutableMessage;
import io.milvus.grpc.MessageID;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Delivers the recorded log by {@code DumpMessages} as the source of Milvus 3.0 says (no such
 * server was at hand): after the start message, in the order of time ticks, transactions whole with
 * the last confirmed message of their commit, without time ticks, segments, flushes and rolled back
 * transactions.
 */
final class DumpingServer extends MilvusServiceGrpc.MilvusServiceImplBase implements AutoCloseable {
  private static final Set<String> NOT_DELIVERED = Set.of("1", "4", "10", "902");

  private final Server server;
  private final List<DumpMessagesRequest> requests = new CopyOnWriteArrayList<>();
  private final int breakAfter;
  private volatile long first;

  /**
   * A server.
   *
   * @param breakAfter after so many messages, a stream ends with an error
   */
  DumpingServer(int breakAfter) throws IOException {
    this.breakAfter = breakAfter;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .build()
            .start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** The requests that came. */
  List<DumpMessagesRequest> requests() {
    return requests;
  }

  /** Drops the messages before an offset, as a message queue does in time. */
  void truncate(long offset) {
    first = offset;
  }

  static String id(long offset) {
    return "ID/" + offset + "=";
  }

  private static long offset(String id) {
    return id.startsWith("ID/") ? Long.parseLong(id.substring(3, id.length() - 1)) : -1;
  }

  @Override
  public void dumpMessages(
      DumpMessagesRequest request, StreamObserver<DumpMessagesResponse> observer) {
    requests.add(request);
    if (request.getPchannel().isEmpty() || request.getStartMessageId().getId().isEmpty()) {
      observer.onError(
          io.milvus.shaded.io.grpc.Status.UNKNOWN
              .withDescription("pchannel is required")
              .asRuntimeException());
      return;
    }
    int sent = 0;
    for (ImmutableMessage message : messages(request)) {
      if (sent++ == breakAfter) {
        observer.onNext(
            DumpMessagesResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(2).setReason("service unavailable"))
                .build());
        observer.onCompleted();
        return;
      }
      observer.onNext(DumpMessagesResponse.newBuilder().setMessage(message).build());
    }
    // and stays open
  }

  private List<ImmutableMessage> messages(DumpMessagesRequest request) {
    long after = offset(request.getStartMessageId().getId());
    List<ImmutableMessage> messages = new ArrayList<>();
    List<LogMessage> waiting = new ArrayList<>();
    Map<Long, List<LogMessage>> open = new LinkedHashMap<>();
    Map<Long, ConsumerRecord<byte[], byte[]>> records = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : RecordedLog.records(request.getPchannel())) {
      if (record.offset() <= after || record.offset() < first || !LogDecoder.isStreaming(record)) {
        continue;
      }
      records.put(record.offset(), record);
      LogMessage message = LogDecoder.decode(record);
      if (message.kind() != Kind.TICK) {
        waiting.add(message);
        continue;
      }
      List<LogMessage> now =
          waiting.stream()
              .filter(m -> m.timestamp() <= message.timestamp())
              .sorted(Comparator.comparingLong(LogMessage::timestamp))
              .toList();
      waiting.removeAll(now);
      for (LogMessage one : now) {
        deliver(one, open, records, request.getStartTimetick(), messages);
      }
    }
    return messages;
  }

  private static void deliver(
      LogMessage message,
      Map<Long, List<LogMessage>> open,
      Map<Long, ConsumerRecord<byte[], byte[]>> records,
      long startTime,
      List<ImmutableMessage> messages) {
    Optional<Long> id = message.transaction().map(LogTransaction::id);
    if (message.kind() == Kind.BEGIN) {
      open.put(id.orElseThrow(), new ArrayList<>(List.of(message)));
    } else if (message.kind() == Kind.ROLLBACK) {
      open.remove(id.orElseThrow());
    } else if (id.isPresent() && message.kind() != Kind.COMMIT) {
      open.getOrDefault(id.get(), new ArrayList<>()).add(message);
    } else {
      List<LogMessage> parts = new ArrayList<>();
      if (id.isPresent()) {
        List<LogMessage> begun = open.remove(id.get());
        if (begun == null) {
          return;
        }
        parts.addAll(begun);
      }
      parts.add(message);
      if (message.timestamp() >= startTime) {
        parts.forEach(
            part ->
                dumped(part, message, records.get(part.place().order())).ifPresent(messages::add));
      }
    }
  }

  private static Optional<ImmutableMessage> dumped(
      LogMessage part, LogMessage last, ConsumerRecord<byte[], byte[]> record) {
    if (NOT_DELIVERED.contains(part.type())) {
      return Optional.empty();
    }
    ImmutableMessage.Builder message =
        ImmutableMessage.newBuilder()
            .setId(MessageID.newBuilder().setId(id(record.offset())))
            .setPayload(
                record.value() == null ? ByteString.EMPTY : ByteString.copyFrom(record.value()));
    for (Header header : record.headers()) {
      message.putProperties(header.key(), new String(header.value(), StandardCharsets.US_ASCII));
    }
    if (part.kind() != Kind.BEGIN) {
      message.putProperties("_tt", Long.toString(last.timestamp(), 36));
    }
    message.removeProperties("_lcs");
    message.putProperties("_lc", id(Long.parseLong(last.lastConfirmed().orElseThrow())));
    return Optional.of(message.build());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
