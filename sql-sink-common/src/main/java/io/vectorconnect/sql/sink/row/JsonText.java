package io.vectorconnect.sql.sink.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.apache.kafka.connect.errors.DataException;

/**
 * Looks whether a JSON document keeps its values in a column that stores it parsed: there, of two
 * fields of the same name one is dropped, and numbers may have limits.
 */
public final class JsonText {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  /** A float64 keeps every number of so many digits, if it is not too large or too small. */
  private static final int SAFE_LENGTH = 15;

  private JsonText() {}

  /** Which numbers a column keeps. */
  public enum Numbers {
    /** All of them; what it does not, the database refuses. */
    ANY,
    /** 64-bit integers, signed or not, and float64. */
    FLOAT64
  }

  /**
   * The document.
   *
   * @throws DataException when it is none, or would change
   */
  public static String check(String document, Numbers numbers) {
    try (JsonParser parser = FACTORY.createParser(document)) {
      if (parser.nextToken() == null) {
        throw malformed();
      }
      int depth = 0;
      do {
        JsonToken token = parser.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (numbers == Numbers.FLOAT64) {
          checkNumber(parser, token);
        }
        if (depth == 0) {
          break;
        }
      } while (parser.nextToken() != null);
      if (depth != 0 || parser.nextToken() != null) {
        throw malformed();
      }
    } catch (IOException e) {
      throw malformed(); // the parser's message may quote the text
    }
    return document;
  }

  private static void checkNumber(JsonParser parser, JsonToken token) throws IOException {
    if (!token.isNumeric() || (parser.getTextLength() <= SAFE_LENGTH && isPlain(parser))) {
      return;
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      BigInteger number = parser.getBigIntegerValue();
      if (number.compareTo(MIN) >= 0 && number.compareTo(MAX) <= 0) {
        return;
      }
    }
    if (!isFloat64(parser.getText())) {
      throw new DataException(
          "the JSON document has a number that a float64 does not keep; write it as a text");
    }
  }

  /** To as many digits as it was written with, the float64 must still be that number. */
  private static boolean isFloat64(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      double kept = number.doubleValue();
      return !Double.isInfinite(kept)
          && new BigDecimal(kept).round(new MathContext(number.precision())).compareTo(number) == 0;
    } catch (NumberFormatException e) { // an exponent beyond 32 bits
      return false;
    }
  }

  private static boolean isPlain(JsonParser parser) throws IOException {
    String text = parser.getText();
    return text.indexOf('e') < 0 && text.indexOf('E') < 0;
  }

  private static DataException malformed() {
    return new DataException(
        "the text is no JSON document, or has two fields of the same name; correct the record");
  }
}
