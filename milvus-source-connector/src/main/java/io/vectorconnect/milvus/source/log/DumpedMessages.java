package io.vectorconnect.milvus.source.log;

import com.google.protobuf.ByteString;
import io.milvus.grpc.ImmutableMessage;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what {@code DumpMessages} delivers of one channel into messages with time ticks.
 *
 * <p><b>Where to restart.</b> The request starts after a message, not at it. A message's last
 * confirmed one ({@code _lc}) has to be included, so the safe start is the last confirmed message
 * before that one: it precedes it, as last confirmed messages only move forward.
 *
 * <p><b>Loss.</b> A start that is before the last delivered message brings that message again. If
 * it does not, the log was truncated in between, and changes are lost.
 */
final class DumpedMessages {
  /** In a position: nothing of the channel was read yet. */
  static final String EARLIEST = "earliest";

  private final String topic;

  /** Where the stream was opened. */
  private final String start;

  /** The time of the last change that was delivered before; it has to come again. */
  private final long delivered;

  /** Changes up to this time are complete. */
  private long known;

  private String safe;
  private String confirmed;
  private boolean checked;
  private final List<LogMessage> transaction = new ArrayList<>();

  DumpedMessages(String topic, LogPosition position) {
    // Without published rows, a position names the tick that follows.
    this(
        topic,
        position.from(),
        position.rows() > 0 ? position.tick() : position.tick() - 1,
        position.tick() - 1);
  }

  private DumpedMessages(String topic, String start, long delivered, long known) {
    this.topic = topic;
    this.start = start;
    this.delivered = delivered;
    this.known = known;
    this.safe = start;
    this.confirmed = start;
    this.checked = start.equals(EARLIEST);
  }

  /** The same for another stream, which goes on where this one ended. */
  DumpedMessages reopened() {
    return new DumpedMessages(topic, safe, Math.max(delivered, known), known);
  }

  /** The ID to start after; empty for the beginning of the log. */
  Optional<String> startsAfter() {
    return start.equals(EARLIEST) ? Optional.empty() : Optional.of(start);
  }

  /** Changes before this time are not needed. */
  long startTime() {
    return delivered;
  }

  /**
   * Takes the next message.
   *
   * @return messages that are final, followed by a time tick; none within a transaction
   * @throws org.apache.kafka.connect.errors.ConnectException when the log does not go back to the
   *     start
   */
  List<LogMessage> take(ImmutableMessage dumped) {
    Map<String, String> headers = new HashMap<>(dumped.getPropertiesMap());
    String id = dumped.getId().getId();
    confirm(
        headers.containsKey(StreamingLogDecoder.SELF)
            ? id
            : headers.getOrDefault(StreamingLogDecoder.LAST_CONFIRMED, confirmed));
    LogMessage message = decode(id, headers, dumped.getPayload());
    if (message.kind() == Kind.BEGIN) {
      transaction.clear();
      return List.of();
    }
    if (message.kind() != Kind.COMMIT && message.transaction().isPresent()) {
      transaction.add(message);
      return List.of();
    }
    List<LogMessage> messages = new ArrayList<>();
    if (message.kind() == Kind.COMMIT) {
      transaction.forEach(part -> messages.add(at(part, message)));
      transaction.clear();
    } else {
      messages.add(message);
    }
    messages.add(tick(message));
    return isNew(message) ? messages : List.of();
  }

  private void confirm(String now) {
    if (!now.equals(confirmed)) {
      safe = confirmed;
      confirmed = now;
    }
  }

  private LogMessage decode(String id, Map<String, String> headers, ByteString body) {
    LogPlace unknown = new LogPlace(topic, 0, safe, safe, "message ID " + id);
    LogMessage message = StreamingLogDecoder.decode(unknown, headers, body);
    return placed(message, message.timestamp());
  }

  private LogMessage placed(LogMessage message, long time) {
    return message.in(new LogPlace(topic, time, safe, safe, message.place().name()));
  }

  /** A part of a transaction, at the time of its commit. */
  private LogMessage at(LogMessage part, LogMessage commit) {
    return placed(part, commit.timestamp()).at(commit.timestamp());
  }

  private LogMessage tick(LogMessage message) {
    return new LogMessage(
        message.place(),
        Kind.TICK,
        "time tick",
        message.timestamp(),
        "",
        0,
        Optional.empty(),
        ByteString.EMPTY,
        Optional.empty(),
        "");
  }

  private boolean isNew(LogMessage message) {
    if (!checked && message.timestamp() > delivered) {
      throw LogClient.gone(topic, null);
    }
    checked = true;
    if (message.timestamp() <= known) {
      return false; // delivered before
    }
    known = message.timestamp();
    return true;
  }
}
