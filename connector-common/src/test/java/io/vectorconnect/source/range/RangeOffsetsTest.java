package io.vectorconnect.source.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.source.SourcePartition;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeOffsetsTest {
  private static final ScanUnit COLLECTION =
      new ScanUnit("c", SourcePartition.of("database", "default").with("collection", "c"));
  private static final ScanUnit OTHER =
      new ScanUnit("d", SourcePartition.of("database", "default").with("collection", "d"));
  private static final RangePlan PLAN = new RangePlan(List.of("10", "a\"b", "30"));

  private final OffsetTopic storage = new OffsetTopic();

  private Optional<RangeOffsets> stored(ScanUnit unit) {
    StoredRanges stored = StoredRanges.read(storage, unit);
    return stored.plan().map(plan -> RangeOffsets.of(stored, plan, () -> {}));
  }

  @Test
  void aFreshCollectionHasNoKeys() {
    assertThat(stored(COLLECTION)).isEmpty();
    RangeOffsets fresh = RangeOffsets.fresh(COLLECTION, PLAN);
    assertThat(fresh.plan()).isEqualTo(PLAN);
    assertThat(fresh.plan().ranges()).hasSize(4).allMatch(range -> fresh.lastKey(range) == null);
    assertThat(fresh.partition(PLAN.ranges().get(2)))
        .isEqualTo(Map.of("database", "default", "collection", "c", "range", "2"));
    assertThat(fresh.offset("k"))
        .isEqualTo(Map.of("last", "k", "plan", "[\"10\",\"a\\\"b\",\"30\"]"));
  }

  @Test
  void boundOffsetsAreNotGoneOnFromWhenWhatTheyAreOfIsAnother() {
    KeyRange range = PLAN.ranges().get(1);
    RangeOffsets unbound = RangeOffsets.fresh(COLLECTION, PLAN);
    storage.store(unbound.partition(range), unbound.offset("k"));
    RangeOffsets bound = stored(COLLECTION).orElseThrow().bound(Map.of("id", "7"));
    assertThat(bound.lastKey(range)).as("of an older version").isEqualTo("k");
    storage.store(bound.partition(range), bound.offset(Map.of("last", "l", "more", "m")));

    RangeOffsets stored = stored(COLLECTION).orElseThrow();
    assertThat(stored.bound(Map.of("id", "7")).position(range))
        .isEqualTo(Map.of("last", "l", "more", "m"));
    assertThatThrownBy(() -> stored.bound(Map.of("id", "8")))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("its id was \"7\"; now it is \"8\"");
  }

  @Test
  void anyRangesOffsetTellsThePlan() {
    for (KeyRange range : PLAN.ranges()) {
      storage.clear();
      RangeOffsets fresh = RangeOffsets.fresh(COLLECTION, PLAN);
      storage.store(fresh.partition(range), fresh.offset("key " + range.index()));
      RangeOffsets stored = stored(COLLECTION).orElseThrow();
      assertThat(stored.plan()).isEqualTo(PLAN);
      for (KeyRange other : PLAN.ranges()) {
        assertThat(stored.lastKey(other))
            .isEqualTo(other.equals(range) ? "key " + range.index() : null);
      }
      assertThat(stored.partition(range)).isEqualTo(fresh.partition(range));
      assertThat(stored.offset("next")).isEqualTo(fresh.offset("next"));
    }
  }

  @Test
  void theLastOfTheMostRangesIsFound() {
    RangePlan most = new RangePlan(Collections.nCopies(RangePlan.MAX_RANGES - 1, "k"));
    KeyRange last = most.ranges().get(RangePlan.MAX_RANGES - 1);
    RangeOffsets fresh = RangeOffsets.fresh(COLLECTION, most);
    storage.store(fresh.partition(last), fresh.offset("z"));
    assertThat(stored(COLLECTION).orElseThrow().lastKey(last)).isEqualTo("z");
  }

  @Test
  void collectionsAreApart() {
    RangeOffsets other = RangeOffsets.fresh(OTHER, RangePlan.whole());
    storage.store(other.partition(new KeyRange(0, null, null)), other.offset("k"));
    assertThat(stored(COLLECTION)).isEmpty();
    assertThat(stored(OTHER)).isPresent();
  }

  @Test
  void aPositionMayLackItsLastKey() {
    RangeOffsets fresh = RangeOffsets.fresh(COLLECTION, PLAN);
    KeyRange range = PLAN.ranges().get(1);
    assertThat(fresh.position(range)).isEmpty();
    Map<String, String> offset = fresh.offset(Map.of("scanned", "true"));
    storage.store(fresh.partition(range), offset);
    RangeOffsets stored = stored(COLLECTION).orElseThrow();
    assertThat(stored.plan()).isEqualTo(PLAN);
    assertThat(stored.position(range)).isEqualTo(Map.of("scanned", "true"));
    assertThat(stored.lastKey(range)).isNull();

    Map<String, String> partition = fresh.partition(range);
    assertThat(RangeOffsets.problem(partition, offset, true)).isEmpty();
    assertThat(RangeOffsets.problem(partition, offset))
        .hasValueSatisfying(m -> contains(m, "last"));
    assertThat(RangeOffsets.problem(partition, Map.of("last", 5L, "plan", "[]"), true)).isPresent();
    assertThat(RangeOffsets.problem(partition, Map.of("scanned", "true"), true))
        .hasValueSatisfying(m -> contains(m, "plan"));
  }

  @Test
  void whatItStoresItselfIsNoProblem() {
    RangeOffsets offsets = RangeOffsets.fresh(COLLECTION, PLAN);
    for (KeyRange range : PLAN.ranges()) {
      assertThat(RangeOffsets.problem(offsets.partition(range), offsets.offset("k"))).isEmpty();
      assertThat(RangeOffsets.problem(offsets.partition(range), null)).as("a reset").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1.0", " 1", "1000", "256", "007", "01", "１"})
  void aPartitionNeedsItsRange(String range) {
    Map<String, String> offset = RangeOffsets.fresh(COLLECTION, PLAN).offset("k");
    assertThat(RangeOffsets.problem(Map.of("range", range), offset))
        .as("such a partition would never be looked up")
        .isPresent();
  }

  @Test
  void tellsOtherProblems() {
    Map<String, String> offset = RangeOffsets.fresh(COLLECTION, PLAN).offset("k");
    assertThat(RangeOffsets.problem(Map.of(), offset))
        .hasValueSatisfying(m -> contains(m, "range"));
    assertThat(RangeOffsets.problem(Map.of("range", 1), offset))
        .hasValueSatisfying(m -> contains(m, "as text"));
    assertThat(RangeOffsets.problem(Map.of("range", "4"), offset))
        .hasValue("range 4 is not one of its plan");
    Map<String, String> range = Map.of("range", "0");
    assertThat(RangeOffsets.problem(range, Map.of("plan", "[]")))
        .hasValueSatisfying(m -> contains(m, "last"));
    assertThat(RangeOffsets.problem(range, Map.of("last", "k")))
        .hasValueSatisfying(m -> contains(m, "plan"));
    assertThat(RangeOffsets.problem(range, Map.of("last", 5L, "plan", "[]"))).isPresent();
    assertThat(RangeOffsets.problem(range, Map.of("last", "k", "plan", List.of()))).isPresent();
    assertThat(RangeOffsets.problem(range, Map.of("last", "k", "plan", "[1]")))
        .hasValueSatisfying(m -> contains(m, "JSON array of strings"));
  }

  private static void contains(String message, String part) {
    assertThat(message).contains(part);
  }
}
