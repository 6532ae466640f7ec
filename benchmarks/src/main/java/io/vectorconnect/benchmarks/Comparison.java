package io.vectorconnect.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs both paths in turn, and compares their medians: a machine that others use too is as busy for
 * the one as for the other. Rounds in which the worker's code is still being compiled are shown and
 * not counted.
 */
final class Comparison {
  private static final int WARM_UP = 4;

  private final String name;
  private final Options options;

  Comparison(String name, Options options) {
    this.name = name;
    this.options = options;
  }

  void run(Benchmark.Rounds rounds) throws Exception {
    List<Double> raw = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    for (int round = 1 - WARM_UP; round <= options.rounds(); round++) {
      double rawRate = rate(rounds.raw(round + WARM_UP));
      double ourRate = rate(rounds.ours(round + WARM_UP));
      String title = round < 1 ? "warm-up" : "round " + round;
      print("%s: raw %,.0f rows/s, ours %,.0f rows/s", title, rawRate, ourRate);
      if (round >= 1) {
        raw.add(rawRate);
        ours.add(ourRate);
      }
    }
    print(
        "median of %d rounds, %,d rows x %d f32, worker heap %s: raw %,.0f rows/s, ours %,.0f rows/s",
        options.rounds(),
        options.rows(),
        options.dimension(),
        options.heap(),
        median(raw),
        median(ours));
    print("%s ratio %.2f", name, median(ours) / median(raw));
  }

  private double rate(Duration time) {
    return options.rows() / (time.toNanos() / 1e9);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
