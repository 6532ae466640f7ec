package io.vectorconnect.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** Key of an offset: the last published key, as text. */
  public static final String LAST = "last";

  private static final Set<String> OWN = Set.of(PLAN, LAST);
  private static final String NOTE = "note.";

  private final Map<String, String> collection;
  private final RangePlan plan;
  private final String planJson;
  private final Map<Integer, Map<String, Object>> stored;
  private final Map<String, String> facts;

  private RangeOffsets(
      Map<String, String> collection,
      RangePlan plan,
      Map<Integer, Map<String, Object>> stored,
      Map<String, String> facts) {
    this.collection = collection;
    this.plan = plan;
    this.planJson = plan.toJson();
    this.stored = stored;
    this.facts = Map.copyOf(facts);
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
    Map<Integer, Map<String, Object>> stored = new TreeMap<>();
    Map<String, String> facts = new TreeMap<>();
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
      stored.put(i, offset);
      offset.forEach(
          (name, value) -> {
            if (!OWN.contains(name) && !name.startsWith(NOTE)) {
              facts.put(name, String.valueOf(value));
            }
          });
    }
    return Optional.ofNullable(plan)
        .map(json -> new RangeOffsets(collection, RangePlan.fromJson(json), stored, facts));
  }

  /** The offsets of a collection that is scanned for the first time. */
  public static RangeOffsets fresh(Map<String, String> collection, RangePlan plan) {
    return fresh(collection, plan, Map.of());
  }

  /**
   * The offsets of a collection that is scanned for the first time.
   *
   * @param facts what is to be remembered from this moment on, such as the time; every offset
   *     repeats it
   */
  public static RangeOffsets fresh(
      Map<String, String> collection, RangePlan plan, Map<String, String> facts) {
    return new RangeOffsets(collection, plan, Map.of(), facts);
  }

  /** A fact that the first scan left behind, if it did. */
  public Optional<String> fact(String name) {
    return Optional.ofNullable(facts.get(name));
  }

  /** How the collection is divided. */
  public RangePlan plan() {
    return plan;
  }

  /** The last published key of a range, or null before its first one. */
  public String lastKey(KeyRange range) {
    return own(range, LAST).orElse(null);
  }

  /** A note that this range's last offset left, see {@link #offset(String, String, String)}. */
  public Optional<String> note(KeyRange range, String name) {
    return own(range, NOTE + name);
  }

  private Optional<String> own(KeyRange range, String name) {
    return Optional.ofNullable(stored.get(range.index()))
        .map(offset -> offset.get(name))
        .map(String::valueOf);
  }

  /** The source partition of a range. */
  public Map<String, String> partition(KeyRange range) {
    return partition(collection, range.index());
  }

  /** The offset that says: published up to and including this key. */
  public Map<String, String> offset(String lastKey) {
    Map<String, String> offset = new HashMap<>(facts);
    offset.put(PLAN, planJson);
    offset.put(LAST, lastKey);
    return offset;
  }

  /** The same, with a note that belongs to the range alone. */
  public Map<String, String> offset(String lastKey, String note, String value) {
    Map<String, String> offset = offset(lastKey);
    offset.put(NOTE + note, value);
    return offset;
  }

  private static Map<String, String> partition(Map<String, String> collection, int range) {
    Map<String, String> partition = new HashMap<>(collection);
    partition.put(RANGE, Integer.toString(range));
    return partition;
  }

  /** What is wrong with an offset that a user wants to store, if anything. */
  public static Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
    if (!(partition.get(RANGE) instanceof String range) || !range.matches("0|[1-9]\\d{0,2}")) {
      return Optional.of("a source partition needs \"range\": a number as text");
    }
    if (offset == null) {
      return Optional.empty(); // a reset
    }
    if (!(offset.get(LAST) instanceof String) || !(offset.get(PLAN) instanceof String plan)) {
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
