package io.vectorconnect.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * What the command line asks for.
 *
 * @param rows rows per round
 * @param dimension f32 elements per row
 * @param rounds rounds of each path
 * @param heap the Connect worker's largest heap
 * @param config keys of the connector, over the benchmark's own
 * @param jvm further JVM options of the worker
 * @param profile where the worker leaves a flight recording, or null
 */
record Options(
    int rows,
    int dimension,
    int rounds,
    String heap,
    Map<String, String> config,
    List<String> jvm,
    Path profile) {
  static final String USAGE =
      "[--rows N] [--dimension D] [--rounds R] [--heap 256m] [--config key=value]..."
          + " [--jvm OPTION]... [--profile FILE.jfr]";

  static Options parse(List<String> arguments) {
    int rows = 100_000;
    int dimension = 768;
    int rounds = 5;
    String heap = "2g";
    Map<String, String> config = new TreeMap<>();
    List<String> jvm = new ArrayList<>();
    Path profile = null;
    Deque<String> left = new ArrayDeque<>(arguments);
    while (!left.isEmpty()) {
      String option = left.pop();
      if (left.isEmpty()) {
        throw new UsageException(option + " needs a value");
      }
      String value = left.pop();
      switch (option) {
        case "--rows" -> rows = number(option, value, n -> n >= 1);
        case "--dimension" -> dimension = number(option, value, n -> n >= 1 && n <= 16_000);
        case "--rounds" -> rounds = number(option, value, n -> n >= 3);
        case "--heap" -> heap = value;
        case "--jvm" -> jvm.add(value);
        case "--profile" -> profile = Path.of(value).toAbsolutePath();
        case "--config" -> {
          int equals = value.indexOf('=');
          if (equals < 1) {
            throw new UsageException("--config needs key=value");
          }
          config.put(value.substring(0, equals), value.substring(equals + 1));
        }
        default -> throw new UsageException("no such option: " + option);
      }
    }
    return new Options(
        rows, dimension, rounds, heap, Map.copyOf(config), List.copyOf(jvm), profile);
  }

  private static int number(String option, String value, IntPredicate allowed) {
    try {
      int number = Integer.parseInt(value);
      if (allowed.test(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new UsageException(option + " cannot be " + value);
  }

  /** The command line is wrong. */
  static final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }
}
