package io.vectorconnect.source.range;

import io.vectorconnect.source.SourcePartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * The offsets that are stored for one {@link ScanUnit}, by plan and range.
 *
 * <p>All offsets usually belong to one plan. A task that was slow to stop can store an offset of an
 * older plan later; then there are two.
 */
public final class StoredRanges {
  /** The number of keys that one request for offsets contains: its memory is bounded. */
  private static final int LOOKUP = 20_000;

  private final ScanUnit unit;

  /** Positions by range, by plan. */
  private final Map<RangePlan, Map<Integer, Map<String, String>>> plans = new LinkedHashMap<>();

  private boolean isInOldOrder;

  private StoredRanges(ScanUnit unit) {
    this.unit = unit;
  }

  /**
   * Reads the offsets of some units, in the order of fields that is written now and, where that has
   * none, in every order that older versions could write.
   */
  public static Map<String, StoredRanges> read(
      OffsetStorageReader reader, Collection<ScanUnit> units) {
    return read(reader, units, true);
  }

  /** Reads the offsets of one unit. */
  public static StoredRanges read(OffsetStorageReader reader, ScanUnit unit) {
    return read(reader, List.of(unit)).get(unit.name());
  }

  /** Reads only what this version writes. */
  static Map<String, StoredRanges> readCurrent(
      OffsetStorageReader reader, Collection<ScanUnit> units) {
    return read(reader, units, false);
  }

  private static Map<String, StoredRanges> read(
      OffsetStorageReader reader, Collection<ScanUnit> units, boolean inEveryOrder) {
    Map<String, StoredRanges> stored = new TreeMap<>();
    List<Lookup> chunk = new ArrayList<>();
    for (ScanUnit unit : units) {
      StoredRanges ranges = new StoredRanges(unit);
      stored.put(unit.name(), ranges);
      for (int i = 0; i < unit.maxRanges(); i++) {
        chunk.add(new Lookup(ranges, i, unit.partition(i)));
        if (chunk.size() == LOOKUP) {
          look(reader, chunk, inEveryOrder);
        }
      }
    }
    look(reader, chunk, inEveryOrder);
    return stored;
  }

  private record Lookup(StoredRanges into, int range, SourcePartition partition) {
    void take(Map<String, Object> offset, boolean inOldOrder) {
      if (offset != null) {
        into.isInOldOrder |= into.add(range, offset) && inOldOrder;
      }
    }
  }

  /**
   * Maps of equal fields are equal whatever their order is, so each order needs a request of its
   * own.
   */
  private static void look(OffsetStorageReader reader, List<Lookup> chunk, boolean inEveryOrder) {
    look(reader, chunk, chunk.stream().map(lookup -> lookup.partition.toMap()).toList(), false);
    List<Lookup> left = inEveryOrder ? List.copyOf(chunk) : List.of();
    for (int order = 0; !left.isEmpty(); order++) {
      List<Lookup> having = new ArrayList<>();
      List<Map<String, String>> partitions = new ArrayList<>();
      for (Lookup lookup : left) {
        List<Map<String, String>> others = lookup.partition.otherOrders();
        if (order < others.size()) {
          having.add(lookup);
          partitions.add(others.get(order));
        }
      }
      look(reader, having, partitions, true);
      left = having;
    }
    chunk.clear();
  }

  private static void look(
      OffsetStorageReader reader,
      List<Lookup> chunk,
      List<Map<String, String>> partitions,
      boolean inOldOrder) {
    if (partitions.isEmpty()) {
      return;
    }
    Map<Map<String, String>, Map<String, Object>> offsets = reader.offsets(partitions);
    for (int i = 0; i < partitions.size(); i++) {
      chunk.get(i).take(offsets.get(partitions.get(i)), inOldOrder);
    }
  }

  /** Adds an offset, unless there is one of its plan and range, and says whether it did. */
  private boolean add(int range, Map<String, Object> offset) {
    Map<String, String> position = new HashMap<>();
    offset.forEach((key, value) -> position.put(key, (String) value));
    String plan = position.remove(RangeOffsets.PLAN);
    if (plan == null) {
      throw new ConnectException(
          "an offset of %s has no range plan (\"%s\"); reset the connector's offsets to scan again"
              .formatted(unit.partition(range), RangeOffsets.PLAN));
    }
    return plans
            .computeIfAbsent(RangePlan.fromJson(plan), p -> new TreeMap<>())
            .putIfAbsent(range, position)
        == null;
  }

  /** Whether no offset is stored. */
  public boolean isEmpty() {
    return plans.isEmpty();
  }

  /**
   * The plan to follow: the one of which most ranges have an offset. Among equals it is the one
   * with the smallest fingerprint, so that every caller finds the same.
   */
  Optional<RangePlan> plan() {
    return plans.keySet().stream()
        .min(
            Comparator.comparing((RangePlan plan) -> -plans.get(plan).size())
                .thenComparing(RangePlan::fingerprint));
  }

  /** Whether some offsets are known only in an order that REST cannot list or reset. */
  boolean isInOldOrder() {
    return isInOldOrder;
  }

  /** Whether offsets of more than one plan are stored. */
  public boolean hasSeveralPlans() {
    return plans.size() > 1;
  }

  /** Whether an offset of this plan is stored. */
  boolean has(RangePlan plan) {
    return plans.containsKey(plan);
  }

  /** The fingerprints of all plans except one. */
  Set<String> otherThan(RangePlan plan) {
    return plans.keySet().stream()
        .filter(other -> !other.equals(plan))
        .map(RangePlan::fingerprint)
        .collect(Collectors.toSet());
  }

  /** The positions of one plan, by range. */
  Map<Integer, Map<String, String>> positions(RangePlan plan) {
    return plans.getOrDefault(plan, Map.of());
  }

  /** The positions of all plans. */
  public List<Map<String, String>> positions() {
    return plans.values().stream().flatMap(ranges -> ranges.values().stream()).toList();
  }

  /** What they are stored for. */
  ScanUnit unit() {
    return unit;
  }
}
