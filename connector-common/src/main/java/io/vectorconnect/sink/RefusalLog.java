package io.vectorconnect.sink;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the first refused record of each kind, and how many follow. */
final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);

  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Messages name columns and numbers, so that there are not many kinds. */
  private static final int MAX_KINDS = 1_000;

  private final LongSupplier clock;
  private final Set<String> kinds = new HashSet<>();
  private long unlogged;
  private long since;

  RefusalLog() {
    this(System::nanoTime);
  }

  RefusalLog(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Takes note of a refused record.
   *
   * @param reason what is wrong with it
   * @param located the same with the record's place
   * @return the line that is logged now; empty where there is none
   */
  synchronized String add(String topic, String reason, String located) {
    String kind = topic + ": " + NUMBER.matcher(reason).replaceAll("#");
    if (kinds.size() < MAX_KINDS && kinds.add(kind)) {
      return line("Errant record: %s. More of this kind are only counted".formatted(located));
    }
    since = unlogged == 0 ? clock.getAsLong() : since;
    unlogged++;
    return clock.getAsLong() - since < PAUSE_NANOS ? "" : rest();
  }

  /** Logs how many records were only counted since the last such line. */
  synchronized String rest() {
    if (unlogged == 0) {
      return "";
    }
    long count = unlogged;
    unlogged = 0;
    return line("%d more errant records of kinds that are in the log".formatted(count));
  }

  private static String line(String text) {
    log.warn("{}", text);
    return text;
  }
}
