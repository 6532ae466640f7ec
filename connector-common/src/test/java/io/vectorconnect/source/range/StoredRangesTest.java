package io.vectorconnect.source.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.source.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class StoredRangesTest {
  private static final ScanUnit UNIT =
      new ScanUnit("c", SourcePartition.of("database", "d").with("collection", "c"));
  private static final ScanUnit TENANT =
      new ScanUnit("c/t", SourcePartition.of("collection", "c").with("tenant", "t"), 2);
  private static final ScanUnit SHORT = new ScanUnit("s", SourcePartition.of("collection", "s"));
  private static final RangePlan PLAN = new RangePlan(List.of("10", "20", "30"));
  private static final RangePlan OTHER = new RangePlan(List.of("15", "25"));

  private final OffsetTopic topic = new OffsetTopic();

  @Test
  void offsetsInTheOrderOfAnyOlderVersionAreFound() {
    for (ScanUnit unit : List.of(UNIT, TENANT, SHORT)) {
      for (Map<String, String> order : unit.partition(1).otherOrders()) {
        topic.clear();
        topic.store(order, Map.of("last", "k", "plan", PLAN.toJson()));
        StoredRanges stored =
            StoredRanges.read(topic, List.of(UNIT, TENANT, SHORT)).get(unit.name());
        assertThat(stored.plan()).contains(PLAN);
        assertThat(stored.positions(PLAN)).isEqualTo(Map.of(1, Map.of("last", "k")));
      }
    }
  }

  @Test
  void whatThisVersionWroteGoesBeforeWhatAnOlderOneWrote() {
    Map<String, String> old = UNIT.partition(1).otherOrders().get(2);
    topic.store(old, Map.of("last", "old", "plan", PLAN.toJson()));
    topic.store(UNIT.partition(1).toMap(), Map.of("last", "new", "plan", PLAN.toJson()));
    topic.store(
        UNIT.partition(2).otherOrders().get(0), Map.of("last", "old 2", "plan", PLAN.toJson()));
    assertThat(StoredRanges.read(topic, UNIT).positions(PLAN))
        .isEqualTo(Map.of(1, Map.of("last", "new"), 2, Map.of("last", "old 2")));
  }

  @Test
  void moreUnitsThanOneRequestTakesAreAllFound() {
    List<ScanUnit> units = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      ScanUnit unit = new ScanUnit("c" + i, SourcePartition.of("collection", "c" + i));
      topic.store(unit.partition(255).toMap(), Map.of("last", "k" + i, "plan", PLAN.toJson()));
      units.add(unit);
    }
    Map<String, StoredRanges> stored = StoredRanges.readCurrent(topic, units);
    assertThat(stored).hasSize(200);
    for (int i = 0; i < 200; i++) {
      assertThat(stored.get("c" + i).positions()).containsExactly(Map.of("last", "k" + i));
    }
  }

  @Test
  void ofTwoPlansTheOneWithMoreOffsetsIsFollowed() {
    topic.store(UNIT.partition(0).toMap(), Map.of("last", "k", "plan", OTHER.toJson()));
    topic.store(UNIT.partition(2).toMap(), Map.of("last", "l", "plan", PLAN.toJson()));
    topic.store(UNIT.partition(3).toMap(), Map.of("last", "m", "plan", PLAN.toJson()));
    StoredRanges stored = StoredRanges.read(topic, UNIT);
    assertThat(stored.plan()).contains(PLAN);
    assertThat(stored.otherThan(PLAN)).containsExactly(OTHER.fingerprint());
    assertThat(stored.hasSeveralPlans()).isTrue();
    assertThat(stored.positions(PLAN)).containsOnlyKeys(2, 3);
  }

  @Test
  void anOffsetWithoutAPlanIsRefused() {
    topic.store(UNIT.partition(0).toMap(), Map.of("last", "k"));
    assertThatThrownBy(() -> StoredRanges.read(topic, UNIT))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("has no range plan")
        .hasMessageContaining("reset");
  }
}
