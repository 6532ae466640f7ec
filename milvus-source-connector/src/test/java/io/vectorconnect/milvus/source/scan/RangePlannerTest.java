package io.vectorconnect.milvus.source.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangePlannerTest {
  private int counts;

  private RangePlan plan(KeyType type, List<String> keys, int ranges) {
    return new RangePlanner(
            type,
            bound -> {
              counts++;
              return keys.stream().filter(key -> type.compare(key, bound) <= 0).count();
            })
        .closedPlan(
            keys.size(),
            ranges,
            above ->
                keys.stream()
                    .filter(key -> above == null || type.compare(key, above) > 0)
                    .max(type::compare)
                    .orElse(above));
  }

  private static List<Long> sizes(KeyType type, List<String> keys, RangePlan plan) {
    List<Long> sizes = new ArrayList<>();
    for (KeyRange range : plan.ranges()) {
      sizes.add(
          keys.stream()
              .filter(key -> range.above() == null || type.compare(key, range.above()) > 0)
              .filter(key -> range.upTo() == null || type.compare(key, range.upTo()) <= 0)
              .count());
    }
    return sizes;
  }

  private static void assertEven(List<Long> sizes, int rows, int ranges) {
    assertThat(sizes.stream().mapToLong(Long::longValue).sum()).isEqualTo(rows);
    assertThat(sizes.subList(0, sizes.size() - 1))
        .allMatch(size -> size <= rows / ranges * 13 / 10);
    assertThat(sizes.get(sizes.size() - 1))
        .as("the open range, for new keys: it is read in strong consistency, which is slow")
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 32})
  void dividesIntegersEvenlyAboveWhichIsARangeForNewKeys(int ranges) {
    Random random = new Random(ranges);
    List<List<String>> collections =
        List.of(
            text(LongStream.range(0, 10_000)),
            text(random.longs(10_000).distinct()),
            text(LongStream.concat(LongStream.of(Long.MIN_VALUE), LongStream.range(-5, 9_994))),
            text(LongStream.range(0, 10_000).map(i -> i * i * i)));
    for (List<String> keys : collections) {
      RangePlan plan = plan(KeyType.INT64, keys, ranges);
      assertThat(plan.size()).isEqualTo(ranges + 1);
      assertEven(sizes(KeyType.INT64, keys, plan), keys.size(), ranges);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void dividesTextsEvenly(int ranges) {
    List<List<String>> collections =
        List.of(
            IntStream.range(0, 3_000).mapToObj("user-%06d"::formatted).toList(),
            new Random(1).longs(3_000).mapToObj(Long::toHexString).toList(),
            IntStream.range(0, 3_000)
                .mapToObj(i -> "日本" + Character.toString(0x4E00 + i))
                .toList());
    for (List<String> keys : collections) {
      RangePlan plan = plan(KeyType.VARCHAR, keys, ranges);
      assertEven(sizes(KeyType.VARCHAR, keys, plan), keys.size(), ranges);
    }
  }

  @Test
  void asksNotMuchMoreThanOneCountABit() {
    plan(KeyType.INT64, text(LongStream.range(0, 10_000)), 16);
    assertThat(counts).isLessThan(64 + 16 * 20);
  }

  @Test
  void fewOrNoRowsMakeFewRanges() {
    assertThat(plan(KeyType.INT64, List.of(), 5)).isEqualTo(RangePlan.whole());
    assertThat(plan(KeyType.INT64, List.of("7"), 1)).isEqualTo(new RangePlan(List.of("7")));
    assertThat(sizes(KeyType.INT64, List.of("7"), plan(KeyType.INT64, List.of("7"), 5)))
        .contains(1L);
    assertThat(RangePlan.automaticSize(100, 8)).isEqualTo(1);
    assertThat(RangePlan.automaticSize(1_000_000, 2)).isEqualTo(11);
    assertThat(RangePlan.automaticSize(Long.MAX_VALUE, 2)).isEqualTo(64);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void noBoundIsBeyondTheGreatestKeyForNewKeysComeThere(int ranges) {
    for (List<String> keys : List.of(List.of("-9", "-8"), List.of("-9"), List.of("3", "5", "9"))) {
      List<String> bounds = plan(KeyType.INT64, keys, ranges).bounds();
      assertThat(bounds.get(bounds.size() - 1)).isEqualTo(keys.get(keys.size() - 1));
    }
  }

  @Test
  void ofManyRowsCountsLeaveTheLastOnesToGoThrough() {
    RangePlanner planner = new RangePlanner(KeyType.INT64, bound -> countUpTo(bound, 5_000_000));
    List<String> from = new ArrayList<>();
    RangePlan plan =
        planner.closedPlan(
            5_000_000,
            2,
            above -> {
              from.add(above);
              return "4999999";
            });
    assertThat(plan.bounds()).endsWith("4999999");
    assertThat(Long.parseLong(from.get(0))).isBetween(4_500_000L, 4_999_998L);
  }

  private static long countUpTo(String bound, long rows) {
    return Math.max(0, Math.min(rows - 1, Long.parseLong(bound)) + 1);
  }

  @Test
  void aLongTextIsNotABoundButItsBeginningIs() {
    String beginning = "😀".repeat(64);
    RangePlan plan = plan(KeyType.VARCHAR, List.of("a", beginning + "tail"), 1);
    assertThat(plan.bounds()).containsExactly(beginning);
  }

  private static List<String> text(LongStream keys) {
    return keys.mapToObj(Long::toString).toList();
  }
}
