package io.vectorconnect.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Runs both paths in turn, and compares their medians: a machine that others use too is as busy for
 * the one as for the other. Rounds in which the worker's code is still being compiled are shown and
 * not counted.
 */
final class Comparison {
  /** Runs of both paths that do not count, at the least. */
  private static final int WARM_UP = 4;

  /** How long ours has run by then, at the least. */
  private static final Duration WARM_UP_TIME = Duration.ofSeconds(45);

  /** It takes several times as long as the others, and no aim is near it. */
  private static final int VENDOR_ROUNDS = 3;

  private Duration warm = Duration.ZERO;
  private final String name;
  private final Options options;

  Comparison(String name, Options options) {
    this.name = name;
    this.options = options;
  }

  void run(Benchmark.Rounds rounds) throws Exception {
    List<Double> raw = new ArrayList<>();
    List<Double> vendor = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    for (int run = 1; ours.size() < options.rounds(); run++) {
      boolean counts = isWarm(run);
      Times times = inTurn(rounds, run, counts && vendor.size() < VENDOR_ROUNDS);
      warm = warm.plus(times.ours());
      double rawRate = rate(times.raw());
      Optional<Double> vendorRate = times.vendor().map(this::rate);
      double ourRate = rate(times.ours());
      print(
          "%s: raw %,.0f rows/s%s, ours %,.0f rows/s",
          title(counts, ours.size()),
          rawRate,
          vendorRate.map(Comparison::vendorText).orElse(""),
          ourRate);
      if (counts) {
        raw.add(rawRate);
        vendorRate.ifPresent(vendor::add);
        ours.add(ourRate);
      }
    }
    print(
        "median of %d rounds, %,d rows x %d f32, worker heap %s: raw %,.0f rows/s%s, ours %,.0f rows/s",
        options.rounds(),
        options.rows(),
        options.dimension(),
        options.heap(),
        median(raw),
        vendor.isEmpty() ? "" : vendorText(median(vendor)),
        median(ours));
    if (!vendor.isEmpty()) {
      print("%s: ours is %.2f times the vendor's client", name, median(ours) / median(vendor));
    }
    print("%s ratio %.2f", name, median(ours) / median(raw));
  }

  private record Times(Duration raw, Optional<Duration> vendor, Duration ours) {}

  /** Who comes first changes: each finds the server as another one has left it. */
  private static Times inTurn(Benchmark.Rounds rounds, int run, boolean withVendor)
      throws Exception {
    if (run % 2 == 0) {
      Duration ours = rounds.ours(run);
      return new Times(rounds.raw(run), vendor(rounds, run, withVendor), ours);
    }
    Duration raw = rounds.raw(run);
    Duration ours = rounds.ours(run);
    return new Times(raw, vendor(rounds, run, withVendor), ours);
  }

  /** Once before the rounds that count is enough: this process compiles its code soon. */
  private static Optional<Duration> vendor(Benchmark.Rounds rounds, int run, boolean wanted)
      throws Exception {
    return run == 1 || wanted ? rounds.vendor(run) : Optional.empty();
  }

  private static String vendorText(double rate) {
    return String.format(Locale.ROOT, ", vendor's client %,.0f rows/s", rate);
  }

  /** Ours has so many times the rows of raw; the ratio is of the times that the two take. */
  void runGrowth(Benchmark.Rounds rounds, int times) throws Exception {
    List<Double> small = new ArrayList<>();
    List<Double> large = new ArrayList<>();
    for (int run = 1; large.size() < options.rounds(); run++) {
      boolean counts = isWarm(run);
      double smallSeconds = seconds(rounds.raw(run));
      Duration largeTime = rounds.ours(run);
      warm = warm.plus(largeTime);
      double largeSeconds = seconds(largeTime);
      print(
          "%s: 1x %.2f s, %dx %.2f s",
          title(counts, large.size()), smallSeconds, times, largeSeconds);
      if (counts) {
        small.add(smallSeconds);
        large.add(largeSeconds);
      }
    }
    print(
        "median of %d rounds, %,d and %,d rows x %d f32: %.2f s and %.2f s",
        options.rounds(),
        options.rows() / times,
        options.rows(),
        options.dimension(),
        median(small),
        median(large));
    print("%s ratio %.2f", name, median(large) / median(small));
  }

  private boolean isWarm(int run) {
    return run > WARM_UP && warm.compareTo(WARM_UP_TIME) > 0;
  }

  private static String title(boolean counts, int before) {
    return counts ? "round " + (before + 1) : "warm-up";
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private double rate(Duration time) {
    return options.rows() / seconds(time);
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
