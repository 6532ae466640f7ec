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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A database that does not answer. Every test waits once for the pipeline's patience, 5 seconds, so
 * they run side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(30)
class SinkPipelineBusyTest {
  private final FakeTarget target = new FakeTarget();
  private final FakeContext context = new FakeContext();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);
  private volatile boolean failing;

  SinkPipelineBusyTest() {
    target.writeTrouble =
        () -> {
          begun.countDown();
          await(answer);
          if (failing) {
            throw FakeTarget.lost();
          }
        };
  }

  @Test
  void offsetsComeOnlyAfterTheWrite() {
    try (var pipeline = pipeline(2)) {
      pipeline.put(range(0, 2));
      assertThat(pipeline.preCommit(offsets(2))).isEmpty();
      assertThat(target.written).isEmpty();
      answer.countDown();
      assertThat(pipeline.preCommit(offsets(2))).isEqualTo(offsets(2));
      assertThat(target.written).containsExactly(0L, 1L);
    }
  }

  @Test
  void offsetsOfTheWriteBeforeComeMeanwhile() {
    CountDownLatch first = new CountDownLatch(1);
    target.writeTrouble =
        () -> {
          if (target.attempts.get() > 1) {
            first.countDown();
            await(answer);
          }
        };
    try (var pipeline = pipeline(2)) {
      pipeline.put(range(0, 2));
      pipeline.preCommit(Map.of());
      pipeline.put(range(2, 4));
      await(first);
      pipeline.put(records(4));
      assertThat(pipeline.preCommit(offsets(5))).isEqualTo(offsets(2));
      answer.countDown();
      assertThat(pipeline.preCommit(offsets(5))).isEqualTo(offsets(5));
      assertThat(target.written).containsExactly(0L, 1L, 2L, 3L, 4L);
    }
  }

  @Test
  void aFullBatchHoldsTheConsumerBackBeforeItTakesARecord() {
    try (var pipeline = pipeline(2)) {
      pipeline.put(range(0, 2));
      await(begun);
      pipeline.put(range(2, 4));
      context.timeouts.clear();
      assertThatThrownBy(() -> pipeline.put(range(4, 6)))
          .isInstanceOf(RetriableException.class)
          .hasMessageContaining("still busy");
      assertThat(context.timeouts).containsExactly(1L);
      assertThat(target.added).containsExactly(0L, 1L, 2L, 3L);
      assertThat(target.prepared).containsExactly(0L, 1L, 2L, 3L);
      answer.countDown();
      pipeline.put(range(4, 6));
      assertThat(pipeline.preCommit(offsets(6))).isEqualTo(offsets(6));
      assertThat(target.batches).containsExactly(2, 2, 2);
      assertThat(target.written).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void closingPartitionsDropsTheUnwrittenAndRewinds() {
    try (var pipeline = pipeline(2)) {
      pipeline.put(List.of(record(T0, 10, "good"), record(T1, 20, "good")));
      await(begun);
      pipeline.put(List.of(record(T0, 11, "good")));
      pipeline.closePartitions(List.of(T1));
      assertThat(context.rewound).isEqualTo(Map.of(T0, 10L));
      assertThat(target.aborted.getCount()).isZero();

      // Breaking off makes the write fail as transient: it must not be tried again.
      target.writeTrouble = () -> {};
      failing = true;
      answer.countDown();
      pipeline.put(List.of()); // what the poll had that took the partition away
      pipeline.put(range(10, 12));
      assertThat(pipeline.preCommit(offsets(12))).isEqualTo(offsets(12));
      assertThat(target.written).containsExactly(10L, 11L);
      assertThat(target.attempts).hasValue(2);
    }
  }

  @Test
  void aCloseMeanwhileStopsTheWrite() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    target.writeTrouble =
        () -> {
          begun.countDown();
          try {
            answer.await();
          } catch (InterruptedException e) {
            stopped.countDown();
            throw new TransientWriteException("interrupted", e);
          }
        };
    try (var pipeline = pipeline(1)) {
      pipeline.put(records(0));
      await(begun);
    }
    assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(target.closed).isTrue();
    assertThat(target.written).isEmpty();
  }

  @Test
  void anInterruptedTaskFails() {
    try (var pipeline = pipeline(1)) {
      pipeline.put(records(0));
      await(begun);
      pipeline.put(records(1));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pipeline.put(records(2)))
          .isInstanceOf(ConnectException.class)
          .isNotInstanceOf(RetriableException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(target.added).containsExactly(0L, 1L);
    }
  }

  private void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private SinkPipeline<FakeTarget.Rows> pipeline(int maxRows) {
    return new SinkPipeline<>(target, settings(maxRows, 60_000), context);
  }
}
