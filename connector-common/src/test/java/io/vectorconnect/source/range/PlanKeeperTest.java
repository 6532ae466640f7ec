package io.vectorconnect.source.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.source.SourcePartition;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class PlanKeeperTest {
  private static final ScanUnit UNIT = new ScanUnit("t", SourcePartition.of("table", "t"));
  private static final RangePlan FIRST = new RangePlan(List.of("10", "20"));
  private static final RangePlan SECOND = new RangePlan(List.of("15", "25"));

  private final OffsetTopic topic = new OffsetTopic();
  private final PlanKeeper plans = new PlanKeeper(() -> topic);

  private void store(RangePlan plan, int range) {
    RangeOffsets offsets = RangeOffsets.fresh(UNIT, plan);
    topic.store(offsets.partition(plan.ranges().get(range)), offsets.offset("k"));
  }

  private RangePlan decide(PlanKeeper keeper, RangePlan fresh) {
    keeper.read(List.of(UNIT));
    RangePlan plan = keeper.decide("t", () -> fresh);
    keeper.configs(Map.of(), 2);
    return plan;
  }

  @Test
  void aUnitIsNotPlannedTwice() {
    assertThat(decide(plans, FIRST)).isEqualTo(FIRST);
    assertThat(decide(plans, SECOND)).isEqualTo(FIRST);
    assertThat(plans.isOutdated()).isFalse();
    assertThat(decide(new PlanKeeper(() -> topic), SECOND)).as("no offset").isEqualTo(SECOND);
  }

  @Test
  void storedOffsetsGoBeforeAPlanThatHasNone() {
    assertThat(decide(plans, SECOND)).isEqualTo(SECOND);
    store(FIRST, 1);
    assertThat(plans.isOutdated()).isTrue();
    assertThat(decide(plans, SECOND)).isEqualTo(FIRST);
    assertThat(plans.isOutdated()).isFalse();
  }

  @Test
  void aPlanWithOffsetsIsKeptAndALateOneSuperseded() {
    assertThat(decide(plans, SECOND)).isEqualTo(SECOND);
    store(SECOND, 0);
    store(FIRST, 1);
    store(FIRST, 2);
    assertThat(plans.isOutdated()).isTrue();
    assertThat(decide(plans, FIRST)).isEqualTo(SECOND);
    assertThat(plans.isOutdated()).isFalse();
    assertThat(decide(new PlanKeeper(() -> topic), SECOND))
        .as("after a restart, the plan with more offsets")
        .isEqualTo(FIRST);
  }

  @Test
  void moreRowsThanATaskMayCompareAreRefusedWhenThePlanIsMade() {
    plans.read(List.of(UNIT));
    plans.decide("t", () -> FIRST);
    plans.compares("t", 3_000);
    assertThat(plans.configs(Map.of(), 3, 1_000)).hasSize(3);
    assertThatThrownBy(() -> plans.configs(Map.of(), 3, 900))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("3000 rows")
        .hasMessageContaining("reconcile.max.rows=900");
    assertThatThrownBy(() -> plans.configs(Map.of(), 2, 1_500))
        .as("one of the two has two of three ranges")
        .hasMessageContaining("about 1818 rows");
  }

  @Test
  void rangesOfAnOldPlanMayBeUneven() {
    store(FIRST, 0);
    plans.read(List.of(UNIT));
    plans.decide("t", () -> SECOND);
    plans.compares("t", 3_000);
    assertThat(plans.configs(Map.of(), 2, 1_500)).hasSize(2);
    assertThatThrownBy(() -> plans.configs(Map.of(), 2, 1_499))
        .hasMessageContaining("reconcile.max.rows=1499");
  }
}
