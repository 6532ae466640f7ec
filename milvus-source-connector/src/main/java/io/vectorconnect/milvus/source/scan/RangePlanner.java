package io.vectorconnect.milvus.source.scan;

import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.source.range.RangePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Divides a collection into ranges of about as many rows each, by counting rows up to a key. Milvus
 * has no sample of keys to offer; a count reads one column and no vectors.
 *
 * <p>The last range, where new keys will arrive, has no rows yet: it must be read in strong
 * consistency, which is slow. So the greatest key closes the range before it, and not one beyond:
 * that would take in new keys.
 */
public final class RangePlanner {
  /** A bound may miss its place by a tenth of a range. */
  private static final int TOLERANCE = 10;

  private static final int FIRST_CHARACTER = 0x20;
  private static final int LAST_CHARACTER = 0x10FFFF;
  private static final int MAX_BOUND_LENGTH = 64;

  /** So many keys are gone through for the greatest one; of more, counts leave the last ones. */
  private static final int FEW = 100_000;

  /** Counts the rows whose key is at most the given one. */
  @FunctionalInterface
  public interface Count {
    long upTo(String key);
  }

  /** Finds the greatest key. */
  @FunctionalInterface
  interface Keys {
    /**
     * The greatest key above one (above none when null), or that one when there is none above it.
     */
    String greatest(String above);
  }

  private final KeyType type;
  private final Count count;

  public RangePlanner(KeyType type, Count count) {
    this.type = type;
    this.count = count;
  }

  /** A plan of at most {@code ranges} ranges for a collection of {@code rows} rows. */
  public RangePlan plan(long rows, int ranges) {
    return new RangePlan(bounds(rows, ranges));
  }

  /** The same, and a last range above the greatest key. */
  public RangePlan closedPlan(long rows, int ranges, Keys keys) {
    List<String> bounds = bounds(rows, ranges);
    long tolerance = tolerance(rows, ranges);
    if (rows / ranges > FEW) {
      addBound(bounds, rows - 1 - tolerance / 2, tolerance / 2);
    }
    String greatest = rows == 0 ? null : greatest(bounds, keys);
    if (greatest != null) {
      addAscending(bounds, closing(greatest));
    }
    return new RangePlan(bounds);
  }

  private List<String> bounds(long rows, int ranges) {
    List<String> bounds = new ArrayList<>();
    for (int i = 1; i < ranges && rows > 0; i++) {
      addBound(bounds, rows * i / ranges, tolerance(rows, ranges));
    }
    return bounds;
  }

  private static long tolerance(long rows, int ranges) {
    return Math.max(1, rows / ranges / TOLERANCE);
  }

  /** The greatest key, or null without any; takes away the bounds that no key is above. */
  private static String greatest(List<String> bounds, Keys keys) {
    while (true) {
      String above = bounds.isEmpty() ? null : bounds.get(bounds.size() - 1);
      String greatest = keys.greatest(above);
      if (above == null || !greatest.equals(above)) {
        return greatest;
      }
      bounds.remove(bounds.size() - 1);
    }
  }

  /** Every offset contains the bounds, so a long text is cut; its beginning comes before it. */
  private String closing(String greatest) {
    int length = greatest.codePointCount(0, greatest.length());
    return type == KeyType.VARCHAR && length > MAX_BOUND_LENGTH
        ? greatest.substring(0, greatest.offsetByCodePoints(0, MAX_BOUND_LENGTH))
        : greatest;
  }

  private void addBound(List<String> bounds, long target, long tolerance) {
    String bound =
        type == KeyType.INT64 ? numberBound(target, tolerance) : textBound(target, tolerance);
    addAscending(bounds, bound);
  }

  private void addAscending(List<String> bounds, String bound) {
    boolean ascends = bounds.isEmpty() || type.compare(bounds.get(bounds.size() - 1), bound) < 0;
    if (ascends) {
      bounds.add(bound);
    }
  }

  /** Counts so far, by key: each search starts where the searches before left off. */
  private final TreeMap<Long, Long> counted = new TreeMap<>();

  private String numberBound(long target, long tolerance) {
    long low = Long.MIN_VALUE;
    long high = Long.MAX_VALUE;
    for (var known : counted.entrySet()) {
      if (known.getValue() < target) {
        low = known.getKey();
      } else {
        high = known.getKey();
        break;
      }
    }
    while (low < high - 1 || (low < 0 && high > 0)) {
      long middle = (low & high) + ((low ^ high) >> 1); // the mean, without overflow
      long rows = count.upTo(Long.toString(middle));
      counted.put(middle, rows);
      if (Math.abs(rows - target) <= tolerance) {
        return Long.toString(middle);
      }
      if (middle == low) {
        break;
      }
      if (rows < target) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Long.toString(high);
  }

  /** Finds the bound character by character, each by bisection over all characters. */
  private String textBound(long target, long tolerance) {
    StringBuilder bound = new StringBuilder();
    while (bound.length() < MAX_BOUND_LENGTH) {
      int low = FIRST_CHARACTER;
      int high = LAST_CHARACTER;
      while (low < high) { // the last character with fewer rows than wanted
        int middle = (low + high + 1) >>> 1;
        String candidate = bound + character(middle);
        long rows = count.upTo(candidate);
        if (Math.abs(rows - target) <= tolerance) {
          return candidate;
        }
        if (rows < target) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      bound.append(character(low));
    }
    return bound.toString();
  }

  /** A character that can stand in a string: half a surrogate pair cannot. */
  private static String character(int codePoint) {
    boolean surrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return Character.toString(surrogate ? Character.MIN_SURROGATE - 1 : codePoint);
  }
}
