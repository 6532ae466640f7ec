package io.vectorconnect.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.connect.errors.DataException;

/** Foreign forms of dense vectors. */
final class DenseForms {
  /** So many decimal digits tell any two floats apart. */
  private static final int MAX_DIGITS = 9;

  private static final List<RoundingMode> NEAREST_FIRST =
      List.of(RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.UP);

  private DenseForms() {}

  /** An ARRAY of numbers: float32 elements, or bits (booleans or 0 and 1) for a bit column. */
  static PackedVector list(List<?> elements, VectorType wanted, Set<LossyCast> casts) {
    if (wanted == VectorType.BINARY) {
      return BitForms.list(elements);
    }
    boolean mayRound = casts.contains(LossyCast.FLOAT64_TO_FLOAT32);
    byte[] bytes = new byte[VectorType.FLOAT.packedLength(elements.size())];
    int i = 0;
    for (Object element : elements) {
      LittleEndian.putFloat(bytes, i * Float.BYTES, toFloat(element, i, mayRound));
      i++;
    }
    return new PackedVector(VectorType.FLOAT, elements.size(), bytes);
  }

  /**
   * The float32 of one element.
   *
   * <p>A 64-bit number passes when it is the exact widening of a float32, or the decimal text of
   * one read at 64 bits (0.1f printed as 0.1 and parsed as a double: what Debezium makes of a
   * pgvector value). Any other one would be changed.
   */
  static float toFloat(Object element, long position, boolean mayRound) {
    if (element instanceof Float value) {
      return value;
    }
    if (!(element instanceof Number number)) {
      throw new DataException(
          "element %d of the vector is %s, expected a number"
              .formatted(
                  position, element == null ? "null" : "a " + element.getClass().getSimpleName()));
    }
    float value = number.floatValue();
    boolean overflow =
        Float.isInfinite(value) && !(number instanceof Double wide && wide.isInfinite());
    if (overflow || (!mayRound && !isExact(number, value))) {
      throw new DataException(
          "element %d of the vector is a 64-bit number that a 32-bit float cannot hold; %s"
              .formatted(
                  position,
                  overflow
                      ? "correct the record"
                      : "to round such numbers set vector.lossy.casts="
                          + LossyCast.FLOAT64_TO_FLOAT32.name().toLowerCase(Locale.ROOT)));
    }
    return value;
  }

  private static boolean isExact(Number number, float value) {
    if (number instanceof Double wide) {
      return wide == value
          || wide.isNaN()
          || Double.parseDouble(Float.toString(value)) == wide
          || isDecimalOf(value, decimal -> decimal.doubleValue() == wide);
    }
    BigDecimal exact =
        number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    return exact.compareTo(new BigDecimal(value)) == 0
        || exact.compareTo(new BigDecimal(Float.toString(value))) == 0
        || isDecimalOf(value, decimal -> decimal.compareTo(exact) == 0);
  }

  /**
   * Whether a float rounded to some number of digits, and still read back as itself, is {@code
   * same}. What databases print is among these; Float.toString often has a digit more before JDK
   * 19, and always two.
   */
  private static boolean isDecimalOf(float value, Predicate<BigDecimal> same) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits <= MAX_DIGITS; digits++) {
      for (RoundingMode mode : NEAREST_FIRST) {
        BigDecimal decimal = exact.round(new MathContext(digits, mode));
        if (decimal.floatValue() == value) {
          if (same.test(decimal)) {
            return true;
          }
          break;
        }
      }
    }
    return false;
  }

  /** pgvector's text form, {@code [1,2.5,3]}. */
  static PackedVector text(String text) {
    if (!text.endsWith("]")) {
      throw new DataException("expected a vector as text, [1,2,3], but it does not end with ]");
    }
    int end = text.length() - 1;
    if (text.substring(1, end).isBlank()) {
      return new PackedVector(VectorType.FLOAT, 0, new byte[0]);
    }
    int count = 1;
    for (int i = 1; i < end; i++) {
      if (text.charAt(i) == ',') {
        count++;
      }
    }
    byte[] bytes = new byte[VectorType.FLOAT.packedLength(count)];
    int from = 1;
    for (int i = 0; i < count; i++) {
      int comma = text.indexOf(',', from);
      int to = comma < 0 ? end : comma;
      LittleEndian.putFloat(bytes, i * Float.BYTES, FloatText.parse(text, from, to, i));
      from = to + 1;
    }
    return new PackedVector(VectorType.FLOAT, count, bytes);
  }

  /** One decimal number as float32, rounded once, as the databases do. */
  static float parse(String number, long position) {
    String text = number.strip();
    try {
      float value = Float.parseFloat(text);
      if (isDecimal(text)) {
        if (!Float.isInfinite(value)) {
          return value;
        }
        throw new DataException("element " + position + " of the vector's text is out of range");
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new DataException("element " + position + " of the vector's text is not a number");
  }

  /** Not one of Java's own forms: 1f, 0x1p0, NaN, Infinity. */
  private static boolean isDecimal(String number) {
    char last = number.charAt(number.length() - 1);
    return (last == '.' || (last >= '0' && last <= '9'))
        && number.indexOf('x') < 0
        && number.indexOf('X') < 0;
  }
}
