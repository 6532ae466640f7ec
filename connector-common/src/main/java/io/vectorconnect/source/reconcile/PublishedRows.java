package io.vectorconnect.source.reconcile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Keeps what was published of each row in a compacted topic, in step with the records.
 *
 * <p>Before a record is handed over, its key is marked there as open; when the record is safe, its
 * hash follows, or nothing for a row that is gone. So after a crash every key that a target may
 * have is known, and of one that was on its way nothing else: its row is published again, or its
 * delete.
 *
 * <p>A message's key is the collection's name, a zero byte and the row's key, in UTF-8. Its value
 * is empty for an open key, else the hash: 16 bytes.
 */
public final class PublishedRows implements AutoCloseable {
  private static final byte[] OPEN = {};

  /** A hash that no row has, of an open key. */
  private static final RowHash NO_HASH = new RowHash(0, 0);

  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final String topic;
  private final Map<String, Object> client;
  private final KafkaProducer<byte[], byte[]> producer;

  /** Records that are not safe yet. */
  private final IdentityHashMap<SourceRecord, Row> pending = new IdentityHashMap<>();

  /** The last one of each row. */
  private final Map<String, Row> latest = new HashMap<>();

  private long records;
  private boolean isClosed;
  private volatile Exception failure;

  /** The topic of a connector, which is there. */
  public PublishedRows(ReconcileKeys keys, String connector) {
    this.topic = keys.topic(connector);
    this.client = keys.client();
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("acks", "all");
    properties.putIfAbsent("linger.ms", "5");
    // With more, a first batch that comes too early for a new topic can leave the ones behind it
    // out of sequence until the delivery times out.
    properties.put("max.in.flight.requests.per.connection", "1");
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** What is to be written when a record is safe; no hash when its row is gone. */
  private record Row(String id, RowHash hash, long number) {}

  /** Takes what the topic holds, in order. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * A state of a row.
     *
     * @param hash null when the row is gone
     */
    void row(String collection, String key, RowHash hash);
  }

  /**
   * Reads the topic from its beginning to its end.
   *
   * @throws ConnectException when it cannot be read
   */
  public void read(Visitor visitor) {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("enable.auto.commit", "false");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(PATIENCE).forEach(message -> visit(message, visitor));
      }
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  private static void visit(ConsumerRecord<byte[], byte[]> message, Visitor visitor) {
    String id = new String(message.key(), StandardCharsets.UTF_8);
    int zero = id.indexOf(0);
    visitor.row(id.substring(0, zero), id.substring(zero + 1), hash(message.value()));
  }

  private static RowHash hash(byte[] value) {
    if (value == null) {
      return null;
    }
    if (value.length == 0) {
      return NO_HASH;
    }
    ByteBuffer hash = ByteBuffer.wrap(value);
    return new RowHash(hash.getLong(), hash.getLong());
  }

  /**
   * Marks a row's key as open; {@link #flush} before its record is handed over.
   *
   * @param hash the row's, or null when the record is a tombstone
   */
  public SourceRecord publishing(SourceRecord record, String collection, String key, RowHash hash) {
    synchronized (this) {
      Row row = new Row(collection + '\0' + key, hash, ++records);
      pending.put(record, row);
      latest.put(row.id, row);
      send(row.id, OPEN);
    }
    return record;
  }

  /** Waits until all marks are safe. */
  public void flush() {
    try {
      producer.flush();
    } catch (KafkaException e) {
      throw failed(e);
    }
    requireHealth();
  }

  /** Fails when something was not written. */
  public void requireHealth() {
    if (failure != null) {
      throw failed(failure);
    }
  }

  /** A record is safe, or was left out on purpose. */
  public void acknowledged(SourceRecord record) {
    synchronized (this) {
      Row row = pending.remove(record);
      if (isClosed) {
        return; // its key stays open
      }
      if (row != null && latest.remove(row.id, row)) { // else a later one is on its way: still open
        send(row.id, row.hash == null ? null : bytes(row.hash));
      }
    }
  }

  private static byte[] bytes(RowHash hash) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(hash.high()).putLong(hash.low()).array();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback keeps the failure
  private void send(String id, byte[] value) {
    producer.send(
        new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), value),
        (metadata, e) -> {
          if (e != null) {
            failure = e;
          }
        });
  }

  private ConnectException failed(Exception e) {
    return new ConnectException(
        "cannot keep what was published in topic %s: %s".formatted(topic, e.getMessage()), e);
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    producer.close(Duration.ofSeconds(5));
  }
}
