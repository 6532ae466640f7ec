package io.vectorconnect.milvus.source.log;

import io.vectorconnect.milvus.source.config.ChangeStreamKeys;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.source.SourceKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.errors.ConnectException;

/** Reads Milvus's log from the Kafka that Milvus writes it to. */
public final class KafkaLog implements LogSource {
  private final MilvusSourceConfig config;
  private final LogClient client;
  private List<LogChannel> channels = List.of();

  public KafkaLog(MilvusSourceConfig config) {
    this.config = config;
    this.client = LogClient.connect(config);
  }

  @Override
  public void start(Map<LogChannel, LogPosition> positions) {
    Map<LogChannel, Long> from = new HashMap<>();
    positions.forEach((channel, position) -> from.put(channel, offset(channel, position)));
    channels = List.copyOf(from.keySet());
    client
        .beginnings(channels)
        .forEach(
            (channel, first) -> {
              if (from.get(channel) < first) {
                throw LogClient.gone(channel.topic(), null);
              }
            });
    client.seek(from);
  }

  private static long offset(LogChannel channel, LogPosition position) {
    try {
      return Long.parseLong(position.from());
    } catch (NumberFormatException e) {
      throw new ConnectException(
          "the stored position in topic %s is not a Kafka offset: the changes were read through Milvus itself before, without %s; reset the connector's offsets to scan again"
              .formatted(channel.topic(), ChangeStreamKeys.SERVERS),
          e);
    }
  }

  @Override
  public List<LogMessage> poll(Duration patience) {
    List<LogMessage> messages = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : client.poll(patience)) {
      messages.add(LogDecoder.decode(record));
    }
    return messages;
  }

  /**
   * Milvus 2.3 to 2.5 write time ticks all the time. Later servers write none when nothing changes;
   * then it is enough that Kafka answers.
   */
  @Override
  public boolean isNormal(Duration silence) {
    Duration limit = config.source().retryTimeout();
    if (silence.compareTo(limit) <= 0) {
      return false;
    }
    try (LogClient second = LogClient.connect(config)) {
      second
          .tails(channels)
          .forEach(
              (channel, tail) -> {
                if (!tail.isStreaming()) {
                  throw silent(channel, limit);
                }
              });
    }
    return true;
  }

  private static ConnectException silent(LogChannel channel, Duration limit) {
    return new ConnectException(
        "for %s=%d nothing came from Milvus's log in topic %s, not even a time tick: is Milvus up, and is %s the Kafka of its log?"
            .formatted(
                SourceKeys.RETRY_TIMEOUT_MS,
                limit.toMillis(),
                channel.topic(),
                ChangeStreamKeys.SERVERS));
  }

  @Override
  public void close() {
    client.close();
  }
}
