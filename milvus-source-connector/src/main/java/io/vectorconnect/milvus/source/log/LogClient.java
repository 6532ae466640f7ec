package io.vectorconnect.milvus.source.log;

import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.config.ChangeStreamKeys;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The Kafka that holds Milvus's log. Every failure is a {@link MilvusException} when another try
 * may help, a {@link ConnectException} when not.
 */
final class LogClient implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String servers;
  private final Duration patience;

  private LogClient(MilvusSourceConfig config, Map<String, Object> properties) {
    this.patience = config.connection().requestTimeout();
    this.servers = String.valueOf(properties.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG));
    try {
      this.consumer =
          new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) { // its cause tells more: an address without a port, a bad login
      throw new ConnectException(
          "cannot read Milvus's log from %s: %s"
              .formatted(servers, e.getCause() == null ? e.getMessage() : e.getCause()),
          e);
    }
  }

  /** A reader of the log. */
  static LogClient connect(MilvusSourceConfig config) {
    return new LogClient(config, properties(config));
  }

  /** A keeper of the start positions of a collection. */
  static LogClient connect(MilvusSourceConfig config, String group) {
    Map<String, Object> properties = properties(config);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    return new LogClient(config, properties);
  }

  private static Map<String, Object> properties(MilvusSourceConfig config) {
    Map<String, Object> properties = new HashMap<>(config.streamConsumer());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.streamServers());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    // A position that is not there any more is an error, never a jump to another one.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.putIfAbsent(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        Long.toString(config.connection().requestTimeout().toMillis()));
    return properties;
  }

  /** Forgets the positions that a group keeps, if there is such a group. */
  static void deleteGroup(MilvusSourceConfig config, String group) {
    Map<String, Object> properties = new HashMap<>(config.streamConsumer());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.streamServers());
    try (Admin admin = Admin.create(properties)) {
      admin.deleteConsumerGroups(List.of(group)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw new ConnectException(
            "cannot delete the consumer group %s: %s".formatted(group, e.getCause().getMessage()),
            e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("interrupted while deleting the consumer group " + group, e);
    } catch (KafkaException e) {
      throw new ConnectException("cannot delete the consumer group " + group, e);
    }
  }

  private static TopicPartition partition(LogChannel channel) {
    return new TopicPartition(channel.topic(), 0);
  }

  private static Set<TopicPartition> partitions(Collection<LogChannel> channels) {
    return channels.stream().map(LogClient::partition).collect(Collectors.toSet());
  }

  /**
   * The next offset of each channel.
   *
   * @throws ConnectException naming the topic when it is not there
   */
  Map<LogChannel, Long> ends(List<LogChannel> channels) {
    return ask(
        () -> {
          channels.forEach(this::requireTopic);
          return byChannel(channels, consumer.endOffsets(partitions(channels)));
        });
  }

  /**
   * The ends of the channels' topics.
   *
   * <p>Afterwards this client reads from there; another one has to be used to read on.
   *
   * @throws ConnectException naming the topic when it is not there
   */
  Map<LogChannel, LogTail> tails(List<LogChannel> channels) {
    Map<LogChannel, Long> ends = ends(channels);
    Map<LogChannel, Long> firsts = beginnings(channels);
    Map<LogChannel, Long> missing = new HashMap<>();
    ends.forEach(
        (channel, end) -> {
          if (end > firsts.get(channel)) {
            missing.put(channel, end - 1);
          }
        });
    Map<String, ConsumerRecord<byte[], byte[]>> last = new HashMap<>();
    seek(missing);
    long deadline = System.nanoTime() + patience.toNanos();
    while (last.size() < missing.size()) {
      if (System.nanoTime() > deadline) {
        throw new MilvusException(
            MilvusException.Kind.UNREACHABLE,
            "%s did not send the last records of Milvus's log in topics %s"
                .formatted(servers, missing.keySet().stream().map(LogChannel::topic).toList()),
            null);
      }
      poll(POLL).forEach(record -> last.putIfAbsent(record.topic(), record));
    }
    Map<LogChannel, LogTail> tails = new HashMap<>();
    ends.forEach(
        (channel, end) ->
            tails.put(
                channel,
                new LogTail(
                    firsts.get(channel), end, Optional.ofNullable(last.get(channel.topic())))));
    return tails;
  }

  private void requireTopic(LogChannel channel) {
    List<?> partitions = consumer.partitionsFor(channel.topic());
    if (partitions == null || partitions.isEmpty()) {
      throw new ConnectException(
          "there is no topic %s on %s, where Milvus should keep its log; %s must name the Kafka of Milvus's mq.type=kafka"
              .formatted(channel.topic(), servers, ChangeStreamKeys.SERVERS));
    }
  }

  /** The oldest offset of each channel that is still there. */
  Map<LogChannel, Long> beginnings(List<LogChannel> channels) {
    return ask(() -> byChannel(channels, consumer.beginningOffsets(partitions(channels))));
  }

  private static Map<LogChannel, Long> byChannel(
      List<LogChannel> channels, Map<TopicPartition, Long> offsets) {
    return channels.stream()
        .collect(Collectors.toMap(channel -> channel, channel -> offsets.get(partition(channel))));
  }

  /** The starts that the group keeps; without the channels for which there is none. */
  Map<LogChannel, LogStart.Kept> committed(List<LogChannel> channels) {
    return ask(
        () -> {
          Map<TopicPartition, OffsetAndMetadata> committed =
              consumer.committed(partitions(channels));
          Map<LogChannel, LogStart.Kept> found = new HashMap<>();
          for (LogChannel channel : channels) {
            OffsetAndMetadata kept = committed.get(partition(channel));
            if (kept != null) {
              found.put(channel, LogStart.Kept.parse(kept.offset(), kept.metadata()));
            }
          }
          return found;
        });
  }

  /** Has the group keep starts; they are safe when this returns. */
  void commit(Map<LogChannel, LogStart.Kept> starts) {
    ask(
        () -> {
          Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
          starts.forEach(
              (channel, kept) ->
                  offsets.put(
                      partition(channel), new OffsetAndMetadata(kept.from(), kept.metadata())));
          consumer.commitSync(offsets);
          return offsets;
        });
  }

  /** Begins to read at these offsets. */
  void seek(Map<LogChannel, Long> offsets) {
    consumer.assign(partitions(offsets.keySet()));
    offsets.forEach((channel, offset) -> consumer.seek(partition(channel), offset));
  }

  /**
   * The next messages, if there are some within the patience.
   *
   * @throws ConnectException when the log does not go back as far as a position any more
   */
  Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration patience) {
    return ask(() -> consumer.poll(patience));
  }

  private <T> T ask(Supplier<T> request) {
    try {
      return request.get();
    } catch (InvalidOffsetException e) {
      throw gone(
          e.partitions().stream().map(TopicPartition::topic).sorted().toList().toString(), e);
    } catch (RetriableException e) {
      throw new MilvusException(
          MilvusException.Kind.UNREACHABLE,
          "no answer from %s, where Milvus keeps its log: %s".formatted(servers, e.getMessage()),
          e);
    } catch (KafkaException e) {
      throw new ConnectException(
          "cannot read Milvus's log from %s: %s".formatted(servers, e.getMessage()), e);
    }
  }

  /** The error of a position that the log has no more. */
  static ConnectException gone(String topics, Throwable cause) {
    return new ConnectException(
        "Milvus's log in topic %s does not go back to where this connector has to read on: changes are lost to it. Reset the connector's offsets and empty the target to scan again, and let the log's Kafka keep its messages for longer than the connector may stand still"
            .formatted(topics),
        cause);
  }

  @Override
  public void close() {
    consumer.close(Duration.ofSeconds(1));
  }
}
