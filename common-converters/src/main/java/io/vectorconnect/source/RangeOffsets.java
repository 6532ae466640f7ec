package io.vectorconnect.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * The source offsets of one collection, a source partition for each range.
 *
 * <p>An offset holds the last key that was published and the whole plan: whichever range commits
 * first, its offset tells every later start how the collection was divided.
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

  private final Map<String, String> collection;
  private final RangePlan plan;
  private final String planJson;
  private final Map<Integer, Map<String, String>> positions;

  /** What every offset holds beside the plan. */
  private final Map<String, String> bonds;

  private RangeOffsets(
      Map<String, String> collection,
      RangePlan plan,
      Map<Integer, Map<String, String>> positions,
      Map<String, String> bonds) {
    this.collection = collection;
    this.plan = plan;
    this.planJson = plan.toJson();
    this.positions = positions;
    this.bonds = bonds;
  }

  /**
   * What the stored offsets say about a collection, or empty when it was never scanned.
   *
   * @param collection what names the collection in a source partition
   * @throws ConnectException when offsets of two different plans are stored
   */
  public static Optional<RangeOffsets> stored(
      OffsetStorageReader reader, Map<String, String> collection) {
    List<Map<String, String>> partitions = new ArrayList<>();
    for (int i = 0; i < RangePlan.MAX_RANGES; i++) {
      partitions.add(partition(collection, i));
    }
    Map<Map<String, String>, Map<String, Object>> offsets = reader.offsets(partitions);
    String plan = null;
    Map<Integer, Map<String, String>> positions = new TreeMap<>();
    for (int i = 0; i < partitions.size(); i++) {
      Map<String, Object> offset = offsets.get(partitions.get(i));
      if (offset == null) {
        continue;
      }
      String itsPlan = (String) offset.get(PLAN);
      if (plan != null && !plan.equals(itsPlan)) {
        throw new ConnectException(
            "the offsets of %s belong to two different range plans; stop the connector, and reset its offsets to scan again"
                .formatted(collection));
      }
      plan = itsPlan;
      Map<String, String> position = new HashMap<>();
      offset.forEach((key, value) -> position.put(key, (String) value));
      position.remove(PLAN);
      positions.put(i, position);
    }
    return Optional.ofNullable(plan)
        .map(json -> new RangeOffsets(collection, RangePlan.fromJson(json), positions, Map.of()));
  }

  /** The offsets of a collection that is scanned for the first time. */
  public static RangeOffsets fresh(Map<String, String> collection, RangePlan plan) {
    return new RangeOffsets(collection, plan, Map.of(), Map.of());
  }

  /**
   * The same offsets, bound to what they are of: every one that is made from now on says so, and
   * none that says otherwise is gone on from. One that says nothing is of an older version.
   *
   * @param bonds names of what must stay as it is, and how it is now; no name is one of a position
   * @throws ConnectException when it was otherwise when an offset was stored
   */
  public RangeOffsets bound(Map<String, String> bonds) {
    for (Map<String, String> position : positions.values()) {
      bonds.forEach(
          (name, now) -> {
            String then = position.getOrDefault(name, now);
            if (!then.equals(now)) {
              throw new ConnectException(
                  "the offsets of %s were stored when its %s was \"%s\"; now it is \"%s\", and what was not read then would never be; reset the connector's offsets to scan anew"
                      .formatted(collection, name, then, now));
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
    return new RangeOffsets(collection, plan, bare, Map.copyOf(bonds));
  }

  /** How the collection is divided. */
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
    return partition(collection, range.index());
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

  private static Map<String, String> partition(Map<String, String> collection, int range) {
    Map<String, String> partition = new HashMap<>(collection);
    partition.put(RANGE, Integer.toString(range));
    return partition;
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
