package io.vectorconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
      assertThat(watch.returned(RECORDS)).isSameAs(RECORDS);
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
      watch.returned(RECORDS);
      watch.acknowledged();
      watch.returned(null);
      watch.returned(List.of());
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
      watch.returned(RECORDS);
      assertThat(raised.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }
  }
}
