package io.vectorconnect.data;

/**
 * Decimal text to float32, correctly rounded, without garbage.
 *
 * <p>Databases print a float in at most 9 significant digits. Such a number is a whole number
 * divided or multiplied by a power of ten, both exact as doubles, so that the double is the
 * correctly rounded one (Clinger's fast path). Rounding it once more, to a float, goes wrong only
 * where it lies just between two floats; this, small magnitudes and anything unusual are left to
 * {@link Float#parseFloat}.
 */
final class FloatText {
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** So many digits make a whole number below 2^53. */
  private static final int MAX_DIGITS = 15;

  /** The bits of a double's fraction that a float has not, and the midpoint among them. */
  private static final long BEYOND_FLOAT = (1L << 29) - 1;

  private static final long MIDPOINT = 1L << 28;

  private FloatText() {}

  /**
   * The float that {@code text} tells between two positions.
   *
   * @param position the element's number, for the message
   */
  static float parse(String text, int from, int to, long position) {
    int at = from;
    boolean negative = at < to && text.charAt(at) == '-';
    if (negative) {
      at++;
    }
    long digits = 0;
    int count = 0;
    int decimals = 0;
    boolean point = false;
    char c = 0;
    while (at < to) {
      c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        digits = digits * 10 + (c - '0');
        count++;
        decimals += point ? 1 : 0;
      } else if (c == '.' && !point && count > 0) {
        point = true;
      } else {
        break;
      }
      at++;
    }
    if (count == 0 || count > MAX_DIGITS || (point && decimals == 0)) {
      return slow(text, from, to, position);
    }
    int exponent = -decimals;
    if (at < to) {
      int told = exponent(text, at, to);
      if (told == Integer.MIN_VALUE) {
        return slow(text, from, to, position);
      }
      exponent += told;
    }
    if (digits == 0) {
      return negative ? -0f : 0f;
    }
    if (Math.abs(exponent) >= POWERS_OF_TEN.length) {
      return slow(text, from, to, position);
    }
    double value =
        exponent < 0 ? digits / POWERS_OF_TEN[-exponent] : digits * POWERS_OF_TEN[exponent];
    if ((Double.doubleToRawLongBits(value) & BEYOND_FLOAT) == MIDPOINT
        || value < Float.MIN_NORMAL
        || value >= Float.MAX_VALUE) {
      return slow(text, from, to, position);
    }
    return (float) (negative ? -value : value);
  }

  /** The exponent as databases print it, such as {@code e-05}; the least int for all else. */
  private static int exponent(String text, int from, int to) {
    int at = from;
    if (text.charAt(at) != 'e' && text.charAt(at) != 'E') {
      return Integer.MIN_VALUE;
    }
    at++;
    boolean negative = at < to && text.charAt(at) == '-';
    if (at < to && (negative || text.charAt(at) == '+')) {
      at++;
    }
    if (at == to || to - at > 3) {
      return Integer.MIN_VALUE;
    }
    int value = 0;
    for (; at < to; at++) {
      char c = text.charAt(at);
      if (c < '0' || c > '9') {
        return Integer.MIN_VALUE;
      }
      value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
  }

  private static float slow(String text, int from, int to, long position) {
    return DenseForms.parse(text.substring(from, to), position);
  }
}
