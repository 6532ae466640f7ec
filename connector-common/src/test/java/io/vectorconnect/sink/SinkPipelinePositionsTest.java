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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
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
          Duration.ofSeconds(10),
          AllRefused.FAIL);

  private final FakeTarget target = new FakeTarget();
  private final FakeContext context = new FakeContext();

  private SinkPipeline<FakeTarget.Rows> pipeline() {
    return new SinkPipeline<>(target, SETTINGS, context);
  }

  @Test
  void whatIsDeliveredFromElsewhereIsPassedOver() {
    target.positions = new HashMap<>(Map.of(T0, Position.unproven(2)));
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
    target.positions = new HashMap<>(Map.of(T0, Position.unproven(2)));
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
    target.positions = new HashMap<>(Map.of(T0, Position.unproven(0)));
    try (var pipeline = pipeline()) {
      pipeline.put(List.of());
      pipeline.put(range(0, 2));
      pipeline.preCommit(offsets(2));
      pipeline.closePartitions(List.of(T0));
      target.positions.put(T0, Position.unproven(5)); // another task had it meanwhile
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
            target.positions.put(T0, Position.unproven(2)); // written, but the answer got lost
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

  private static Position proven(long next, SinkRecord last) {
    return new Position(next, Optional.of(RecordProof.of(last)));
  }

  private static SinkRecord at(long offset, long timestamp, String value) {
    return new SinkRecord(
        "t", 0, null, null, null, Map.of("f", value), offset, timestamp, TimestampType.CREATE_TIME);
  }

  @Test
  void thePositionsLastRecordIsReadAgainAndNotWrittenAgain() {
    target.positions = new HashMap<>(Map.of(T0, proven(3, at(1, 5, "good"))));
    try (var pipeline = pipeline()) {
      pipeline.put(List.of());
      assertThat(context.rewound).isEqualTo(Map.of(T0, 1L));
      pipeline.put(List.of());
      assertThat(pipeline.preCommit(offsets(1))).as("nothing is known yet").isEmpty();
      pipeline.put(List.of(at(1, 5, "good"), at(2, 6, "errant then"), at(3, 7, "good")));
      assertThat(pipeline.preCommit(offsets(4))).isEqualTo(offsets(4));
    }
    assertThat(target.written).containsExactly(3L);
  }

  @Test
  void aTopicThatWasMadeAnewIsReadFromItsBeginning() {
    target.positions = new HashMap<>(Map.of(T0, proven(2, at(1, 5, "good"))));
    try (var pipeline = pipeline()) {
      pipeline.put(List.of());
      pipeline.put(List.of(at(1, 99, "good"), at(2, 99, "good")));
      assertThat(context.rewound).isEqualTo(Map.of(T0, 0L));
      assertThat(pipeline.preCommit(offsets(3))).as("on the way back").isEmpty();
      pipeline.put(List.of(at(0, 98, "good"), at(1, 99, "good"), at(2, 99, "good")));
      assertThat(pipeline.preCommit(offsets(3))).isEqualTo(offsets(3));
    }
    assertThat(target.written).containsExactly(0L, 1L, 2L);
  }

  @Test
  void aShorterTopicThatWasMadeAnewIsTakenFromWhereTheConsumerFindsItself() {
    target.positions = new HashMap<>(Map.of(T0, proven(9, at(8, 5, "good"))));
    try (var pipeline = pipeline()) {
      pipeline.put(List.of());
      pipeline.put(List.of(at(0, 98, "good"), at(1, 99, "good")));
      assertThat(pipeline.preCommit(offsets(2))).isEqualTo(offsets(2));
    }
    assertThat(target.written).containsExactly(0L, 1L);
  }

  @Test
  void aRecordThatCompactionTookProvesNothingAndStopsNothing() {
    target.positions = new HashMap<>(Map.of(T0, proven(3, at(1, 5, "good"))));
    try (var pipeline = pipeline()) {
      pipeline.put(List.of());
      pipeline.put(List.of(at(2, 6, "good"), at(4, 7, "good")));
      assertThat(pipeline.preCommit(offsets(5))).isEqualTo(offsets(5));
    }
    assertThat(target.written).containsExactly(4L);
  }

  @Test
  void otherContentWithTheSameTimestampIsForSomebodyToDecide() {
    target.positions = new HashMap<>(Map.of(T0, proven(2, at(1, 5, "good"))));
    try (var pipeline = pipeline()) {
      pipeline.put(List.of());
      assertThatThrownBy(() -> pipeline.put(List.of(at(1, 5, "other"))))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("offset 1 of t-0")
          .hasMessageContaining("to 2 to go on, or to 0 to start over");
    }
  }

  @Test
  void recordsThatComeOnceMoreAfterAFailureAreComparedOnceMore() {
    target.positions = new HashMap<>(Map.of(T0, proven(2, at(1, 5, "good"))));
    try (var pipeline = pipeline()) {
      pipeline.put(List.of());
      target.prepareTrouble =
          () -> {
            throw FakeTarget.lost();
          };
      List<SinkRecord> records = List.of(at(1, 5, "good"), at(2, 6, "good"));
      assertThatThrownBy(() -> pipeline.put(records)).isInstanceOf(RetriableException.class);
      target.prepareTrouble = () -> {};
      pipeline.put(records);
      assertThat(pipeline.preCommit(offsets(3))).isEqualTo(offsets(3));
    }
    assertThat(target.written).containsExactly(2L);
  }
}
