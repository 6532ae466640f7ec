package io.vectorconnect.sink;

import static io.vectorconnect.sink.FakeContext.T0;
import static io.vectorconnect.sink.FakeContext.offsets;
import static io.vectorconnect.sink.FakeContext.record;
import static io.vectorconnect.sink.FakeContext.records;
import static io.vectorconnect.sink.FakeContext.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A target that takes no record of a topic fails the task, instead of emptying the topic. */
class AllRefusedTest {
  private static final int ENOUGH = FirstRecords.ENOUGH;

  private final FakeTarget target = new FakeTarget();
  private final FakeContext context = new FakeContext();

  private SinkPipeline<FakeTarget.Rows> pipeline() {
    return new SinkPipeline<>(target, settings(10_000, 1_000), context);
  }

  private static List<SinkRecord> all(Object value, long from, long to) {
    return LongStream.range(from, to).mapToObj(offset -> record(T0, offset, value)).toList();
  }

  private static List<SinkRecord> together(List<SinkRecord> first, List<SinkRecord> second) {
    List<SinkRecord> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static void assertFails(SinkPipeline<?> pipeline, List<SinkRecord> records) {
    assertThatThrownBy(() -> pipeline.put(records))
        .isInstanceOf(ConnectException.class)
        .isNotInstanceOf(RetriableException.class)
        .hasMessageContaining("the target took none of the first")
        .hasMessageContaining("topic t, partition 0, offset 0:")
        .hasMessageContaining("all.refused=continue");
  }

  @Test
  void recordsThatCannotBeEncodedFailTheTaskBeforeAnyIsReported() {
    try (var pipeline = pipeline()) {
      assertFails(pipeline, all(FakeTarget.BAD, 0, 500));
      assertThat(context.errant).isEmpty();
      assertThat(pipeline.preCommit(offsets(0))).as("Connect has delivered nothing").isEmpty();
      assertFails(pipeline, records(500));
      assertThat(target.written).isEmpty();
    }
  }

  @Test
  void recordsThatTheDatabaseRefusesFailTheTaskBeforeAnyIsReported() {
    try (var pipeline = pipeline()) {
      pipeline.put(all(FakeTarget.REFUSED, 0, 500));
      assertThat(pipeline.preCommit(offsets(500))).isEmpty();
      assertFails(pipeline, records(500));
      assertThat(context.errant).isEmpty();
      assertThat(pipeline.preCommit(offsets(500))).isEmpty();
    }
  }

  @Test
  void refusedRecordsAreCountedUntilOneIsWritten() {
    try (var pipeline = pipeline()) {
      pipeline.put(all(FakeTarget.BAD, 0, ENOUGH - 1));
      assertThat(pipeline.preCommit(offsets(ENOUGH - 1))).isEqualTo(offsets(ENOUGH - 1));
      assertThat(context.errant).hasSize(ENOUGH - 1);
      assertFails(pipeline, all(FakeTarget.BAD, ENOUGH - 1, ENOUGH));
      assertThat(context.errant).hasSize(ENOUGH - 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FakeTarget.BAD, FakeTarget.REFUSED})
  void oneRecordThatIsWrittenIsEnoughWhereverItComes(String refused) {
    try (var pipeline = pipeline()) {
      pipeline.put(together(all(refused, 0, 300), records(300)));
      assertThat(pipeline.preCommit(offsets(301))).isEqualTo(offsets(301));
      pipeline.put(all(refused, 301, 900));
      assertThat(pipeline.preCommit(offsets(900))).isEqualTo(offsets(900));
      assertThat(context.errant).hasSize(899);
      assertThat(target.written).containsExactly(300L);
    }
  }

  @Test
  void whatIsOnItsWayMayBeRefusedToo() {
    try (var pipeline = pipeline()) {
      pipeline.put(together(all(FakeTarget.BAD, 0, 300), all(FakeTarget.REFUSED, 300, 301)));
      assertThat(pipeline.preCommit(offsets(301))).isEmpty();
      assertFails(pipeline, records(301));
    }
  }

  @Test
  void anotherTopicAndTombstonesProveNothing() {
    SinkRecord tombstone = new SinkRecord("t", 0, null, 1L, null, null, 500);
    try (var pipeline = pipeline()) {
      pipeline.put(List.of(record(new TopicPartition("other", 0), 1, "good")));
      pipeline.preCommit(Map.of());
      assertFails(pipeline, together(all(FakeTarget.BAD, 0, 500), List.of(tombstone)));
    }
  }

  @Test
  void continueReportsThemAll() {
    WriteSettings settings =
        new WriteSettings(
            10_000,
            1_000_000,
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            AllRefused.CONTINUE);
    try (var pipeline = new SinkPipeline<>(target, settings, context)) {
      pipeline.put(together(all(FakeTarget.BAD, 0, 500), all(FakeTarget.REFUSED, 500, 1_000)));
      assertThat(pipeline.preCommit(offsets(1_000))).isEqualTo(offsets(1_000));
      assertThat(context.errant).hasSize(1_000);
    }
  }

  /** The rows that the first attempt refused are not among those of the second one. */
  @Test
  void aTransientFailureInBetweenChangesNothing() {
    try (var pipeline = pipeline()) {
      int[] attempts = {0};
      target.writeTrouble =
          () -> {
            if (attempts[0]++ == 0) {
              throw FakeTarget.lost();
            }
          };
      pipeline.put(together(all(FakeTarget.REFUSED, 0, 300), records(300)));
      assertThat(pipeline.preCommit(offsets(301))).isEqualTo(offsets(301));
      assertThat(context.errant).hasSize(300);
      assertThat(target.written).containsExactly(300L);
    }
  }
}
