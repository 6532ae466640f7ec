package io.vectorconnect.source.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangePlanTest {

  @Property(tries = 1000)
  void jsonComesBack(@ForAll @Size(max = 50) List<String> bounds) {
    RangePlan plan = new RangePlan(bounds);
    assertThat(RangePlan.fromJson(plan.toJson())).isEqualTo(plan);
  }

  @Example
  void jsonEscapesWhatItMust() {
    List<String> bounds =
        List.of(
            "",
            "\"",
            "\\",
            "a\"],[\"b",
            "\u0000\u0001\t\r\n\u001F\u007F",
            "ключ",
            "鍵",
            "🔑",
            "\u2028");
    RangePlan plan = new RangePlan(bounds);
    assertThat(RangePlan.fromJson(plan.toJson()).bounds()).isEqualTo(bounds);
    assertThat(new RangePlan(List.of("a\"b", "\n", "é")).toJson())
        .isEqualTo("[\"a\\\"b\",\"\\n\",\"é\"]");
    assertThat(RangePlan.fromJson(" [ \"a\\u0000\\/\" , \"\\uD83D\\uDD11\" ] ").bounds())
        .containsExactly("a\0/", "🔑");
    assertThat(RangePlan.whole().toJson()).isEqualTo("[]");
    assertThat(RangePlan.fromJson("[]")).isEqualTo(RangePlan.whole());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[",
        "]",
        "[\"a\"",
        "[\"a\",]",
        "[\"a\" \"b\"]",
        "[\"a]",
        "\"a\"",
        "{}",
        "null",
        "{\"a\":\"b\"}",
        "[1]",
        "[null]",
        "[\"a\",2]",
        "[[\"a\"]]",
        "[\"a\"]]",
        "[\"a\"] []",
        "[\"a\"]x",
        "['a']",
        "[a]",
        "[\"\u0000\"]",
        "true"
      })
  void refusesWhatIsNoPlan(String json) {
    assertThatThrownBy(() -> RangePlan.fromJson(json))
        .isInstanceOf(DataException.class)
        .hasMessage("a range plan is a JSON array of strings");
  }

  @Property(tries = 500)
  void rangesCoverEveryKeyOnce(
      @ForAll @Size(max = 30) List<Integer> bounds, @ForAll @Size(max = 50) List<Integer> keys) {
    List<Integer> sorted = new ArrayList<>(new TreeSet<>(bounds));
    RangePlan plan = new RangePlan(sorted.stream().map(String::valueOf).toList());
    List<KeyRange> ranges = plan.ranges();
    assertThat(ranges).hasSize(plan.size()).hasSize(sorted.size() + 1);
    List<Integer> all = new ArrayList<>(keys);
    all.addAll(sorted);
    all.add(Integer.MIN_VALUE);
    all.add(Integer.MAX_VALUE);
    for (int key : all) {
      List<KeyRange> holding = ranges.stream().filter(range -> holds(range, key)).toList();
      assertThat(holding).as("ranges of %s", key).hasSize(1);
      // Its place is the number of bounds below it.
      int place = Collections.binarySearch(sorted, key);
      assertThat(holding.get(0).index()).isEqualTo(place >= 0 ? place : -place - 1);
    }
    assertThat(ranges).extracting(KeyRange::index).isEqualTo(numbers(plan.size()));
    assertThat(ranges.stream().filter(KeyRange::isLast)).containsExactly(ranges.get(sorted.size()));
  }

  private static boolean holds(KeyRange range, int key) {
    return (range.above() == null || key > Integer.parseInt(range.above()))
        && (range.upTo() == null || key <= Integer.parseInt(range.upTo()));
  }

  @Example
  void aWholePlanIsOneOpenRange() {
    assertThat(RangePlan.whole().ranges()).containsExactly(new KeyRange(0, null, null));
    assertThat(RangePlan.whole().ranges().get(0).isLast()).isTrue();
  }

  @Example
  void boundsAreCopiedAndTheirNumberIsLimited() {
    List<String> bounds = new ArrayList<>(List.of("a"));
    RangePlan plan = new RangePlan(bounds);
    bounds.add("b");
    assertThat(plan.bounds()).containsExactly("a");
    List<String> most = numbers(RangePlan.MAX_RANGES - 1).stream().map(String::valueOf).toList();
    assertThat(new RangePlan(most).size()).isEqualTo(RangePlan.MAX_RANGES);
    List<String> tooMany = new ArrayList<>(most);
    tooMany.add("more");
    assertThatThrownBy(() -> new RangePlan(tooMany)).isInstanceOf(IllegalArgumentException.class);
    String json = "[" + String.join(",", Collections.nCopies(RangePlan.MAX_RANGES, "\"a\"")) + "]";
    assertThatThrownBy(() -> RangePlan.fromJson(json))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("256");
  }

  private static List<Integer> numbers(int size) {
    return IntStream.range(0, size).boxed().toList();
  }
}
