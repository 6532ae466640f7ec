package io.vectorconnect.milvus.source.log;

import static io.vectorconnect.milvus.source.log.RecordedLog.FIRST;
import static io.vectorconnect.milvus.source.log.RecordedLog.LATER;
import static io.vectorconnect.milvus.source.log.RecordedLog.NOTES;
import static io.vectorconnect.milvus.source.log.RecordedLog.PRODUCTS;
import static io.vectorconnect.milvus.source.log.RecordedLog.SECOND;
import static io.vectorconnect.milvus.source.log.RecordedLog.SECRET;
import static io.vectorconnect.milvus.source.log.RecordedLog.THIRD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.milvus.source.log.LogBuffer.Release;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** Records of Milvus's own library, read to the very changes that they are. */
class StreamingLogTest {
  private static final List<LogChannel> CHANNELS =
      List.of(
          RecordedLog.channel(FIRST, PRODUCTS, 0),
          RecordedLog.channel(FIRST, NOTES, 0),
          RecordedLog.channel(SECOND, PRODUCTS, 1),
          RecordedLog.channel(THIRD, LATER, 0),
          RecordedLog.channel(THIRD, SECRET, 0));

  /** Definitions that change no row, so that the reader passes over them. */
  private static final Set<Object> DEFINITIONS = Set.of("create_collection", "create_partition");

  /** Beside the other fields, what the reader has no use for. */
  private static final Set<String> UNUSED =
      Set.of("seq", "topic", "vchannel", "txn", "commit_offset");

  private static long id(LogChannel channel) {
    return Long.parseLong(channel.shard().replaceFirst(".*_(\\d+)v\\d+", "$1"));
  }

