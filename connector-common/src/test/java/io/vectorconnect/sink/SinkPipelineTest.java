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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** Batches, offsets and errant records, with a database that answers. */
class SinkPipelineTest {
  private final FakeTarget target = new FakeTarget();
  private final FakeContext context = new FakeContext();

  @Test
  void writesFullBatchesInOrder() {
    try (var pipeline = pipeline(settings(3, 100))) {
      for (int i = 0; i < 10; i++) {
        pipeline.put(records(i));
        if (i % 3 == 2) {
          assertThat(pipeline.preCommit(offsets(i + 1))).isEqualTo(offsets(i + 1));
        }
      }
      assertThat(target.batches).containsExactly(3, 3, 3);
      assertThat(target.written).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
      assertThat(target.prepared).isEqualTo(target.added);
    }
  }

  @Test
  void aCallsRecordsStayTogether() {
    try (var pipeline = pipeline(settings(3, 100))) {
      pipeline.put(range(0, 8));
      assertThat(pipeline.preCommit(offsets(8))).isEqualTo(offsets(8));
      assertThat(target.batches).containsExactly(8);
    }
  }

  @Test
  void theSizeInBytesFillsABatchToo() {
    var bytes =
        new WriteSettings(
            1000,
            250,
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            AllRefused.FAIL);
    try (var pipeline = pipeline(bytes)) {
      pipeline.put(records(0, 1));
      assertThat(target.attempts).hasValue(0);
      pipeline.put(records(2));
      pipeline.preCommit(offsets(3));
      assertThat(target.batches).containsExactly(3);
    }
  }

  @Test
  void anIdleTopicOrACommitWritesWhatThereIs() {
    try (var pipeline = pipeline(settings(100, 100))) {
      pipeline.put(records(0));
      assertThat(pipeline.preCommit(offsets(1))).isEqualTo(offsets(1));
      assertThat(target.written).containsExactly(0L);

      pipeline.put(records(1));
      pipeline.put(List.of());
      pipeline.put(records(2));
      pipeline.preCommit(offsets(3));
      assertThat(target.batches).containsExactly(1, 1, 1);

      pipeline.put(List.of());
      pipeline.preCommit(offsets(3));
      assertThat(target.batches).as("no empty batches").hasSize(3);
    }
  }

  @Test
  void recordsLingerNoLongerThanTold() {
    var zero =
        new WriteSettings(
            100,
            10_000,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            AllRefused.FAIL);
    try (var pipeline = pipeline(zero)) {
      pipeline.put(records(0));
      pipeline.preCommit(offsets(1));
      pipeline.put(records(1));
      pipeline.preCommit(offsets(2));
      assertThat(target.batches).containsExactly(1, 1);
    }
    assertThat(context.timeouts).containsOnly(1L);
  }

  @Test
  void placesAreThoseBeforeTransforms() {
    target.writeTrouble = onSecond(() -> new IllegalStateException("broken"));
    try (var pipeline = pipeline(settings(1, 100))) {
      pipeline.put(List.of(moved(6, FakeTarget.BAD), moved(7, "good")));
      assertThat(context.errant.values())
          .containsExactly("topic t, partition 0, offset 6: expected a good value");
      pipeline.preCommit(Map.of());
      pipeline.put(records(8));
      assertThat(pipeline.preCommit(offsets(9))).isEqualTo(offsets(8));
    }
  }

  /** A record of {@code T0} that a transform has put elsewhere. */
  private static SinkRecord moved(long offset, Object value) {
    return new SinkRecord(
        "other",
        5,
        null,
        offset,
        null,
        Map.of("f", value),
        1000 + offset,
        0L,
        TimestampType.CREATE_TIME,
        null,
        T0.topic(),
        T0.partition(),
        offset);
  }

  @Test
  void reportsErrantRecordsWithTheirPlaceAndGoesOn() {
    try (var pipeline = pipeline(settings(100, 100))) {
      pipeline.put(
          List.of(
              record(T0, 5, "good"),
              record(T0, 6, FakeTarget.BAD),
              record(T1, 70, FakeTarget.REFUSED),
              record(T0, 7, "good")));
      assertThat(pipeline.preCommit(offsets(8, 71))).isEqualTo(offsets(8, 71));
      pipeline.put(List.of(record(T0, 8, FakeTarget.BAD)));
      assertThat(pipeline.preCommit(offsets(9, 71))).isEqualTo(offsets(9, 71));
    }
    assertThat(target.written).containsExactly(5L, 7L);
    assertThat(context.errant)
        .containsOnly(
            Map.entry(6L, "topic t, partition 0, offset 6: expected a good value"),
            Map.entry(8L, "topic t, partition 0, offset 8: expected a good value"),
            Map.entry(70L, "topic t, partition 1, offset 70: the database refuses it"));
  }

