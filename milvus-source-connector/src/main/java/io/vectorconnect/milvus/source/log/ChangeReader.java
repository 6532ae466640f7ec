package io.vectorconnect.milvus.source.log;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import io.vectorconnect.milvus.source.record.CurrentSchema;
import io.vectorconnect.milvus.source.scan.RangeReader;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.range.RangePlan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the changes of one collection out of Milvus's log, for the ranges of keys of one task, when
 * their scans are done.
 */
public final class ChangeReader implements RecordReader {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeReader.class);

  /** One wait for messages: enough for an answer of the broker, and shorter than a tick. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  /**
   * How long other channels are read after one of them failed, if they have changes all the time.
   */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** How long they are read at least: their messages may be on the way. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final MilvusSourceConfig config;
  private final Collection collection;
  private final Supplier<LogSource> opening;
  private final long scannedUpTo;
  private final List<RangeReader> scans;
  private final Map<LogChannel, LogBuffer> buffers = new LinkedHashMap<>();
  private final Map<String, LogChannel> byTopic = new HashMap<>();
  private final Map<LogChannel, LogPlace> lastRead = new HashMap<>();
  private final Deque<ReleaseReader> released = new ArrayDeque<>();
  private final Map<LogChannel, ConnectException> failed = new LinkedHashMap<>();
  private final ChangeMapper mapper;
  private final List<ChangeRange> ranges;

  private LogSource log;
  private long nextPoll;
  private long lastMessage;
  private long lastHeartbeat;
  private long firstFailure;

  /**
   * A reader.
   *
   * @param opening connects to the log
   * @param scannedUpTo changes up to this time of Milvus are in the scans
   * @param plan all ranges of the collection
   * @param ranges those of this task
   * @param scans their scans, which have to end first
   */
  public ChangeReader(
      MilvusSourceConfig config,
      Collection collection,
      CurrentSchema schema,
      List<LogChannel> channels,
      Supplier<LogSource> opening,
      long scannedUpTo,
      RangePlan plan,
      List<ChangeRange> ranges,
      List<RangeReader> scans) {
    this.config = config;
    this.collection = collection;
    this.opening = opening;
    this.scannedUpTo = scannedUpTo;
    this.scans = scans;
    this.ranges = ranges;
    this.mapper = new ChangeMapper(config, collection, schema, plan, ranges, scans);
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
    if (log == null) {
      start();
    }
    if (released.isEmpty()) {
      boolean quiet = read();
      long since = System.nanoTime() - firstFailure;
      if (!failed.isEmpty() && since > (quiet ? QUIET : GRACE).toNanos()) {
        throw failed.values().iterator().next();
      }
    }
    List<SourceRecord> records = new ArrayList<>();
    int bytes = 0;
    while (!released.isEmpty() && records.size() < config.maxRows() && bytes < config.maxBytes()) {
      ReleaseReader release = released.peek();
      try {
        bytes += release.next(config.maxRows() - records.size(), records);
      } catch (ConnectException e) {
        fail(release.channel(), e);
        continue;
      } catch (RuntimeException e) { // another try may help
        if (records.isEmpty()) {
          throw e;
        }
        break; // what precedes the failure is published first; the next call fails again
      }
      if (release.isEmpty()) {
        released.remove();
        reached(release.channel(), release.end());
      }
    }
    heartbeat(records);
    return records;
  }

  /**
   * Stops at a message of one channel. What the other channels have is published before the task
   * fails: when a collection was dropped, there is no next start that could read it.
   */
  private void fail(LogChannel channel, ConnectException e) {
    if (failed.isEmpty()) {
      firstFailure = System.nanoTime();
    }
    failed.put(channel, e);
    released.removeIf(release -> release.channel().equals(channel));
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
    Map<LogChannel, LogPosition> from = new HashMap<>();
    for (LogChannel channel : buffers.keySet()) {
      from.put(channel, behind(channel));
    }
    LogSource source = opening.get();
    try {
      source.start(from);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
    log = source;
    lastMessage = System.nanoTime();
    lastHeartbeat = lastMessage;
    LOG.info("Collection {}: reading changes from {}", collection.name(), from);
  }

  /** The position of the range that is furthest behind: what it needs is enough for the others. */
  private LogPosition behind(LogChannel channel) {
    return ranges.stream()
        .map(range -> range.position(channel))
        .min(Comparator.comparingLong(LogPosition::tick).thenComparingInt(LogPosition::rows))
        .orElseThrow();
  }

  /**
   * Reads on.
   *
   * @return whether nothing came
   */
  private boolean read() {
    List<LogMessage> messages = log.poll(PATIENCE);
    for (LogMessage message : messages) {
      LogChannel channel = byTopic.get(message.place().topic());
      take(channel, message);
      lastRead.put(channel, message.place());
    }
    lastRead.forEach(this::passed);
    long now = System.nanoTime();
    if (!messages.isEmpty()) {
      lastMessage = now;
      return false;
    }
    if (log.isNormal(Duration.ofNanos(now - lastMessage))) {
      lastMessage = now;
    }
    nextPoll = now + config.source().pollInterval().toNanos();
    return true;
  }

  private void take(LogChannel channel, LogMessage message) {
    LogBuffer buffer = buffers.get(channel);
    if (failed.containsKey(channel)) {
      return;
    }
    if (message.kind() == Kind.TICK) {
      tick(channel, buffer, message);
      return;
    }
    if (!message.concerns(channel, collection.id())) {
      return;
    }
    buffer.add(message);
    if (message.kind() == Kind.DROP_COLLECTION && message.shard().isEmpty()) {
      tick(channel, buffer, message); // Milvus 2.3 to 2.5 may write no other tick
    }
  }

  private void tick(LogChannel channel, LogBuffer buffer, LogMessage tick) {
    buffer
        .tick(tick)
        .filter(release -> !isPublished(channel, release))
        .map(release -> release.after(scannedUpTo))
        .filter(release -> !release.messages().isEmpty())
        .ifPresent(release -> released.add(new ReleaseReader(mapper, channel, release)));
  }

  /** Whether every range is beyond a release, which is read again for what follows it. */
  private boolean isPublished(LogChannel channel, LogBuffer.Release release) {
    return ranges.stream().allMatch(range -> range.position(channel).tick() > release.tick());
  }

  /**
   * Moves on to the end of what was read; what waits for a tick keeps its own place. Milvus 2.6
   * writes no ticks when nothing changes, so they cannot be what moves a position.
   */
  private void passed(LogChannel channel, LogPlace last) {
    if (!failed.containsKey(channel)
        && released.stream().noneMatch(other -> other.channel().equals(channel))) {
      reached(channel, buffers.get(channel).after(last));
    }
  }

  private void reached(LogChannel channel, LogPosition position) {
    ranges.forEach(range -> range.reached(channel, position));
  }

  @Override
  public void close() {
    if (log != null) {
      log.close();
    }
  }
}
