package io.vectorconnect.sink;

import static io.vectorconnect.sink.FakeContext.T0;
import static io.vectorconnect.sink.FakeContext.T1;
import static io.vectorconnect.sink.FakeContext.offsets;
import static io.vectorconnect.sink.FakeContext.range;
import static io.vectorconnect.sink.FakeContext.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;

/** A target that keeps positions is the truth about where a task goes on. */
class SinkPipelinePositionsTest {
  private static final WriteSettings SETTINGS =
      new WriteSettings(
          100,
          1_000_000,
          Duration.ofHours(1),
          Duration.ofMillis(1),
          Duration.ofMillis(2),
          Duration.ofSeconds(10));

  private final FakeTarget target = new FakeTarget();
  private final FakeContext context = new FakeContext();

  private SinkPipeline<FakeTarget.Rows> pipeline() {
    return new SinkPipeline<>(target, SETTINGS, context);
  }

  @Test
  void whatIsDeliveredFromElsewhereIsPassedOver() {
    target.positions = new HashMap<>(Map.of(T0, 2L));
    try (var pipeline = pipeline()) {
      pipeline.put(List.of(record(T0, 0, "good"), record(T1, 7, "good")));
      assertThat(context.rewound).isEqualTo(Map.of(T0, 2L));
      assertThat(target.added).containsExactly(7L);
      assertThat(pipeline.preCommit(offsets(1, 8)))
          .as("nothing of a partition that is being set back")
          .isEqualTo(Map.of(T1, offsets(1, 8).get(T1)));
      pipeline.put(range(2, 4));
      assertThat(pipeline.preCommit(offsets(4, 8))).isEqualTo(offsets(4, 8));
    }
    assertThat(target.written).containsExactly(7L, 2L, 3L);
  }

  @Test
  void recordsThatAreDeliveredOnceMoreAfterAFailureArePassedOverOnceMore() {
    target.positions = new HashMap<>(Map.of(T0, 2L));
    target.prepareTrouble =
        () -> {
          throw FakeTarget.lost();
        };
    try (var pipeline = pipeline()) {
      assertThatThrownBy(() -> pipeline.put(range(0, 4))).isInstanceOf(RetriableException.class);
      target.prepareTrouble = () -> {};
      pipeline.put(range(0, 4)); // Connect delivers the same records, before it goes to 2
      assertThat(target.added).isEmpty();
      pipeline.put(range(2, 4));
      assertThat(pipeline.preCommit(offsets(4))).isEqualTo(offsets(4));
    }
    assertThat(target.written).containsExactly(2L, 3L);
  }

  @Test
  void partitionsThatComeBackAreLookedUpAgain() {
    target.positions = new HashMap<>(Map.of(T0, 0L));
    try (var pipeline = pipeline()) {
      pipeline.put(List.of());
      pipeline.put(range(0, 2));
      pipeline.closePartitions(List.of(T0));
      target.positions.put(T0, 5L); // another task had it meanwhile
      pipeline.put(range(2, 3));
      assertThat(context.rewound).isEqualTo(Map.of(T0, 5L));
    }
    assertThat(target.written).containsExactly(0L, 1L);
  }

  @Test
  void partitionsWithoutAPositionAreReadAgainAfterALostOne() {
    target.positions = new HashMap<>();
    CountDownLatch second = new CountDownLatch(1);
    target.writeTrouble =
        () -> {
          if (target.attempts.get() == 1) {
            target.positions.put(T0, 2L); // written, but the answer got lost
            try {
              second.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            throw new LostPositionException("somebody else has moved the position");
          }
        };
    try (var pipeline = pipeline()) {
      pipeline.put(range(0, 2));
      pipeline.put(List.of()); // idle: a write begins
      pipeline.put(List.of(record(T1, 7, "good"), record(T1, 8, "good")));
      second.countDown();
      assertThat(pipeline.preCommit(offsets(2, 9))).isEmpty();
      pipeline.put(List.of(record(T1, 9, "good")));
      assertThat(context.rewound).isEqualTo(Map.of(T0, 2L, T1, 7L));
      pipeline.put(List.of(record(T1, 7, "good"), record(T1, 8, "good"), record(T1, 9, "good")));
      assertThat(pipeline.preCommit(offsets(2, 10)).get(T1)).isEqualTo(offsets(2, 10).get(T1));
    }
    assertThat(target.written).containsExactly(7L, 8L, 9L);
  }
}
