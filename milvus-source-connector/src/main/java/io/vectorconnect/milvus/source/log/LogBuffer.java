package io.vectorconnect.milvus.source.log;

import io.vectorconnect.milvus.source.config.ChangeStreamKeys;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Puts the messages of one shard in the order of their timestamps: they wait here for the time tick
 * that closes their time, and those of a transaction for its commit.
 */
final class LogBuffer {
  /** The order in which messages of a log take effect. */
  private static final Comparator<LogMessage> BY_TIME =
      Comparator.comparingLong(LogMessage::timestamp).thenComparingLong(m -> m.place().order());

  /**
   * The order in which rows are published. The halves of an upsert have one time, and so do all
   * changes of a transaction; a delete does not remove rows of its own time.
   */
  private static final Comparator<LogMessage> DELETES_FIRST =
      Comparator.comparingLong(LogMessage::timestamp)
          .thenComparing(m -> m.kind() != Kind.DELETE)
          .thenComparingLong(m -> m.place().order());

  private final LogChannel channel;
  private final long maxBytes;
  private final OpenTransactions transactions = new OpenTransactions();
  private List<LogMessage> waiting = new ArrayList<>();
  private long bytes;
  private long lastTick;

  LogBuffer(LogChannel channel, long maxBytes) {
    this.channel = channel;
    this.maxBytes = maxBytes;
  }

  /**
   * What a time tick releases.
   *
   * @param from where to start reading the log to find these messages again
   * @param tick the tick's place in the log
   * @param messages in their order
   * @param next the position when all of them are published
   */
  record Release(String from, long tick, List<LogMessage> messages, LogPosition next) {
    /** The same without the rows that changed up to a time. */
    Release after(long time) {
      return new Release(
          from,
          tick,
          messages.stream().filter(m -> !m.isRows() || m.timestamp() > time).toList(),
          next);
    }
  }

  /**
   * Takes a message of this shard.
   *
   * @throws ConnectException when it comes after the tick that closed its time, or when more bytes
   *     wait than the configuration allows
   */
  void add(LogMessage message) {
    if ((message.isRows() || message.kind() == Kind.COMMIT) && message.timestamp() <= lastTick) {
      throw new ConnectException(
          message.where()
              + " comes after the time tick that closed its time; reset the connector's offsets to scan again");
    }
    bytes += message.size();
    if (bytes > maxBytes) {
      throw new ConnectException(
          "more than %s=%d bytes of Milvus's log in topic %s wait for a time tick or for the end of a transaction; increase it"
              .formatted(ChangeStreamKeys.BUFFER_BYTES, maxBytes, channel.topic()));
    }
    waiting.add(message);
  }

  /**
   * A time tick: all messages up to its timestamp have come.
   *
   * @return what takes effect up to then, if anything does
   */
  Optional<Release> tick(LogMessage tick) {
    lastTick = Math.max(lastTick, tick.timestamp());
    if (held().findAny().isEmpty()) {
      return Optional.empty();
    }
    String from = earliest(tick.place().from());
    List<LogMessage> later = new ArrayList<>();
    List<LogMessage> now = new ArrayList<>();
    waiting.forEach(m -> (m.timestamp() <= tick.timestamp() ? now : later).add(m));
    waiting = later;
    now.sort(BY_TIME);
    List<LogMessage> released = new ArrayList<>();
    now.forEach(message -> released.addAll(transactions.take(message)));
    released.sort(DELETES_FIRST);
    transactions.expire(tick.timestamp());
    bytes = held().mapToLong(LogMessage::size).sum();
    return released.isEmpty()
        ? Optional.empty()
        : Optional.of(new Release(from, tick.place().order(), released, after(tick.place())));
  }

  /** The position when all that was released up to this place is published. */
  LogPosition after(LogPlace place) {
    return new LogPosition(earliest(place.next()), place.order() + 1, 0);
  }

  private Stream<LogMessage> held() {
    return Stream.concat(waiting.stream(), transactions.waiting());
  }

  private String earliest(String otherwise) {
    return held()
        .map(LogMessage::place)
        .min(Comparator.comparingLong(LogPlace::order))
        .map(LogPlace::from)
        .orElse(otherwise);
  }
}
