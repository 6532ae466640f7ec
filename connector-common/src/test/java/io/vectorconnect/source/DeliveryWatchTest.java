package io.vectorconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DeliveryWatchTest {
  private static final List<SourceRecord> RECORDS =
      List.of(new SourceRecord(Map.of(), Map.of(), "missing", null, "a value"));

  private final BlockingQueue<Exception> raised = new LinkedBlockingQueue<>();

  @BeforeEach
  void register() {
    DeliveryWatch.register("c", raised::add);
  }

  @AfterEach
  void unregister() {
    DeliveryWatch.unregister("c");
  }

  private static DeliveryWatch watch(Runnable readOffsets) {
    return new DeliveryWatch("c", readOffsets, Duration.ofMillis(100), Duration.ofMillis(5));
  }

  @Test
  void recordsThatAreNotWrittenShowInTheConnectorsStateOnce() throws Exception {
    try (DeliveryWatch watch = watch(() -> {})) {
      assertThat(watch.poll(() -> RECORDS)).isSameAs(RECORDS);
      Exception e = raised.poll(5, TimeUnit.SECONDS);
      assertThat(e)
          .hasMessageContaining("none of 1 records for topics [missing]")
          .hasMessageContaining("topic.creation.default.partitions");
      assertThat(raised.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Test
  void recordsThatAreWrittenAreNoFailure() throws Exception {
    try (DeliveryWatch watch = watch(() -> {})) {
      watch.poll(() -> RECORDS);
      watch.acknowledged();
      watch.poll(() -> null);
      watch.poll(List::of);
      assertThat(raised.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Test
  void aKafkaThatDoesNotAnswerIsNotTheConnectorsFailure() throws Exception {
    try (DeliveryWatch watch =
        watch(
            () -> {
              throw new IllegalStateException("no broker");
            })) {
      watch.poll(() -> RECORDS);
      assertThat(raised.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  /** The producer waits for a topic as it does for one that does not exist. */
  @Test
  @Timeout(30)
  void theWaitForATopicIsInterruptedSoThatConnectFailsTheTask() throws Exception {
    Map<String, Object> nowhere = Map.of("bootstrap.servers", "127.0.0.1:1");
    DeliveryWatch watch = watch(() -> {});
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(nowhere, new ByteArraySerializer(), new ByteArraySerializer())) {
      watch.poll(() -> RECORDS);
      assertThatThrownBy(() -> producer.send(new ProducerRecord<>("missing", new byte[1])))
          .isInstanceOf(InterruptException.class);
      assertThat(raised).hasSize(1);
      assertThat(Thread.currentThread().isInterrupted()).as("as the producer leaves it").isTrue();
      watch.close();
      assertThat(Thread.interrupted()).as("when the task's clients are closed").isFalse();
    }
  }

  @Test
  void nothingElseIsInterrupted() throws Exception {
    try (DeliveryWatch watch = watch(() -> {})) {
      watch.poll(() -> RECORDS);
      Thread.sleep(300); // as the worker between two polls
      watch.poll(
          () -> {
            Thread.sleep(300);
            return null;
          });
      assertThat(raised).hasSize(1);
    }
  }
}
