package io.vectorconnect.sink;

import static io.vectorconnect.sink.FakeContext.T0;
import static io.vectorconnect.sink.FakeContext.T1;
import static io.vectorconnect.sink.FakeContext.offsets;
import static io.vectorconnect.sink.FakeContext.range;
import static io.vectorconnect.sink.FakeContext.record;
import static io.vectorconnect.sink.FakeContext.records;
import static io.vectorconnect.sink.FakeContext.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that fails, for a while or for good. */
class SinkPipelineFailureTest {
  private final FakeTarget target = new FakeTarget();
  private final FakeContext context = new FakeContext();

  @Test
  void triesATransientFailureAgain() {
    target.writeTrouble =
        () -> {
          if (target.attempts.get() <= 3) {
            throw FakeTarget.lost();
          }
        };
    try (var pipeline = pipeline(3, 60_000)) {
      pipeline.put(range(0, 3));
      assertThat(pipeline.preCommit(offsets(3))).isEqualTo(offsets(3));
      pipeline.put(range(3, 6));
      assertThat(pipeline.preCommit(offsets(6))).isEqualTo(offsets(6));
    }
    assertThat(target.attempts).hasValue(5);
    assertThat(target.written).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void givesUpAfterItsTimeAndStaysFailed() {
    target.writeTrouble =
        () -> {
          throw FakeTarget.lost();
        };
    long from = System.nanoTime();
    try (var pipeline = pipeline(1, 30)) {
      pipeline.put(records(0));
      assertThat(pipeline.preCommit(offsets(1))).isEmpty();
      assertThat(System.nanoTime() - from).isGreaterThanOrEqualTo(30_000_000L);
      assertThat(target.attempts).hasValueGreaterThan(1);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> pipeline.put(records(1)))
            .isInstanceOf(ConnectException.class)
            .isNotInstanceOf(RetriableException.class)
            .hasMessage("gave up after retry.timeout.ms=30: connection lost");
      }
      assertThat(target.added).containsExactly(0L);
      assertThat(pipeline.preCommit(offsets(1))).isEmpty();
    }
    assertThat(target.written).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {IllegalStateException.class, ConnectException.class, StackOverflowError.class})
  void aPermanentFailureIsThrownAtTheNextPut(Class<? extends Throwable> failure) {
    target.writeTrouble =
        () -> {
          if (target.attempts.get() == 2) {
            sneak(failure);
          }
        };
    try (var pipeline = pipeline(1, 60_000)) {
      pipeline.put(records(0));
      // Not all of what is under way is written, so what is gets told apart.
      pipeline.preCommit(Map.of());
      pipeline.put(records(1));
      assertThat(pipeline.preCommit(offsets(2))).isEqualTo(offsets(1));
      assertThatThrownBy(() -> pipeline.put(records(2)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("broken");
      assertThatThrownBy(() -> pipeline.put(List.of())).isInstanceOf(ConnectException.class);
      assertThat(pipeline.preCommit(offsets(2))).isEqualTo(offsets(1));
    }
    assertThat(target.attempts).as("no second try").hasValue(2);
    assertThat(target.written).containsExactly(0L);
    assertThat(target.added).containsExactly(0L, 1L);
  }

  @Test
  void offsetsNeverGoBack() {
    target.writeTrouble =
        () -> {
          if (target.attempts.get() == 2) {
            throw new IllegalStateException("broken");
          }
        };
    try (var pipeline = pipeline(1, 100)) {
      pipeline.put(records(9));
      // A transform has dropped the records 10 to 14.
      assertThat(pipeline.preCommit(offsets(15))).isEqualTo(offsets(15));
      pipeline.put(records(15));
      assertThat(pipeline.preCommit(offsets(16)).getOrDefault(T0, new OffsetAndMetadata(15)))
          .isEqualTo(new OffsetAndMetadata(15));
    }
  }

  @Test
  void onlyPartitionsOfTheTaskAreCommitted() {
    target.writeTrouble =
        () -> {
          if (target.attempts.get() == 2) {
            throw new IllegalStateException("broken");
          }
        };
    try (var pipeline = pipeline(2, 100)) {
      pipeline.put(List.of(record(T0, 4, "good"), record(T1, 5, "good")));
      pipeline.preCommit(Map.of());
      pipeline.put(List.of(record(T0, 5, "good"), record(T1, 6, "good")));
      assertThat(pipeline.preCommit(offsets(6))).isEqualTo(offsets(5));
    }
  }

  @Test
  void aClosedPartitionsOffsetIsForgotten() {
    target.writeTrouble =
        () -> {
          if (target.attempts.get() == 2) {
            throw new IllegalStateException("broken");
          }
        };
    try (var pipeline = pipeline(2, 100)) {
      pipeline.put(List.of(record(T0, 4, "good"), record(T1, 5, "good")));
      pipeline.preCommit(Map.of());
      pipeline.closePartitions(List.of(T1));
      pipeline.put(List.of(record(T0, 5, "good"), record(T1, 6, "good")));
      assertThat(pipeline.preCommit(offsets(6, 7))).isEqualTo(offsets(5));
    }
  }

  @Test
  void droppedPartitionsAreReadAgainFromTheFirstUnwritten() {
    target.writeTrouble =
        () -> {
          throw new IllegalStateException("broken");
        };
    try (var pipeline = pipeline(100, 100)) {
      // The consumer has been set back within a batch: 20 and 21 come before 10 to 12.
      pipeline.put(records(20, 21));
      pipeline.put(List.of(record(T0, 10, "good"), record(T1, 3, "good")));
      pipeline.put(records(11, 12));
      pipeline.preCommit(Map.of());
      pipeline.closePartitions(List.of(T1));
      assertThat(context.rewound).isEqualTo(Map.of(T0, 10L));

      target.writeTrouble = () -> {};
      context.rewound.clear();
      pipeline.put(range(13, 15)); // fetched before: Connect goes to 10 with its next poll
      assertThat(pipeline.preCommit(offsets(15))).isEmpty();
      assertThat(context.rewound).isEqualTo(Map.of(T0, 10L));
      pipeline.put(range(10, 13));
      assertThat(pipeline.preCommit(offsets(13))).isEqualTo(offsets(13));
      assertThat(target.written).containsExactly(10L, 11L, 12L);
    }
  }

  @Test
  void noOffsetPassesARecordThatTheDeadLetterQueueHasNotTaken() {
    context.reported = new CompletableFuture<>();
    try (var pipeline = pipeline(100, 60_000)) {
      pipeline.put(List.of(record(T0, 0, FakeTarget.REFUSED), record(T0, 1, FakeTarget.BAD)));
      assertThat(pipeline.preCommit(offsets(2))).isEmpty();
      context.reported.complete(null);
      assertThat(pipeline.preCommit(offsets(2))).isEqualTo(offsets(2));
    }
  }

  @Test
  void aDeadLetterQueueThatFailsStopsTheTask() {
    context.reported = CompletableFuture.failedFuture(new IllegalStateException("no such topic"));
    try (var pipeline = pipeline(100, 60_000)) {
      pipeline.put(List.of(record(T0, 0, FakeTarget.REFUSED)));
      assertThat(pipeline.preCommit(offsets(1))).isEmpty();
      assertThatThrownBy(() -> pipeline.put(records(1)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("no such topic");
    }
  }

  @Test
  void aFailureToPrepareTakesNoRecords() {
    target.prepareTrouble =
        () -> {
          throw FakeTarget.lost();
        };
    try (var pipeline = pipeline(100, 60_000)) {
      assertThatThrownBy(() -> pipeline.put(range(0, 3)))
          .isInstanceOf(RetriableException.class)
          .hasMessage("connection lost");
      assertThat(context.timeouts).containsExactly(1L);
      assertThat(target.added).isEmpty();
      target.prepareTrouble = () -> {};
      pipeline.put(range(0, 3));
      assertThat(pipeline.preCommit(offsets(3))).isEqualTo(offsets(3));
    }
    assertThat(target.written).containsExactly(0L, 1L, 2L);
  }

  @Test
  void givesUpToPrepareAfterItsTime() throws InterruptedException {
    try (var pipeline = pipeline(100, 40)) {
      FakeTarget.Trouble lost =
          () -> {
            throw FakeTarget.lost();
          };
      target.prepareTrouble = lost;
      assertThatThrownBy(() -> pipeline.put(records(0))).isInstanceOf(RetriableException.class);
      target.prepareTrouble = () -> {};
      pipeline.put(records(0));
      Thread.sleep(50);
      target.prepareTrouble = lost;
      assertThatThrownBy(() -> pipeline.put(records(1)))
          .as("success has set the clock back")
          .isInstanceOf(RetriableException.class);
      Thread.sleep(50);
      assertThatThrownBy(() -> pipeline.put(records(1)))
          .isInstanceOf(ConnectException.class)
          .isNotInstanceOf(RetriableException.class)
          .hasMessage("gave up after retry.timeout.ms=40: connection lost");
    }
  }

  private static void sneak(Class<? extends Throwable> failure) {
    if (failure == StackOverflowError.class) {
      throw new StackOverflowError("broken");
    }
    throw failure == ConnectException.class
        ? new ConnectException("broken")
        : new IllegalStateException("broken");
  }

  private SinkPipeline<FakeTarget.Rows> pipeline(int maxRows, long retryTimeoutMs) {
    return new SinkPipeline<>(target, settings(maxRows, retryTimeoutMs), context);
  }
}
