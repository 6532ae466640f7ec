package io.vectorconnect.it;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Topics of the stack's Kafka, by its own clients. */
final class Topics implements AutoCloseable {
  private final Map<String, Object> config =
      Map.of(
          "bootstrap.servers",
          Stack.get().kafka().bootstrapServers(),
          // With more, a first batch that comes too early for a new topic can leave the ones behind
          // it out of sequence for good.
          "max.in.flight.requests.per.connection",
          1);
  private final KafkaProducer<String, String> producer =
      new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  private volatile Exception failure;
  private final Map<String, KafkaConsumer<String, String>> consumers = new HashMap<>();

  void create(String... names) throws Exception {
    try (Admin admin = Admin.create(config)) {
      admin
          .createTopics(Stream.of(names).map(name -> new NewTopic(name, 1, (short) 1)).toList())
          .all()
          .get();
    }
  }

  void create(String name, int partitions) throws Exception {
    try (Admin admin = Admin.create(config)) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  /** Sends without waiting; {@link #close} waits, and fails if one was not sent. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback keeps the failure
  void sendLater(ProducerRecord<String, String> record) {
    producer.send(
        record,
        (metadata, e) -> {
          if (e != null) {
            failure = e;
          }
        });
  }

  void send(ProducerRecord<String, String> record) throws Exception {
    producer.send(record).get();
  }

  /** The next records of a topic's first partition. */
  List<ConsumerRecord<String, String>> poll(String topic, Duration patience) {
    KafkaConsumer<String, String> consumer =
        consumers.computeIfAbsent(topic, this::consumerFromTheStart);
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    consumer.poll(patience).forEach(records::add);
    return records;
  }

  /** How many records were ever sent to a topic's first partition; the topic has to be there. */
  long sent(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = Admin.create(config)) {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get()
          .offset();
    }
  }

  private KafkaConsumer<String, String> consumerFromTheStart(String topic) {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    consumer.assign(List.of(new TopicPartition(topic, 0)));
    consumer.seekToBeginning(List.of(new TopicPartition(topic, 0)));
    return consumer;
  }

  static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
    if (failure != null) {
      throw new AssertionError("a record was not sent", failure);
    }
    consumers.values().forEach(KafkaConsumer::close);
  }
}
