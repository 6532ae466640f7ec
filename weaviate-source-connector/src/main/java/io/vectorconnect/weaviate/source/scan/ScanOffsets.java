package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.RangePlan;
import io.vectorconnect.source.range.RangeProgress;
import io.vectorconnect.source.range.StoredRanges;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The source offsets of one range: the last UUID published, when the scan of its collection began,
 * and how far its changes are published. Times are the server's, in milliseconds since 1970.
 */
public final class ScanOffsets {
  /** Key of an offset: when the scan began; the same in all ranges of a collection or tenant. */
  static final String SINCE = "since";

  /** Key of an offset: how far the changes are published; absent before the first one. */
  static final String TIME = "time";

  private final RangeOffsets offsets;
  private final KeyRange range;
  private final Optional<String> since;

  /**
   * The offsets of a range.
   *
   * @param now when a scan begins that has no offset yet
   */
  ScanOffsets(RangeOffsets offsets, KeyRange range, String now) {
    this.offsets = offsets;
    this.range = range;
    this.since =
        offsets.positions().isEmpty()
            ? Optional.of(now)
            : offsets.positions().stream()
                .flatMap(position -> Optional.ofNullable(position.get(SINCE)).stream())
                .findFirst();
  }

  KeyRange range() {
    return range;
  }

  /** How far the range was read, across restarts. */
  RangeProgress progress() {
    return new RangeProgress(offsets, range);
  }

  /** Checks once more that no offset of another plan is stored; see {@link RangeOffsets}. */
  void confirm() {
    offsets.confirm();
  }

  /** How many ranges the collection or tenant has. */
  int ranges() {
    return offsets.plan().size();
  }

  Map<String, String> partition() {
    return offsets.partition(range);
  }

  /** The last UUID that was published, or null before the first one. */
  String lastKey() {
    return offsets.lastKey(range);
  }

  /**
   * When the scan began.
   *
   * @throws ConnectException when the stored offsets do not tell
   */
  long since() {
    return Long.parseLong(
        since.orElseThrow(
            () ->
                new ConnectException(
                    "the offsets of %s do not tell when its scan began (\"since\"); reset them to scan again"
                        .formatted(partition()))));
  }

  /** How far the changes were published. */
  OptionalLong time() {
    String time = offsets.position(range).get(TIME);
    return time == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(time));
  }

  /** The offset that says: published up to and including this UUID. */
  Map<String, String> scanned(String id) {
    return offsets.offset(
        since
            .map(began -> Map.of(RangeOffsets.LAST, id, SINCE, began))
            .orElseGet(() -> Map.of(RangeOffsets.LAST, id)));
  }

  /** The same, with all changes up to a time. */
  Map<String, String> changed(String id, long time) {
    Map<String, String> offset = scanned(id);
    offset.put(TIME, Long.toString(time));
    return offset;
  }

  /**
   * The same offsets, bound to the limit of rows that their plan was made with, if there is one.
   */
  static RangeOffsets limited(WeaviateSourceConfig config, RangeOffsets offsets) {
    return config.rowLimit() == 0
        ? offsets
        : offsets.bound(Map.of(WeaviateSourceConfig.ROW_LIMIT, Long.toString(config.rowLimit())));
  }

  /**
   * Checks that a limit of rows can be applied. A plan is made with it, so it cannot be set or
   * changed later; when it is taken away, the rest is read.
   *
   * @throws ConnectException when offsets are stored that another limit or none applied to
   */
  public static void requireLimit(
      WeaviateSourceConfig config, Scope scope, RangePlan plan, StoredRanges stored) {
    String now = Long.toString(config.rowLimit());
    for (Map<String, String> position : stored.positions()) {
      String then = position.get(WeaviateSourceConfig.ROW_LIMIT);
      // An older version stored no limit; its plan had a range for the rows within, and the rest.
      boolean isApplied = then == null ? plan.size() == 2 : then.equals(now);
      if (config.rowLimit() > 0 && !isApplied) {
        throw new ConnectException(
            "%s=%s cannot be applied to %s, of which objects were read with %s; reset the connector's offsets to scan again, or set it back"
                .formatted(
                    WeaviateSourceConfig.ROW_LIMIT,
                    now,
                    scope.told(),
                    then == null ? "no limit" : "a limit of " + then));
      }
    }
  }

  /** What is wrong with an offset that a user wants to store, if anything. */
  public static Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
    Optional<String> problem = RangeOffsets.problem(partition, offset);
    if (problem.isPresent() || offset == null) {
      return problem;
    }
    if (!offset.get(RangeOffsets.LAST).toString().matches(Uuids.PATTERN)) {
      return Optional.of("\"last\" must be a UUID in lower case");
    }
    boolean times = isTime(offset.get(SINCE)) && isTime(offset.get(TIME));
    return times
        ? Optional.empty()
        : Optional.of("\"since\" and \"time\" must be milliseconds since 1970, as text");
  }

  private static boolean isTime(Object value) {
    return value == null || (value instanceof String text && text.matches("\\d{1,15}"));
  }
}
