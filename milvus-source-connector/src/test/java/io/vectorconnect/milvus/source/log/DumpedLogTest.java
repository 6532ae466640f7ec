package io.vectorconnect.milvus.source.log;

import static io.vectorconnect.milvus.source.log.RecordedLog.FIRST;
import static io.vectorconnect.milvus.source.log.RecordedLog.NOTES;
import static io.vectorconnect.milvus.source.log.RecordedLog.PRODUCTS;
import static io.vectorconnect.milvus.source.log.RecordedLog.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.DumpMessagesRequest;
import io.milvus.grpc.WALName;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.config.MessageQueue;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.log.LogBuffer.Release;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recorded log over gRPC, from a small server that delivers it as Milvus 3.0 should. */
@Timeout(60)
class DumpedLogTest {
  private static final LogChannel PRODUCTS_0 = RecordedLog.channel(FIRST, PRODUCTS, 0);
  private static final LogChannel PRODUCTS_1 = RecordedLog.channel(SECOND, PRODUCTS, 1);
  private static final LogChannel NOTES_0 = RecordedLog.channel(FIRST, NOTES, 0);

  private static final LogPosition BEGINNING = new LogPosition(DumpedMessages.EARLIEST, 1, 0);

  /** Passed over, or not delivered. */
  private static final Set<Object> OTHER = Set.of("create_collection", "create_partition");

  private static MilvusClient client(DumpingServer server) {
    return new MilvusClient(
        new MilvusSourceConfig(
                Map.of(
                    "connection.uri", server.uri(),
                    "collection.include.list", "products",
                    "connection.timeout.ms", "30000"))
            .connection());
  }

  /** A released change and the position when it is published. */
  private record Step(Map<String, Object> change, LogPosition next) {}

  /** Reads until nothing comes for a while. */
  private static List<Step> read(DumpingServer server, LogChannel channel, LogPosition from) {
    List<Step> steps = new ArrayList<>();
    try (MilvusClient client = client(server);
        DumpedLog log = new DumpedLog(client, MessageQueue.WOODPECKER)) {
      log.start(Map.of(channel, from));
      LogBuffer buffer = new LogBuffer(channel, 1 << 20);
      boolean begun = false;
      for (int silent = 0; silent < (begun ? 2 : 100); ) {
        List<LogMessage> messages = poll(log);
        silent = messages.isEmpty() ? silent + 1 : 0;
        begun |= !messages.isEmpty();
        for (LogMessage message : messages) {
          if (message.kind() == Kind.TICK) {
            buffer.tick(message).filter(r -> r.tick() >= from.tick()).ifPresent(r -> add(r, steps));
          } else if (message.concerns(channel, 0)) {
            buffer.add(message);
          }
        }
      }
    }
    return steps;
  }

  private static List<LogMessage> poll(DumpedLog log) {
    try {
      return log.poll(Duration.ofMillis(300));
    } catch (MilvusException e) {
      assertThat(e.kind()).isEqualTo(MilvusException.Kind.BUSY);
      return log.poll(Duration.ofMillis(300)); // the loop of readers tries again
    }
  }

  private static void add(Release release, List<Step> steps) {
    for (Map<String, Object> change : LogChanges.of(release)) {
      change.keySet().removeAll(Set.of("offset", "visible_at"));
      steps.add(new Step(change, release.next()));
    }
  }

  private static List<Map<String, Object>> expected(LogChannel channel) {
    List<Map<String, Object>> changes = new ArrayList<>();
    for (Map<String, Object> expected : RecordedLog.expected(channel)) {
      if (OTHER.contains(expected.get("op"))) {
        continue;
      }
      Map<String, Object> change = new TreeMap<>(expected);
      change
          .keySet()
          .removeAll(
              Set.of("seq", "topic", "vchannel", "txn", "commit_offset", "offset", "visible_at"));
      if (!Set.of("insert", "delete").contains(change.get("op"))) {
        change.keySet().removeAll(Set.of("collection", "collection_id"));
      }
      if (Set.of("import", "drop_collection").contains(change.get("op"))) {
        change.remove("detail");
      }
      changes.add(change);
    }
    return changes;
  }

  private static List<Map<String, Object>> changes(List<Step> steps) {
    return steps.stream().map(Step::change).toList();
  }

  @Test
  void everyShardHasTheExpectedChanges() throws Exception {
    try (DumpingServer server = new DumpingServer(Integer.MAX_VALUE)) {
      for (LogChannel channel : List.of(PRODUCTS_0, PRODUCTS_1, NOTES_0)) {
        assertThat(changes(read(server, channel, BEGINNING)))
            .as(channel.shard())
            .isEqualTo(expected(channel));
      }
      DumpMessagesRequest first = server.requests().get(0);
      assertThat(first.getStartMessageId().getWALName()).isEqualTo(WALName.WoodPecker);
      assertThat(first.getStartMessageId().getId()).isEqualTo("CAAQAA==");
    }
  }

  /** The start is exclusive, and a start of the last confirmed message itself would lose it. */
  @Test
  void fromEveryPositionTheRestIsTheSame() throws Exception {
    try (DumpingServer server = new DumpingServer(Integer.MAX_VALUE)) {
      List<Step> all = read(server, NOTES_0, BEGINNING);
      Map<LogPosition, Integer> positions = new LinkedHashMap<>();
      for (int i = 0; i < all.size(); i++) {
        positions.put(LogPosition.parse(all.get(i).next().text()), i + 1);
      }
      assertThat(positions).hasSizeGreaterThan(5);
      positions.forEach(
          (position, count) ->
              assertThat(changes(read(server, NOTES_0, position)))
                  .as(position.text())
                  .isEqualTo(changes(all.subList(count, all.size()))));
    }
  }

  @Test
  void aStreamThatBreaksGoesOnWhereItBroke() throws Exception {
    try (DumpingServer server = new DumpingServer(9)) {
      assertThat(changes(read(server, PRODUCTS_0, BEGINNING))).isEqualTo(expected(PRODUCTS_0));
      assertThat(server.requests()).hasSizeGreaterThan(2);
    }
  }

  @Test
  void aLogThatWasTruncatedBehindThePositionIsAFailure() throws Exception {
    try (DumpingServer server = new DumpingServer(Integer.MAX_VALUE)) {
      List<Step> all = read(server, PRODUCTS_0, BEGINNING);
      LogPosition position = all.get(5).next();
      server.truncate(28);
      assertThatThrownBy(() -> read(server, PRODUCTS_0, position))
          .hasMessageContaining("does not go back")
          .hasMessageContaining(FIRST);
    }
  }

  @Test
  void aServerIsAskedWhetherItDelivers() throws Exception {
    try (DumpingServer server = new DumpingServer(0);
        MilvusClient client = client(server)) {
      assertThat(DumpedLog.isOffered(client)).isTrue();
    }
    io.milvus.shaded.io.grpc.Server other =
        io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder.forPort(0)
            .build()
            .start();
    try (MilvusClient client =
        new MilvusClient(
            new MilvusSourceConfig(
                    Map.of(
                        "connection.uri",
                        "http://127.0.0.1:" + other.getPort(),
                        "collection.include.list",
                        "products"))
                .connection())) {
      assertThat(DumpedLog.isOffered(client)).isFalse();
    } finally {
      other.shutdownNow();
    }
  }
}
