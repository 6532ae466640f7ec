package io.vectorconnect.source.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.source.SourcePartition;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RangeProgressTest {
  private static final ScanUnit UNIT = new ScanUnit("t", SourcePartition.of("table", "t"));
  private static final KeyRange RANGE = RangePlan.whole().ranges().get(0);

  private final OffsetTopic topic = new OffsetTopic();

  private RangeProgress stored(Map<String, String> position) {
    RangeOffsets offsets = RangeOffsets.fresh(UNIT, RangePlan.whole());
    topic.store(offsets.partition(RANGE), offsets.offset(position));
    return new RangeProgress(
        RangeOffsets.of(StoredRanges.read(topic, UNIT), RangePlan.whole(), () -> {}), RANGE);
  }

  @Test
  void rowsAreCountedAcrossRestarts() {
    RangeProgress first = new RangeProgress(RangeOffsets.fresh(UNIT, RangePlan.whole()), RANGE);
    first.add();
    first.add();
    assertThat(first).hasToString("2 rows");
    Map<String, String> offset = new HashMap<>(Map.of("last", "k"));
    first.addTo(offset);

    RangeProgress second = stored(offset);
    assertThat(second)
        .hasToString("0 rows since it was resumed behind its stored key, 2 rows before");
    second.add();
    Map<String, String> next = new HashMap<>();
    second.addTo(next);
    assertThat(next).isEqualTo(Map.of("rows", "3"));
  }

  @Test
  void anOlderVersionDidNotCount() {
    RangeProgress progress = stored(Map.of("last", "k"));
    progress.add();
    assertThat(progress)
        .hasToString(
            "1 rows since it was resumed behind its stored key, an unknown number of rows before");
    Map<String, String> offset = new HashMap<>();
    progress.addTo(offset);
    assertThat(offset).isEmpty();
  }
}
