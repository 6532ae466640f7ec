package io.vectorconnect.source.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class RangeComparisonTest {
  private static final Comparator<String> NUMBERS = Comparator.comparingLong(Long::parseLong);

  private static RowHash hash(int value) {
    return new RowHash(value, -value);
  }

  /** What a pass says, as {@code +key} and {@code -key}. */
  private static List<String> pass(RangeComparison pass, SortedMap<String, Integer> rows) {
    List<String> said = new ArrayList<>();
    rows.forEach(
        (key, value) -> {
          for (String gone = pass.gone(key); gone != null; gone = pass.gone(key)) {
            said.add("-" + gone);
          }
          if (pass.isChanged(key, hash(value))) {
            said.add("+" + key);
          }
        });
    for (String gone = pass.gone(null); gone != null; gone = pass.gone(null)) {
      said.add("-" + gone);
    }
    return said;
  }

  @Test
  void saysWhatIsNewChangedAndGone() {
    KnownRows before = KnownRows.of(Map.of("9", hash(9), "10", hash(1), "11", hash(2)), NUMBERS);
    TreeMap<String, Integer> rows = new TreeMap<>(NUMBERS);
    rows.putAll(Map.of("1", 1, "10", 1, "11", 3));
    assertThat(pass(new RangeComparison(before, NUMBERS, new RowLimit(10)), rows))
        .containsExactly("+1", "-9", "+11");
  }

  @Test
  void passAfterPassFollowsAnyChanges() {
    Random random = new Random(5);
    TreeMap<String, Integer> target = new TreeMap<>(NUMBERS);
    KnownRows known = new KnownRows();
    RowLimit limit = new RowLimit(300);
    for (int i = 0; i < 60; i++) {
      TreeMap<String, Integer> rows = new TreeMap<>(NUMBERS);
      for (int row = random.nextInt(200); row > 0; row--) {
        rows.put(Integer.toString(random.nextInt(300)), random.nextInt(3));
      }
      RangeComparison pass = new RangeComparison(known, NUMBERS, limit);
      for (String said : pass(pass, rows)) {
        String key = said.substring(1);
        if (said.startsWith("-")) {
          assertThat(target.remove(key)).as(said).isNotNull();
        } else {
          assertThat(target.put(key, rows.get(key))).as(said).isNotEqualTo(rows.get(key));
        }
      }
      known = pass.rows();
      assertThat(target).isEqualTo(rows);
    }
  }

  @Test
  void moreRowsThanTheLimitAreAnErrorThatNamesTheKey() {
    RowLimit limit = new RowLimit(2);
    KnownRows.Loader loader = new KnownRows.Loader(limit);
    loader.put(0, "1", hash(1));
    loader.put(0, "1", hash(2));
    loader.put(0, "2", hash(1));
    loader.remove(0, "2");
    loader.remove(0, "7");
    loader.put(1, "3", hash(1));
    assertThatThrownBy(() -> loader.put(0, "4", hash(1)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("reconcile.max.rows=2");
    KnownRows range = loader.range(0, NUMBERS);
    assertThat(range.key(0)).isEqualTo("1");
    assertThat(range.hasHash(0, hash(2))).isTrue();
  }
}
