package io.vectorconnect.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Foreign forms of sparse vectors. */
final class SparseForms {
  private static final long MAX_INDEX = 0xFFFFFFFFL;

  private SparseForms() {}

  /** Debezium's {@code SparseDoubleVector}: dimensions, and a map with indices from 1. */
  static PackedVector debezium(Struct struct, Set<LossyCast> casts) {
    return debezium(struct.get("dimensions"), struct.get("vector"), casts);
  }

  /**
   * A map of index (from 0) to value; also {@code {"indices":[…],"values":[…]}}, and Debezium's
   * struct as JSON.
   */
  static PackedVector map(Map<?, ?> map, int dimension, Set<LossyCast> casts) {
    if (map.get("indices") instanceof List<?> indices
        && map.get("values") instanceof List<?> values) {
      if (indices.size() != values.size()) {
        throw new DataException(
            "a sparse vector has %d indices and %d values"
                .formatted(indices.size(), values.size()));
      }
      Pairs pairs = new Pairs(indices.size(), 0, casts);
      for (int i = 0; i < indices.size(); i++) {
        pairs.add(indices.get(i), values.get(i));
      }
      return pairs.toVector(dimension);
    }
    if (map.get("dimensions") instanceof Number declared
        && map.get("vector") instanceof Map<?, ?> vector) {
      return debezium(declared, vector, casts);
    }
    return build(map, 0, dimension, casts);
  }

  private static PackedVector debezium(Object dimensions, Object vector, Set<LossyCast> casts) {
    if (dimensions instanceof Number number
        && number.intValue() > 0
        && number.intValue() == number.doubleValue()
        && vector instanceof Map<?, ?> map) {
      return build(map, 1, number.intValue(), casts);
    }
    throw new DataException(
        "expected a sparse vector's dimensions (a positive whole number) and vector (a map of index"
            + " to value)");
  }

  private static PackedVector build(Map<?, ?> map, int base, int dimension, Set<LossyCast> casts) {
    Pairs pairs = new Pairs(map.size(), base, casts);
    map.forEach(pairs::add);
    return pairs.toVector(dimension);
  }

  /** pgvector's text form, {@code {1:0.5,3:2}/10}, indices from 1; or {@code {0:0.5}} from 0. */
  static PackedVector text(String text, int dimension) {
    int close = text.indexOf('}');
    if (close < 0) {
      throw new DataException("expected a sparse vector as text, {1:0.5}/10, but it has no }");
    }
    String tail = text.substring(close + 1).strip();
    int declared = dimension;
    int base = 0;
    if (!tail.isEmpty()) {
      base = 1;
      try {
        declared = tail.startsWith("/") ? Integer.parseInt(tail.substring(1).strip()) : -1;
      } catch (NumberFormatException e) {
        declared = -1;
      }
      if (declared <= 0) {
        throw new DataException("expected a sparse vector as text, {1:0.5}/10, with a dimension");
      }
    }
    int end = close;
    while (end > 1 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    Pairs pairs = new Pairs(entries(text, end), base, Set.of());
    for (int from = 1; from < end; ) {
      int comma = text.indexOf(',', from);
      int to = comma < 0 || comma > end ? end : comma;
      int colon = text.indexOf(':', from);
      if (colon < 0 || colon > to) {
        throw new DataException("an entry of the sparse vector's text is not index:value");
      }
      pairs.add(wholeNumber(text, from, colon), FloatText.parse(text, colon + 1, to, pairs.count));
      from = to + 1;
      if (comma == end - 1) {
        throw new DataException("an entry of the sparse vector's text is not index:value");
      }
    }
    return pairs.toVector(declared);
  }

  private static int entries(String text, int end) {
    int count = 1;
    for (int i = 1; i < end; i++) {
      if (text.charAt(i) == ',') {
        count++;
      }
    }
    return end > 1 ? count : 0;
  }

  private static long wholeNumber(String text, int from, int to) {
    try {
      return Long.parseLong(text.substring(from, to).strip());
    } catch (NumberFormatException e) {
      throw new DataException("a sparse index is not a whole number");
    }
  }

  /** Collects pairs in any order; each long is (index, float bits) and so sorts by index. */
  private static final class Pairs {
    private final long[] pairs;
    private final int base;
    private final boolean mayRound;
    private int count;

    Pairs(int capacity, int base, Set<LossyCast> casts) {
      this.pairs = new long[capacity];
      this.base = base;
      this.mayRound = casts.contains(LossyCast.FLOAT64_TO_FLOAT32);
    }

    void add(Object index, Object value) {
      float element = DenseForms.toFloat(value, count, mayRound);
      put(index(index), element);
    }

    void add(long index, float value) {
      put(inRange(index), value);
    }

    private void put(long index, float element) {
      // The sign bit flipped makes the signed sort of longs an unsigned one of indices.
      long key = (index << 32) ^ Long.MIN_VALUE;
      pairs[count++] = key | Integer.toUnsignedLong(Float.floatToRawIntBits(element));
    }

    private long index(Object index) {
      long position;
      try {
        position =
            index instanceof Number number ? exact(number) : Long.parseLong(String.valueOf(index));
      } catch (NumberFormatException | ArithmeticException e) {
        throw new DataException("a sparse index is not a whole number");
      }
      return inRange(position);
    }

    private long inRange(long given) {
      long position = given - base;
      if (position < 0 || position > MAX_INDEX) {
        throw new DataException("a sparse index is out of range; indices here start at " + base);
      }
      return position;
    }

    private static long exact(Number number) {
      long whole = number.longValue();
      if (number.doubleValue() != whole) {
        throw new ArithmeticException();
      }
      return whole;
    }

    PackedVector toVector(int dimension) {
      Arrays.sort(pairs);
      int[] indices = new int[count];
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        indices[i] = (int) ((pairs[i] ^ Long.MIN_VALUE) >>> 32);
        values[i] = Float.intBitsToFloat((int) pairs[i]);
      }
      return PackedVector.ofSparse(dimension, indices, values);
    }
  }
}
