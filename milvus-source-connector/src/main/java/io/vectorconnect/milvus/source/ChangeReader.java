package io.vectorconnect.milvus.source;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.source.RangePlan;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.SourceKeys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the changes of one collection out of Milvus's log, for the ranges of keys of one task, when
 * their scans are done.
 */
final class ChangeReader implements RecordReader {
  private static final Logger log = LoggerFactory.getLogger(ChangeReader.class);

  /** One wait for messages: long enough for an answer of the broker, short beside a tick. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private final MilvusSourceConfig config;
  private final Collection collection;
  private final long scannedUpTo;
  private final List<RangeReader> scans;
  private final Map<LogChannel, LogBuffer> buffers = new LinkedHashMap<>();
  private final Map<String, LogChannel> byTopic = new HashMap<>();
  private final Deque<ReleaseReader> released = new ArrayDeque<>();
  private final ChangeMapper mapper;
  private final List<ChangeRange> ranges;

  private LogClient kafka;
  private long nextPoll;
  private long lastMessage;
  private long lastHeartbeat;

  /**
   * A reader.
   *
   * @param scannedUpTo changes up to this time of Milvus are in the scans
   * @param plan all ranges of the collection
   * @param ranges those of this task
   * @param scans their scans, which have to end first
   */
  ChangeReader(
      MilvusSourceConfig config,
      Collection collection,
      RecordMapper rows,
      List<LogChannel> channels,
      long scannedUpTo,
      RangePlan plan,
      List<ChangeRange> ranges,
      List<RangeReader> scans) {
    this.config = config;
    this.collection = collection;
    this.scannedUpTo = scannedUpTo;
    this.scans = scans;
    this.ranges = ranges;
    this.mapper = new ChangeMapper(config, collection, rows, plan, ranges, scans);
    for (LogChannel channel : channels) {
      buffers.put(channel, new LogBuffer(channel, config.streamBufferBytes()));
      byTopic.put(channel.topic(), channel);
    }
  }

  @Override
  public boolean isDone() {
    return false;
  }

  @Override
  public long idleNanos() {
    boolean scanning = scans.stream().anyMatch(scan -> !scan.isDone());
    return scanning ? Long.MAX_VALUE : Math.max(0, nextPoll - System.nanoTime());
  }

  @Override
  public List<SourceRecord> next() {
    if (kafka == null) {
      start();
    }
    if (released.isEmpty()) {
      read();
    }
    List<SourceRecord> records = new ArrayList<>();
    int bytes = 0;
    while (!released.isEmpty() && records.size() < config.maxRows() && bytes < config.maxBytes()) {
      ReleaseReader release = released.peek();
      if (release.isAtProblem() && !records.isEmpty()) {
        break; // what came before it is to be published first
      }
      bytes += release.next(config.maxRows() - records.size(), records);
      if (release.isEmpty()) {
        released.remove();
        reached(release.channel(), release.end());
      }
    }
    heartbeat(records);
    return records;
  }

  private void heartbeat(List<SourceRecord> records) {
    long now = System.nanoTime();
    if (!config.heartbeatInterval().isZero()
        && now - lastHeartbeat > config.heartbeatInterval().toNanos()) {
      ranges.forEach(range -> records.add(mapper.heartbeat(range)));
      lastHeartbeat = now;
    }
  }

  private void start() {
    Map<LogChannel, Long> from = new HashMap<>();
    for (LogChannel channel : buffers.keySet()) {
      from.put(
          channel,
          ranges.stream().mapToLong(range -> range.position(channel).from()).min().orElseThrow());
    }
    LogClient client = LogClient.connect(config);
    try {
      client
          .beginnings(List.copyOf(from.keySet()))
          .forEach(
              (channel, first) -> {
                if (from.get(channel) < first) {
                  throw LogClient.gone(channel.topic(), null);
                }
              });
      client.seek(from);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
    kafka = client;
    lastMessage = System.nanoTime();
    lastHeartbeat = lastMessage;
    log.info("Collection {}: reading changes from {}", collection.name(), from);
  }

  private void read() {
    boolean any = false;
    for (ConsumerRecord<byte[], byte[]> record : kafka.poll(PATIENCE)) {
      any = true;
      take(record);
    }
    long now = System.nanoTime();
    if (any) {
      lastMessage = now;
    } else {
      requireSign(now - lastMessage);
      nextPoll = now + config.source().pollInterval().toNanos();
    }
  }

  /** A log without even time ticks is not one that Milvus writes. */
  private void requireSign(long silence) {
    if (silence > config.source().retryTimeout().toNanos()) {
      throw new ConnectException(
          "for %s=%d nothing came from Milvus's log in topics %s, not even a time tick: is Milvus up, and is %s the Kafka of its log?"
              .formatted(
                  SourceKeys.RETRY_TIMEOUT_MS,
                  config.source().retryTimeout().toMillis(),
                  byTopic.keySet(),
                  ChangeStreamKeys.SERVERS));
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    LogChannel channel = byTopic.get(record.topic());
    LogBuffer buffer = buffers.get(channel);
    LogMessage message = LogMessage.of(record);
    switch (message.type()) {
      case TimeTick -> tick(channel, buffer, message);
      case DropCollection -> {
        if (message.collection() == collection.id()) {
          buffer.add(message);
          tick(channel, buffer, message); // for there may come no other one
        }
      }
      case Insert, Delete -> {
        if (message.shard().equals(channel.shard()) && message.timestamp() > scannedUpTo) {
          buffer.add(message);
        }
      }
      case DropPartition, Import -> {
        if (message.collection() == collection.id()) {
          buffer.add(message);
        }
      }
      case CreateCollection, CreatePartition -> {} // rows of either tell all there is
      default ->
          throw message.refused(
              "this connector does not know what messages of this type do to collection "
                  + collection.name());
    }
  }

  private void tick(LogChannel channel, LogBuffer buffer, LogMessage tick) {
    Optional<LogBuffer.Release> release = buffer.tick(tick.offset(), tick.timestamp());
    if (release.isPresent()) {
      released.add(new ReleaseReader(mapper, channel, release.get()));
    } else if (released.stream().noneMatch(other -> other.channel().equals(channel))) {
      reached(channel, buffer.after(tick.offset()));
    }
  }

  private void reached(LogChannel channel, LogPosition position) {
    ranges.forEach(range -> range.reached(channel, position));
  }

  @Override
  public void close() {
    if (kafka != null) {
      kafka.close();
    }
  }
}
