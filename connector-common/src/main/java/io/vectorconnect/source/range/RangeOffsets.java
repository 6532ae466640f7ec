package io.vectorconnect.source.range;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/**
 * The source offsets of one {@link ScanUnit} under one plan, with a source partition for each
 * range.
 *
 * <p>An offset contains the last key that was published and the whole plan. So whichever range
 * commits first, its offset shows every later start how the unit was divided.
 */
public final class RangeOffsets {
  /** Key of a source partition: the number of the range, as text. */
  public static final String RANGE = "range";

  /** Key of an offset: the plan as JSON. */
  public static final String PLAN = "plan";

  /** Key of an offset: the last published key, as text; absent where there was none. */
  public static final String LAST = "last";

  /** Key of an offset: that the first scan of the range is over. */
  public static final String SCANNED = "scanned";

  private final ScanUnit unit;
  private final RangePlan plan;
  private final String planJson;
  private final Map<Integer, Map<String, String>> positions;

  /** What every offset contains beside the plan and the position. */
  private final Map<String, String> bonds;

  private final Runnable confirmation;

  private RangeOffsets(
      ScanUnit unit,
      RangePlan plan,
      Map<Integer, Map<String, String>> positions,
      Map<String, String> bonds,
      Runnable confirmation) {
    this.unit = unit;
    this.plan = plan;
    this.planJson = plan.toJson();
    this.positions = positions;
    this.bonds = bonds;
    this.confirmation = confirmation;
  }

  /**
   * The offsets of a plan that are stored. Ranges without one are scanned from their beginning.
   *
   * @param confirmation see {@link #confirm}
   */
  static RangeOffsets of(StoredRanges stored, RangePlan plan, Runnable confirmation) {
    return new RangeOffsets(stored.unit(), plan, stored.positions(plan), Map.of(), confirmation);
  }

  /** The offsets of a unit that is scanned for the first time. */
  public static RangeOffsets fresh(ScanUnit unit, RangePlan plan) {
    return new RangeOffsets(unit, plan, Map.of(), Map.of(), () -> {});
  }

  /**
   * Checks once more that no offset of another plan is stored. Call it before a range is reported
   * as read to its end, while nothing has changed that another call would not do again.
   *
   * @throws OtherPlanException when there is one that the connector did not know of; {@link
   *     ReaderLoop} asks the reader again
   */
  public void confirm() {
    confirmation.run();
  }

  /**
   * The same offsets, bound to settings or identities that must not change. Every offset that is
   * made from now on contains them. Stored offsets that contain other values are refused; those
   * that contain none were written by an older version.
   *
   * @param bonds the values by name; no name is that of a part of a position
   * @throws ConnectException when an offset was stored with another value
   */
  public RangeOffsets bound(Map<String, String> bonds) {
    for (Map<String, String> position : positions.values()) {
      bonds.forEach(
          (name, now) -> {
            String then = position.getOrDefault(name, now);
            if (!then.equals(now)) {
              throw new ConnectException(
                  "the offsets of %s were stored when its %s was \"%s\"; now it is \"%s\", and rows that were not read then would never be read; reset the connector's offsets to scan again"
                      .formatted(unit.name(), name, then, now));
            }
          });
    }
    Map<Integer, Map<String, String>> bare = new TreeMap<>(positions);
    bare.replaceAll(
        (range, position) -> {
          Map<String, String> rest = new HashMap<>(position);
          rest.keySet().removeAll(bonds.keySet());
          return rest;
        });
    return new RangeOffsets(unit, plan, bare, Map.copyOf(bonds), confirmation);
  }

  /** How the unit is divided. */
  public RangePlan plan() {
    return plan;
  }

  /** The last published key of a range, or null before its first one. */
  public String lastKey(KeyRange range) {
    return position(range).get(LAST);
  }

  /** What the offset of a range holds beside the plan; nothing before the first one. */
  public Map<String, String> position(KeyRange range) {
    return positions.getOrDefault(range.index(), Map.of());
  }

  /** The positions of all ranges that have one. */
  public Collection<Map<String, String>> positions() {
    return positions.values();
  }

  /** The source partition of a range. */
  public Map<String, String> partition(KeyRange range) {
    return unit.partition(range.index()).toMap();
  }

  /** The offset that says: published up to and including this key. */
  public Map<String, String> offset(String lastKey) {
    return offset(Map.of(LAST, lastKey));
  }

  /** The offset of a range whose position is more than its last key. */
  public Map<String, String> offset(Map<String, String> position) {
    Map<String, String> offset = new HashMap<>(position);
    offset.putAll(bonds);
    offset.put(PLAN, planJson);
    return offset;
  }

  /** What is wrong with an offset that a user wants to store, if anything. */
  public static Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
    return problem(partition, offset, false);
  }

  /**
   * The same for a source whose positions say by themselves when no key was published.
   *
   * @param mayLackLast whether this one does
   */
  public static Optional<String> problem(
      Map<String, ?> partition, Map<String, ?> offset, boolean mayLackLast) {
    if (!(partition.get(RANGE) instanceof String range) || !range.matches("0|[1-9]\\d{0,2}")) {
      return Optional.of("a source partition needs \"range\": a number as text");
    }
    if (offset == null) {
      return Optional.empty(); // a reset
    }
    boolean lastIsRight =
        offset.get(LAST) instanceof String || (mayLackLast && !offset.containsKey(LAST));
    if (!lastIsRight || !(offset.get(PLAN) instanceof String plan)) {
      return Optional.of("an offset needs \"last\" (a key) and \"plan\" (a JSON array), as text");
    }
    try {
      return Integer.parseInt(range) < RangePlan.fromJson(plan).size()
          ? Optional.empty()
          : Optional.of("range " + range + " is not one of its plan");
    } catch (DataException e) {
      return Optional.of(e.getMessage());
    }
  }
}
