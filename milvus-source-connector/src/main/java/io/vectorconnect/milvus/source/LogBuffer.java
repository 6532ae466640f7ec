package io.vectorconnect.milvus.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Puts one shard's messages in the order of their timestamps: they wait here for the time tick that
 * says that nothing earlier will come.
 */
final class LogBuffer {
  private static final Comparator<LogMessage> ORDER =
      Comparator.comparingLong(LogMessage::timestamp)
          // Both halves of an upsert have one timestamp, and it deletes first.
          .thenComparing(m -> m.type() != io.milvus.grpc.MsgType.Delete)
          .thenComparingLong(LogMessage::offset);

  private final LogChannel channel;
  private final long maxBytes;
  private List<LogMessage> waiting = new ArrayList<>();
  private long bytes;
  private long lastTick;

  LogBuffer(LogChannel channel, long maxBytes) {
    this.channel = channel;
    this.maxBytes = maxBytes;
  }

  /**
   * What a time tick lets go.
   *
   * @param from the offset from which the log must be read to find these messages again
   * @param tick the tick's offset
   * @param messages in their order
   * @param next the position when all of them are published
   */
  record Release(long from, long tick, List<LogMessage> messages, LogPosition next) {}

  /**
   * Takes a message of this shard.
   *
   * @throws ConnectException when it comes after the tick that closed its time, or when there are
   *     more bytes than memory was given for
   */
  void add(LogMessage message) {
    if (message.isRows() && message.timestamp() <= lastTick) {
      throw new ConnectException(
          message.where()
              + " comes after the time tick that closed its time; reset the connector's offsets to scan again");
    }
    bytes += message.size();
    if (bytes > maxBytes) {
      throw new ConnectException(
          "more than %s=%d bytes of Milvus's log in topic %s wait for a time tick; raise it"
              .formatted(ChangeStreamKeys.BUFFER_BYTES, maxBytes, channel.topic()));
    }
    waiting.add(message);
  }

  /**
   * A time tick: everything up to its timestamp has come.
   *
   * @return the messages up to then, if there are any
   */
  Optional<Release> tick(long offset, long timestamp) {
    lastTick = Math.max(lastTick, timestamp);
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    long from = earliest(offset);
    List<LogMessage> later = new ArrayList<>();
    List<LogMessage> now = new ArrayList<>();
    waiting.forEach(message -> (message.timestamp() <= timestamp ? now : later).add(message));
    waiting = later;
    bytes = later.stream().mapToLong(LogMessage::size).sum();
    now.sort(ORDER);
    return now.isEmpty()
        ? Optional.empty()
        : Optional.of(new Release(from, offset, now, after(offset)));
  }

  /** The position when everything that the tick at this offset let go is published. */
  LogPosition after(long tick) {
    return new LogPosition(earliest(tick + 1), tick + 1, 0);
  }

  private long earliest(long otherwise) {
    long first = otherwise;
    for (LogMessage message : waiting) {
      first = Math.min(first, message.offset());
    }
    return first;
  }
}
