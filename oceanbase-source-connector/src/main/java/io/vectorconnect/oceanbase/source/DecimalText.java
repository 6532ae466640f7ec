package io.vectorconnect.oceanbase.source;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.errors.DataException;

/** Walks over the numbers of a vector's text, {@code [1,-2.5e-7,3]}, without garbage. */
final class DecimalText {
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** So many digits fit a long. */
  private static final int MAX_DIGITS = 18;

  private final byte[] text;
  private int at = 1;

  /** Starts behind the opening bracket. */
  DecimalText(byte[] text) {
    this.text = text;
    if (text.length < 2 || text[0] != '[' || text[text.length - 1] != ']') {
      throw new DataException("expected a vector's text, [1,2,3]");
    }
  }

  boolean atEnd() {
    return at >= text.length - 1;
  }

  /**
   * The next number, and past the sign behind it.
   *
   * @return within two units in the last place: nearer than anybody's float is to its neighbours
   */
  double next() {
    int from = at;
    boolean negative = at < text.length && text[at] == '-';
    if (negative) {
      at++;
    }
    long digits = 0;
    int count = 0;
    int decimals = 0;
    boolean point = false;
    for (; at < text.length; at++) {
      byte c = text[at];
      if (c >= '0' && c <= '9') {
        digits = digits * 10 + (c - '0');
        count += digits == 0 ? 0 : 1;
        decimals += point ? 1 : 0;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    int exponent = -decimals + exponent();
    int to = at;
    if (at == from || at >= text.length || ",]".indexOf(text[at]) < 0) {
      throw new DataException("expected a number in the vector's text");
    }
    at++;
    if (count > MAX_DIGITS || Math.abs(exponent) >= POWERS_OF_TEN.length) {
      return slow(from, to);
    }
    double value =
        exponent < 0 ? digits / POWERS_OF_TEN[-exponent] : digits * POWERS_OF_TEN[exponent];
    return negative ? -value : value;
  }

  private int exponent() {
    if (at >= text.length || (text[at] != 'e' && text[at] != 'E')) {
      return 0;
    }
    at++;
    boolean negative = at < text.length && text[at] == '-';
    if (at < text.length && (negative || text[at] == '+')) {
      at++;
    }
    int value = 0;
    for (; at < text.length && text[at] >= '0' && text[at] <= '9' && value < 1_000; at++) {
      value = value * 10 + (text[at] - '0');
    }
    return negative ? -value : value;
  }

  private double slow(int from, int to) {
    try {
      return Double.parseDouble(new String(text, from, to - from, StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException e) {
      throw new DataException("expected a number in the vector's text");
    }
  }
}
