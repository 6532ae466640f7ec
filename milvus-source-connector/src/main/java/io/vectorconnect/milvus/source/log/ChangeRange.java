package io.vectorconnect.milvus.source.log;

import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.scan.RangeReader;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;

/** How far the changes of one range of keys were published, channel by channel. */
public final class ChangeRange {
  /** Key of an offset: a channel's position, behind this prefix. */
  private static final String CHANNEL = "log.";

  private final RangeOffsets offsets;
  private final KeyRange range;
  private final Map<LogChannel, LogPosition> positions = new HashMap<>();

  private ChangeRange(RangeOffsets offsets, KeyRange range) {
    this.offsets = offsets;
    this.range = range;
  }

  /** A range of which nothing is stored. */
  public static ChangeRange fresh(
      RangeOffsets offsets, KeyRange range, Map<LogChannel, LogPosition> start) {
    ChangeRange fresh = new ChangeRange(offsets, range);
    fresh.positions.putAll(start);
    return fresh;
  }

  /** A range as its offset says; empty when that does not tell every channel's position. */
  public static Optional<ChangeRange> stored(
      RangeOffsets offsets, KeyRange range, List<LogChannel> channels) {
    ChangeRange stored = new ChangeRange(offsets, range);
    for (LogChannel channel : channels) {
      String text = offsets.position(range).get(CHANNEL + channel.shard());
      if (text == null) {
        return Optional.empty();
      }
      stored.positions.put(channel, LogPosition.parse(text));
    }
    return Optional.of(stored);
  }

  public KeyRange range() {
    return range;
  }

  /** Whether an offset says that a range was scanned to its end, which may have had no keys. */
  public static boolean isScanned(Map<String, ?> offset) {
    return offset.containsKey(RangeOffsets.SCANNED);
  }

  /** Whether only changes are left to read. */
  public boolean isScanned() {
    return isScanned(offsets.position(range));
  }

  LogPosition position(LogChannel channel) {
    return positions.get(channel);
  }

  /** Goes on to a position, unless that one is behind. */
  void reached(LogChannel channel, LogPosition position) {
    positions.computeIfPresent(channel, (c, now) -> now.max(position));
  }

  /** What a scanned row's offset holds beside its key. */
  public Map<String, String> scanning() {
    Map<String, String> more = new HashMap<>();
    positions.forEach((channel, at) -> more.put(CHANNEL + channel.shard(), at.text()));
    return more;
  }

  /** The source partition, which scan and changes share. */
  Map<String, String> partition() {
    return offsets.partition(range);
  }

  /**
   * A sign that the range is alive, whose offset says how far it is while it waits for its scan.
   *
   * <p>Its record has no value, so that the topic may be compacted.
   */
  public SourceRecord heartbeat(MilvusSourceConfig config, String collection) {
    return heartbeat(config, collection, offsets.offset(scanning()));
  }

  /** The same with another offset. */
  public SourceRecord heartbeat(
      MilvusSourceConfig config, String collection, Map<String, String> offset) {
    return new SourceRecord(
        partition(),
        offset,
        config.heartbeatTopic(),
        null,
        Schema.STRING_SCHEMA,
        "%s/%s/%d".formatted(config.name(), config.source().topic(collection), range.index()),
        null,
        null);
  }

  /**
   * The offset of a change.
   *
   * @param scan the range's, which is done
   */
  Map<String, String> offset(RangeReader scan) {
    Map<String, String> more = scanning();
    more.put(RangeOffsets.SCANNED, "true");
    return offsets.offset(scan.position(more));
  }
}