  @Test
  void withoutReporterAnErrantRecordFailsTheTask() {
    context.reporter = false;
    try (var pipeline = pipeline(settings(100, 100))) {
      pipeline.put(records(5));
      assertThatThrownBy(
              () -> pipeline.put(List.of(record(T0, 6, FakeTarget.BAD), record(T0, 7, "good"))))
          .isInstanceOf(ConnectException.class)
          .isNotInstanceOf(RetriableException.class)
          .hasMessageStartingWith("topic t, partition 0, offset 6: expected a good value")
          .hasMessageContaining("errors.tolerance=all")
          .hasCauseInstanceOf(DataException.class);
      assertThat(pipeline.preCommit(offsets(6))).isEqualTo(offsets(6));
      assertThat(target.written).containsExactly(5L);
    }
  }

  /** A key that no string can be made of, the look of a change event, a bug in an encoder. */
  @Test
  void whatOneRecordCausesEndsAtThatRecord() {
    Map<Object, Object> lookAlike = Map.of("op", "c", "source", "web", "after", "noon");
    try (var pipeline = pipeline(settings(100, 100))) {
      pipeline.put(
          List.of(
              record(T0, 1, "good"),
              record(T0, 2, FakeTarget.UNREADABLE),
              new SinkRecord("t", 0, null, null, null, lookAlike, 3),
              record(T0, 4, "good")));
      assertThat(pipeline.preCommit(offsets(5))).isEqualTo(offsets(5));
      assertThat(target.written).containsExactly(1L, 4L);
      assertThat(context.errant).containsOnlyKeys(2L, 3L);
      assertThat(context.errant.get(2L))
          .contains("offset 2", "NumberFormatException", "FakeTarget.add")
          .doesNotContain("secret");
      assertThat(context.errant.get(3L))
          .contains("offset 3", "looks like a change event, but has a String in place of the row")
          .doesNotContain("noon");
    }
  }

  @Test
  void withoutReporterARefusedRecordFailsTheTaskAndCommitsNothingBeyond() {
    context.reporter = false;
    try (var pipeline = pipeline(settings(1, 100))) {
      pipeline.put(records(5));
      assertThat(pipeline.preCommit(offsets(6))).isEqualTo(offsets(6));
      pipeline.put(List.of(record(T0, 6, FakeTarget.REFUSED)));
      assertThat(pipeline.preCommit(offsets(7)).getOrDefault(T0, new OffsetAndMetadata(0)).offset())
          .isLessThanOrEqualTo(6);
      assertThatThrownBy(() -> pipeline.put(records(7)))
          .isInstanceOf(ConnectException.class)
          .hasMessageStartingWith("topic t, partition 0, offset 6: the database refuses it");
    }
  }

  @Test
  void whatIsWrittenBeforePartitionsCloseStays() {
    try (var pipeline = pipeline(settings(100, 100))) {
      pipeline.put(List.of(record(T0, 1, "good"), record(T1, 2, "good")));
      pipeline.preCommit(offsets(2));
      assertThat(target.written).containsExactly(1L, 2L);
      pipeline.closePartitions(List.of(T0));
      assertThat(context.rewound).isEmpty();
      assertThat(target.aborted.getCount()).isEqualTo(1);
      Map<TopicPartition, OffsetAndMetadata> kept = Map.of(T1, new OffsetAndMetadata(3));
      assertThat(pipeline.preCommit(kept)).isEqualTo(kept);
    }
  }

  /** As when the consumer group took them away: their new owner may have written newer rows. */
  @Test
  void partitionsThatWereLostAreNotWrittenAnyMore() {
    try (var pipeline = pipeline(settings(100, 100))) {
      pipeline.put(List.of(record(T0, 10, "good"), record(T1, 2, "good")));
      pipeline.closePartitions(List.of(T0));
      assertThat(context.rewound).isEqualTo(Map.of(T1, 2L));
      pipeline.put(List.of());
      pipeline.put(List.of(record(T1, 2, "good")));
      pipeline.preCommit(Map.of());
    }
    assertThat(target.written).containsExactly(2L);
  }

  @Test
  void whateverARecordCausesEndsAtThatRecord() {
    target.addTrouble = new ArrayIndexOutOfBoundsException("secret");
    try (var pipeline = pipeline(settings(100, 100))) {
      pipeline.put(records(1));
      target.addTrouble = null;
      pipeline.put(records(2));
      assertThat(pipeline.preCommit(offsets(3))).isEqualTo(offsets(3));
    }
    assertThat(target.written).containsExactly(2L);
    assertThat(context.errant.get(1L))
        .contains("offset 1", "ArrayIndexOutOfBoundsException")
        .doesNotContain("secret");
  }

  @Test
  void closeClosesTheWriterAndWritesNothingMore() {
    try (var pipeline = pipeline(settings(100, 100))) {
      pipeline.put(records(1));
      assertThat(target.closed).isFalse();
    }
    assertThat(target.closed).isTrue();
    assertThat(target.attempts).hasValue(0);
  }

  private FakeTarget.Trouble onSecond(Supplier<RuntimeException> failure) {
    return () -> {
      if (target.attempts.get() == 2) {
        throw failure.get();
      }
    };
  }

  private SinkPipeline<FakeTarget.Rows> pipeline(WriteSettings settings) {
    return new SinkPipeline<>(target, settings, context);
  }
}
