package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.KafkaBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * A topic of one partition that holds the rows as a source connector with JsonConverter writes
 * them.
 */
final class SourceTopic {
  private SourceTopic() {}

  static void fill(KafkaBroker broker, String topic, VectorRows rows, int count) throws Exception {
    Map<String, Object> client =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
    Map<String, Object> producing =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.bootstrapServers(),
            ProducerConfig.BATCH_SIZE_CONFIG,
            1 << 19,
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            1 << 24);
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer());
        JsonConverter keys = converter(true);
        JsonConverter values = converter(false)) {
      for (long id = 0; id < count; id++) {
        VectorRows.Row row = rows.row(id);
        byte[] key = keys.fromConnectData(topic, VectorRows.KEY_SCHEMA, row.key());
        byte[] value =
            values.fromConnectData(topic, rows.valueSchema(), row.value(rows.valueSchema()));
        var unused =
            producer.send(
                new ProducerRecord<>(topic, key, value),
                (metadata, error) -> failure.compareAndSet(null, error));
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private static JsonConverter converter(boolean forKeys) {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", "true"), forKeys);
    return converter;
  }
}
