package io.vectorconnect.data;

import java.math.BigDecimal;
import org.apache.kafka.connect.errors.DataException;

/** Numbers on their way into a narrower type: the same number, or an error. */
public final class ExactNumber {
  /** Up to here a double holds every integer. */
  private static final double EXACT_INTEGERS = 0x1p53;

  private ExactNumber() {}

  /**
   * A whole number between two bounds. One that comes as a double is taken if it is whole: JSON
   * without schema knows one kind of numbers.
   *
   * @param target the type of the target, for the message
   */
  public static long integer(Object value, long min, long max, String target) {
    boolean whole =
        value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte
            || ((value instanceof Double || value instanceof Float)
                && isWhole(((Number) value).doubleValue()));
    if (!whole) {
      throw new DataException(
          "expected a whole number for %s, got a %s"
              .formatted(target, value.getClass().getSimpleName()));
    }
    long number = ((Number) value).longValue();
    if (number < min || number > max) {
      throw new DataException(
          "the number is out of the range of %s; use a wider type".formatted(target));
    }
    return number;
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) <= EXACT_INTEGERS;
  }

  /** A number as binary32. */
  public static float toFloat(Object value, String target) {
    Number number = number(value, target);
    float narrow = number.floatValue();
    if (value instanceof Float || isSame(number, narrow)) {
      return narrow;
    }
    throw inexact(value, target);
  }

  /** A number as binary64. */
  public static double toDouble(Object value, String target) {
    Number number = number(value, target);
    double wide = number.doubleValue();
    if (value instanceof Double || value instanceof Float || isSame(number, wide)) {
      return wide;
    }
    throw inexact(value, target);
  }

  private static Number number(Object value, String target) {
    if (value instanceof Number number) {
      return number;
    }
    throw new DataException(
        "expected a number for %s, got a %s".formatted(target, value.getClass().getSimpleName()));
  }

  private static boolean isSame(Number number, double other) {
    if (number instanceof Double wide && (wide.isNaN() || wide.isInfinite())) {
      return Double.compare(wide, other) == 0;
    }
    return !Double.isInfinite(other)
        && new BigDecimal(number.toString()).compareTo(new BigDecimal(other)) == 0;
  }

  private static DataException inexact(Object value, String target) {
    return new DataException(
        "%s cannot hold this %s exactly; use a wider type"
            .formatted(target, value.getClass().getSimpleName()));
  }
}
