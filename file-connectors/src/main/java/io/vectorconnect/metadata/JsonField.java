package io.vectorconnect.metadata;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import org.apache.kafka.connect.errors.DataException;

/** Finds the type that holds all values of a field. */
final class JsonField {
  /** So many digits survive the way to a float64 and back, whatever they are. */
  private static final int SAFE_DIGITS = 15;

  private boolean integers;
  private boolean otherNumbers;
  private boolean strings;
  private boolean booleans;
  private boolean nested;

  /** The first line with a number that no float64 gives back; 0 if there is none. */
  private long inexactLine;

  /** Takes note of the value at which a parser stands. */
  void see(JsonParser parser, long line) throws IOException {
    JsonToken token = parser.currentToken();
    switch (token) {
      case VALUE_NULL -> {}
      case VALUE_STRING -> strings = true;
      case VALUE_TRUE, VALUE_FALSE -> booleans = true;
      case VALUE_NUMBER_INT -> {
        boolean isLong = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        integers |= isLong;
        otherNumbers |= !isLong;
        seeDigits(parser, line);
      }
      case VALUE_NUMBER_FLOAT -> {
        otherNumbers = true;
        seeDigits(parser, line);
      }
      default -> nested = true;
    }
    parser.skipChildren();
  }

  private void seeDigits(JsonParser parser, long line) throws IOException {
    String text = parser.getText();
    boolean safe = text.length() <= SAFE_DIGITS && text.indexOf('e') < 0 && text.indexOf('E') < 0;
    if (inexactLine == 0 && !safe && !isHeld(text)) {
      inexactLine = line;
    }
  }

  /** Whether a float64 is that number, or is printed as it. */
  private static boolean isHeld(String text) {
    double number = Double.parseDouble(text);
    if (Double.isInfinite(number)) {
      return false;
    }
    BigDecimal decimal = new BigDecimal(text);
    return decimal.compareTo(new BigDecimal(Double.toString(number))) == 0
        || decimal.compareTo(new BigDecimal(number)) == 0;
  }

  /**
   * The type; mixed and nested values are JSON, and a field that is always null is a string.
   *
   * @throws DataException when that is float64, and does not hold all the numbers
   */
  JsonType type() {
    boolean numbers = integers || otherNumbers;
    int kinds = (numbers ? 1 : 0) + (strings ? 1 : 0) + (booleans ? 1 : 0) + (nested ? 1 : 0);
    if (kinds > 1 || nested) {
      return JsonType.JSON;
    }
    if (booleans) {
      return JsonType.BOOLEAN;
    }
    if (!numbers) {
      return JsonType.STRING;
    }
    if (!otherNumbers) {
      return JsonType.INT64;
    }
    if (inexactLine > 0) {
      throw new DataException(
          "line %d has a number that float64 does not hold; declare the field in %s, as json to keep its digits, as float64 to round them"
              .formatted(inexactLine, MetadataKeys.TYPES));
    }
    return JsonType.FLOAT64;
  }
}
