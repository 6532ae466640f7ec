package io.vectorconnect.oceanbase.source;

import io.vectorconnect.source.range.RangeOffsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;

/**
 * Where the reading of a range stands. It says what was published, exactly: everything up to and
 * including the last key of its phase.
 *
 * @param phase what is being read
 * @param since the SCN at which the published rows are the table's, but for those of this phase; in
 *     {@link Phase#SNAPSHOT}, the first one that was read at: what changed after it is still to
 *     come
 * @param upper the SCN at which the phase reads; 0 where it is {@code since}
 * @param last the last published key of the phase, or null before the first; in {@link
 *     Phase#STAMPED}, the row's stamp and then its key
 * @param stamps what the rows said of when they were changed
 */
record Position(Phase phase, long since, long upper, Key last, Stamps stamps) {
  static final String PHASE = "phase";
  static final String SINCE = "since";
  static final String UPPER = "upper";
  private static final String STAMP = "stamp";
  private static final String SEEN = "seen";

  /** No stamp is known. */
  static final long NONE = Long.MIN_VALUE;

  /**
   * The newest stamps that were published, in microseconds since 1970, or {@link #NONE}.
   *
   * @param before before the phase: what is looked for depends on it, so it stays as it is
   * @param seen in the phase, as far as it was read
   */
  record Stamps(long before, long seen) {
    static final Stamps UNKNOWN = new Stamps(NONE, NONE);

    Stamps with(long stamp) {
      return new Stamps(before, Math.max(seen, stamp));
    }

    /** At the end of a phase. */
    Stamps settled() {
      return new Stamps(Math.max(before, seen), NONE);
    }
  }

  /** What is being read. */
  enum Phase {
    /** Every row, at SCN {@code since}, or, when the server had lost that, at {@code upper}. */
    SNAPSHOT,
    /** Nothing: everything up to {@code since} is published. */
    IDLE,
    /** Rows that changed after {@code since}, as they are at {@code upper}. */
    CHANGES,
    /** Rows that were there at {@code since} and are not at {@code upper}. */
    DELETES,
    /** Rows that changed after {@code since} and whose stamp says so, as they are at the upper. */
    STAMPED,
    /** Rows with keys above the last one, as they are now. */
    NEW_KEYS
  }

  static Position snapshot(long scn) {
    return new Position(Phase.SNAPSHOT, scn, 0, null, Stamps.UNKNOWN);
  }

  /** Everything up to an SCN is published. */
  Position idle(long scn) {
    return new Position(Phase.IDLE, scn, 0, null, stamps.settled());
  }

  /** Another phase, of which nothing was read yet. */
  Position begin(Phase next, long nextUpper) {
    return new Position(next, since, nextUpper, null, stamps);
  }

  /** The same place, from where on it is read at another SCN; what changes are due stays. */
  Position readAt(long scn) {
    return new Position(phase, since, scn, last, stamps);
  }

  /** The SCN at which the phase reads. */
  long scn() {
    return upper == 0 ? since : upper;
  }

  Position after(Key key) {
    return new Position(phase, since, upper, key, stamps);
  }

  /** A row was published that says when it was changed. */
  Position seen(long stamp) {
    return new Position(phase, since, upper, last, stamps.with(stamp));
  }

  /** The form in an offset. */
  Map<String, String> toOffset() {
    Map<String, String> offset = new HashMap<>();
    offset.put(PHASE, phase.name().toLowerCase(Locale.ROOT));
    offset.put(SINCE, Long.toString(since));
    offset.put(UPPER, Long.toString(upper));
    offset.put(RangeOffsets.LAST, last == null ? "" : last.toJson());
    if (stamps.before != NONE) {
      offset.put(STAMP, Long.toString(stamps.before));
    }
    if (stamps.seen != NONE) {
      offset.put(SEEN, Long.toString(stamps.seen));
    }
    return offset;
  }

  /**
   * Reads {@link #toOffset} back.
   *
   * @return empty for an offset that does not exist
   * @throws DataException when it is none of ours
   */
  static Optional<Position> fromOffset(Map<String, ?> offset) {
    if (!offset.containsKey(PHASE)) {
      return Optional.empty();
    }
    try {
      String last = (String) offset.get(RangeOffsets.LAST);
      return Optional.of(
          new Position(
              Phase.valueOf(offset.get(PHASE).toString().toUpperCase(Locale.ROOT)),
              Long.parseLong((String) offset.get(SINCE)),
              Long.parseLong((String) offset.get(UPPER)),
              last == null || last.isEmpty() ? null : Key.fromJson(last),
              new Stamps(stamp(offset.get(STAMP)), stamp(offset.get(SEEN)))));
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new DataException(
          "an offset needs \"phase\", \"since\" and \"upper\" (SCNs) as this connector wrote them");
    }
  }

  private static long stamp(Object text) {
    return text == null ? NONE : Long.parseLong((String) text);
  }
}
