package io.vectorconnect.weaviate.source.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class UuidsTest {
  private static Function<String, Optional<String>> cursor(NavigableSet<String> ids) {
    return after ->
        after == null ? ids.stream().findFirst() : Optional.ofNullable(ids.higher(after));
  }

  private static String numbered(long i) {
    return new UUID(0, i).toString();
  }

  @Test
  void numbersKeepTheOrderOfTheText() {
    String high = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    assertThat(Uuids.text(Uuids.number(high))).isEqualTo(high);
    assertThat(Uuids.number(high).signum()).isPositive();
    assertThat(Uuids.number("80000000-0000-0000-0000-000000000000"))
        .isGreaterThan(Uuids.number("7fffffff-ffff-ffff-ffff-ffffffffffff"));
  }

  @Test
  void boundsDivideWhatIsThereAndNotAllUuids() {
    TreeSet<String> ids = new TreeSet<>();
    for (long i = 1L << 40; i < (1L << 40) + 1000; i++) {
      ids.add(new UUID(i, 0).toString());
    }
    List<String> bounds = Uuids.bounds(4, cursor(ids));
    assertThat(bounds).hasSize(4).isSorted().endsWith(ids.last());
    assertThat(ids.headSet(bounds.get(0), true)).hasSizeBetween(200, 300);
    assertThat(ids.tailSet(bounds.get(2), false)).hasSizeBetween(200, 300);
  }

  @Test
  void fewObjectsMakeFewRanges() {
    assertThat(Uuids.bounds(8, cursor(new TreeSet<>()))).isEmpty();
    assertThat(Uuids.bounds(8, cursor(new TreeSet<>(List.of(numbered(5))))))
        .containsExactly(numbered(5));
    assertThat(Uuids.bounds(1, cursor(new TreeSet<>(List.of(numbered(5), numbered(9))))))
        .containsExactly(numbered(9));
  }

  @Test
  void multiVectorsAreJsonThatNamesEachFloatExactly() {
    byte[] packed = new byte[2 + 4 * 4];
    io.vectorconnect.data.LittleEndian.putShort(packed, 0, (short) 2);
    float[] elements = {0.1f, -2, Float.MIN_VALUE, 4};
    for (int i = 0; i < 4; i++) {
      io.vectorconnect.data.LittleEndian.putFloat(packed, 2 + 4 * i, elements[i]);
    }
    assertThat(MultiVectors.toJson(packed)).isEqualTo("[[0.1,-2.0],[1.4E-45,4.0]]");
  }
}
