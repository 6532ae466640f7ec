package io.vectorconnect.weaviate.source.scan;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** UUIDs as unsigned numbers of 128 bits, which is the order in which Weaviate's cursor goes. */
final class Uuids {
  private static final BigInteger END = BigInteger.ONE.shiftLeft(128);

  /** Probes for the largest UUID: one a bit, for UUIDs may lie close together. */
  /** The text of a UUID as Weaviate tells it. */
  static final String PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private static final int PROBES = 128;

  private Uuids() {}

  /** The number of a UUID. */
  static BigInteger number(String id) {
    return new BigInteger(id.replace("-", ""), 16);
  }

  /** The text of a number, in lower case. */
  static String text(BigInteger number) {
    return new UUID(number.shiftRight(64).longValue(), number.longValue()).toString();
  }

  /**
   * Bounds that divide the span of the existing UUIDs evenly: random ones evenly by count, those
   * that grow with time by time. The last bound is the last existing UUID.
   *
   * @param ranges how many ranges are wanted
   * @param next the first existing UUID after another, or after null
   * @return at most so many bounds, ascending; none where nothing exists
   */
  static List<String> bounds(int ranges, Function<String, Optional<String>> next) {
    Optional<String> first = next.apply(null);
    if (first.isEmpty()) {
      return List.of();
    }
    BigInteger low = number(first.get());
    BigInteger last = last(low, next);
    BigInteger width = last.subtract(low).add(BigInteger.ONE);
    List<String> bounds = new ArrayList<>();
    for (int i = 1; i < ranges; i++) {
      BigInteger step = width.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(ranges));
      if (step.signum() > 0) {
        String bound = text(low.add(step).subtract(BigInteger.ONE));
        if (bounds.isEmpty() || !bounds.get(bounds.size() - 1).equals(bound)) {
          bounds.add(bound);
        }
      }
    }
    bounds.add(text(last));
    return bounds;
  }

  private static BigInteger last(BigInteger first, Function<String, Optional<String>> next) {
    BigInteger low = first;
    BigInteger high = END;
    for (int i = 0; i < PROBES && high.subtract(low).compareTo(BigInteger.ONE) > 0; i++) {
      BigInteger middle = low.add(high).shiftRight(1);
      Optional<String> found = next.apply(text(middle));
      if (found.isPresent()) {
        low = number(found.get());
        if (next.apply(found.get()).isEmpty()) {
          return low;
        }
      } else {
        high = middle;
      }
    }
    return low;
  }
}
