package io.vectorconnect.weaviate.source;

import io.vectorconnect.source.KeyRange;
import io.vectorconnect.source.RangeOffsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The source offsets of one range: the last UUID published, when the scan of its collection began,
 * and how far its changes are published. Times are the server's, in milliseconds since 1970.
 */
final class ScanOffsets {
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

  /** What is wrong with an offset that a user wants to store, if anything. */
  static Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
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