  /** Reads a topic from an offset as the reader does, for one shard. */
  private static List<Release> read(
      List<ConsumerRecord<byte[], byte[]>> records, LogChannel channel, long from) {
    LogBuffer buffer = new LogBuffer(channel, 1 << 20);
    List<Release> releases = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.offset() < from) {
        continue;
      }
      LogMessage message = LogDecoder.decode(record);
      if (message.kind() == Kind.TICK) {
        buffer.tick(message).ifPresent(releases::add);
      } else if (message.concerns(channel, id(channel))) {
        buffer.add(message);
      }
    }
    return releases;
  }

  private static List<Map<String, Object>> changes(List<Release> releases) {
    return releases.stream().flatMap(release -> LogChanges.of(release).stream()).toList();
  }

  private static Map<String, Object> comparable(Map<String, Object> expected) {
    Map<String, Object> change = new TreeMap<>(expected);
    change.keySet().removeAll(UNUSED);
    switch ((String) change.get("op")) {
      case "insert", "delete" -> {}
      case "drop_partition", "alter_schema" -> {
        change.remove("collection");
        change.remove("collection_id");
      }
      default -> {
        change.remove("collection");
        change.remove("collection_id");
        change.remove("detail");
      }
    }
    return change;
  }

  @Test
  void everyShardOfEveryTopicHasTheExpectedChanges() {
    for (LogChannel channel : CHANNELS.subList(0, 3)) {
      List<Map<String, Object>> expected =
          RecordedLog.expected(channel).stream()
              .filter(change -> !DEFINITIONS.contains(change.get("op")))
              .map(StreamingLogTest::comparable)
              .toList();
      assertThat(expected).hasSizeGreaterThan(4);
      assertThat(changes(read(RecordedLog.records(channel.topic()), channel, 0)))
          .as(channel.shard())
          .isEqualTo(expected);
    }
  }

  @Test
  void theNewFormFollowsTheOldOneAndWhatCannotBeReadIsToldInItsPlace() {
    List<Map<String, Object>> expected =
        RecordedLog.expected(CHANNELS.get(3)).stream()
            .filter(change -> !DEFINITIONS.contains(change.get("op")))
            .toList();
    assertThat(expected)
        .extracting(c -> c.get("op"))
        .containsExactly("old_form", "insert", "unknown_version", "insert");
    List<Release> releases = read(RecordedLog.records(THIRD), CHANNELS.get(3), 0);
    List<Map<String, Object>> changes = changes(releases);
    assertThat(changes).extracting(c -> c.get("offset")).containsExactly(0L, 5L, 6L, 7L, 8L);
    assertThat(changes.get(0).get("pk")).isEqualTo("zero");
    assertThat(changes.get(0).get("time_tick")).isEqualTo(expected.get(0).get("time_tick"));
    assertThat(changes.get(1)).isEqualTo(comparable(expected.get(1)));
    assertThat((String) changes.get(2).get("op")).contains("does not know messages of this type");
    assertThat((String) changes.get(3).get("op")).contains("it has version 3");
    assertThat(changes.get(4)).isEqualTo(comparable(expected.get(3)));

    assertThat(changes(read(RecordedLog.records(THIRD), CHANNELS.get(4), 0)))
        .as("of the encrypted collection")
        .singleElement()
        .satisfies(change -> assertThat((String) change.get("op")).contains("it is encrypted"));
  }

  @Test
  void fromEveryLastConfirmedMessageAllThatIsLaterIsFound() {
    for (LogChannel channel : CHANNELS) {
      List<ConsumerRecord<byte[], byte[]>> records = RecordedLog.records(channel.topic());
      List<Map<String, Object>> all = changes(read(records, channel, 0));
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (!LogDecoder.isStreaming(record)) {
          continue;
        }
        LogMessage message = LogDecoder.decode(record);
        long from = Long.parseLong(message.lastConfirmed().orElseThrow());
        assertThat(later(changes(read(records, channel, from)), message.timestamp()))
            .as("%s from %d, later than offset %d", channel.shard(), from, record.offset())
            .isEqualTo(later(all, message.timestamp()));
      }
    }
  }

  private static List<Map<String, Object>> later(List<Map<String, Object>> changes, long time) {
    return changes.stream().filter(change -> (long) change.get("time_tick") > time).toList();
  }

  @Test
  void fromEveryPositionTheRestIsTheSame() {
    for (LogChannel channel : CHANNELS) {
      List<ConsumerRecord<byte[], byte[]>> records = RecordedLog.records(channel.topic());
      List<Release> all = read(records, channel, 0);
      for (int i = 0; i < all.size(); i++) {
        LogPosition next = LogPosition.parse(all.get(i).next().text());
        assertThat(rest(records, channel, next)).isEqualTo(changes(all.subList(i + 1, all.size())));
        LogPosition same = new LogPosition(all.get(i).from(), all.get(i).tick(), 0);
        assertThat(rest(records, channel, same)).isEqualTo(changes(all.subList(i, all.size())));
      }
    }
  }

  private static List<Map<String, Object>> rest(
      List<ConsumerRecord<byte[], byte[]>> records, LogChannel channel, LogPosition position) {
    return changes(
        read(records, channel, Long.parseLong(position.from())).stream()
            .filter(release -> release.tick() >= position.tick())
            .toList());
  }

  /** A start at any end of the topic, as a connector takes it. */
  @Test
  void aStartAtAnyEndFindsEveryTransactionThatCommitsLater() {
    for (LogChannel channel : CHANNELS.subList(0, 3)) {
      List<ConsumerRecord<byte[], byte[]>> records = RecordedLog.records(channel.topic());
      List<Map<String, Object>> all = changes(read(records, channel, 0));
      Set<Long> starts = new TreeSet<>();
      for (int end = 1; end <= records.size(); end++) {
        ConsumerRecord<byte[], byte[]> last = records.get(end - 1);
        LogTail tail = new LogTail(0, end, java.util.Optional.of(last));
        starts.add(tail.start());
        assertThat(tail.start()).isLessThanOrEqualTo(end);
        long time =
            records.subList(0, end).stream()
                .mapToLong(record -> LogDecoder.decode(record).timestamp())
                .max()
                .orElseThrow();
        assertThat(later(changes(read(records, channel, tail.start())), time))
            .as("%s, start at end %d", channel.shard(), end)
            .isEqualTo(later(all, time));
      }
      assertThat(starts).hasSizeGreaterThan(3);
    }
  }

  @Test
  void whatChangesRowsWithoutNamingThemIsNeverPassedOver() {
    LogChannel channel = CHANNELS.get(0);
    assertThat(message("38", channel.shard()).kind()).isEqualTo(Kind.TRUNCATE);
    assertThat(message("11", channel.shard()).kind()).isEqualTo(Kind.IMPORT);
    for (String shard : List.of("", FIRST, FIRST + "_vcchan", channel.shard(), FIRST + "_9v0")) {
      LogMessage moved = message("700", shard);
      assertThat(moved.kind()).isEqualTo(Kind.END);
      assertThat(moved.concerns(channel, PRODUCTS)).as(shard).isTrue();
    }
    assertThat(message("39", channel.shard()).kind()).isEqualTo(Kind.UNREADABLE);
    assertThat(message("999", channel.shard()).detail()).contains("upgrade Milvus");
    assertThat(message("38", FIRST + "_9v0").concerns(channel, PRODUCTS)).isFalse();
    assertThat(message("39", FIRST + "_9v0").concerns(channel, PRODUCTS)).isFalse();
    assertThat(message("39", FIRST + "_vcchan").kind()).isEqualTo(Kind.NOTHING);
    for (String harmless : List.of("4", "5", "7", "9", "10", "14", "36", "37", "800")) {
      assertThat(message(harmless, channel.shard()).kind()).as(harmless).isEqualTo(Kind.NOTHING);
    }
  }

  @Test
  void malformedHeadersAreAnErrorOfTheirRecord() {
    for (String[] header : new String[][] {{"_t", "x"}, {"_tt", "?"}, {"_tx", "*"}, {"_lc", "*"}}) {
      ConsumerRecord<byte[], byte[]> record = record("3", CHANNELS.get(0).shard());
      record.headers().remove(header[0]);
      record.headers().add(header[0], header[1].getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> LogDecoder.decode(record))
          .as(header[0])
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("offset 4")
          .hasMessageContaining(FIRST);
    }
    ConsumerRecord<byte[], byte[]> tick = record("1", "");
    tick.headers().remove("_v");
    tick.headers().add("_v", new byte[] {'3'});
    assertThatThrownBy(() -> LogDecoder.decode(tick)).hasMessageContaining("version 3");
  }

  private static LogMessage message(String type, String shard) {
    return LogDecoder.decode(record(type, shard));
  }

  private static ConsumerRecord<byte[], byte[]> record(String type, String shard) {
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(FIRST, 0, 4, null, null);
    Map<String, String> headers =
        Map.of("_v", "2", "_t", type, "_h", "", "_tt", "zz", "_vc", shard, "_lc", "0");
    headers.forEach(
        (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.US_ASCII)));
    return record;
  }
}
