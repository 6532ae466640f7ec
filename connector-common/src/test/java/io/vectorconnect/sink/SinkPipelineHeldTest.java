package io.vectorconnect.sink;

import static io.vectorconnect.sink.FakeContext.T0;
import static io.vectorconnect.sink.FakeContext.T1;
import static io.vectorconnect.sink.FakeContext.offsets;
import static io.vectorconnect.sink.FakeContext.record;
import static io.vectorconnect.sink.FakeContext.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** A record that cannot be written before one of another partition. */
class SinkPipelineHeldTest {
  private final FakeTarget target = new FakeTarget();
  private final FakeContext context = new FakeContext();

  @Test
  void itsPartitionPausesAndIsReadAgainWhileOthersGoOn() throws Exception {
    try (var pipeline = new SinkPipeline<>(target, settings(100, 1000), context)) {
      pipeline.put(
          List.of(
              record(T0, 4, "good"),
              record(T0, 5, FakeTarget.CHILD),
              record(T0, 6, "good"),
              record(T1, 70, "good")));
      assertThat(pipeline.preCommit(offsets(7, 71)))
          .as("nothing of the partition that is being set back")
          .isEqualTo(Map.of(T1, offsets(7, 71).get(T1)));
      assertThat(target.written).containsExactly(4L, 70L);
      assertThat(context.paused).containsExactly(T0);

      // Connect may have polled these before it followed.
      pipeline.put(List.of(record(T0, 7, "good"), record(T1, 71, "good")));
      assertThat(context.rewound).isEqualTo(Map.of(T0, 5L));
      assertThat(pipeline.preCommit(offsets(5, 72))).isEqualTo(Map.of(T1, offsets(5, 72).get(T1)));
      target.parentIsThere = true;
      while (context.paused.contains(T0)) {
        pipeline.put(List.of());
        Thread.sleep(1);
      }
      pipeline.put(
          List.of(record(T0, 5, FakeTarget.CHILD), record(T0, 6, "good"), record(T0, 7, "good")));
      assertThat(pipeline.preCommit(offsets(8, 72))).isEqualTo(offsets(8, 72));
    }
    assertThat(target.written).containsExactly(4L, 70L, 71L, 5L, 6L, 7L);
    assertThat(context.errant).isEmpty();
  }

  @Test
  void whatWasBufferedBehindItIsReadAgain() {
    try (var pipeline = new SinkPipeline<>(target, settings(2, 1000), context)) {
      pipeline.put(List.of(record(T0, 5, FakeTarget.CHILD), record(T0, 6, "good")));
      pipeline.put(List.of(record(T0, 7, "good"), record(T1, 70, "good")));
      pipeline.preCommit(offsets(8, 71));
      pipeline.put(List.of());
      assertThat(target.written).isEmpty();
      assertThat(context.rewound).containsEntry(T0, 5L);
    }
  }

  @Test
  void aPauseDoesNotOutliveARebalanceThatGivesThePartitionBack() throws Exception {
    try (var pipeline = new SinkPipeline<>(target, settings(100, 1000), context)) {
      pipeline.put(List.of(record(T0, 5, FakeTarget.CHILD)));
      pipeline.preCommit(offsets(6, 0));
      assertThat(context.paused).containsExactly(T0);
      context.assigned = Set.of();
      Thread.sleep(20); // longer than the pause
      pipeline.put(List.of());
      context.assigned = Set.of(T0, T1); // Connect pauses again what was paused
      pipeline.put(List.of());
      assertThat(context.paused).isEmpty();
    }
  }

  @Test
  void aRefusedRecordBehindItIsReportedOnce() throws Exception {
    try (var pipeline = new SinkPipeline<>(target, settings(100, 1000), context)) {
      for (int i = 0; i < 3; i++) {
        pipeline.put(
            List.of(
                record(T0, 5, FakeTarget.CHILD),
                record(T0, 6, FakeTarget.BAD),
                record(T1, 70 + i, "good")));
        pipeline.preCommit(offsets(7, 71 + i));
        pipeline.put(List.of()); // takes note of where it is set back to
        while (context.paused.contains(T0)) {
          pipeline.put(List.of());
          Thread.sleep(1);
        }
      }
    }
    assertThat(context.reports).containsExactly(6L);
  }

  @Test
  void rowsThatWaitDoNotProveThatTheTargetFits() throws Exception {
    try (var pipeline = new SinkPipeline<>(target, settings(1_000, 1000), context)) {
      pipeline.put(List.of(record(T0, 5, FakeTarget.CHILD)));
      pipeline.preCommit(offsets(6, 0));
      pipeline.put(List.of());
      List<SinkRecord> bad = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        bad.add(record(T1, i, FakeTarget.BAD));
      }
      assertThatThrownBy(
              () -> {
                pipeline.put(bad);
                pipeline.put(List.of());
                pipeline.put(List.of());
              })
          .hasMessageContaining("none of the first 100 records");
    }
    assertThat(context.errant).isEmpty();
  }

  @Test
  void aPartitionThatGoesToAnotherTaskIsNotSetBack() {
    try (var pipeline = new SinkPipeline<>(target, settings(100, 1000), context)) {
      pipeline.put(List.of(record(T0, 5, FakeTarget.CHILD), record(T1, 70, "good")));
      pipeline.preCommit(offsets(6, 71));
      pipeline.closePartitions(List.of(T0));
      pipeline.put(List.of());
      assertThat(context.rewound).isEmpty();
    }
  }
}
