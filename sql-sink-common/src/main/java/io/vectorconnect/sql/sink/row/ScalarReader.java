package io.vectorconnect.sql.sink.row;

import io.vectorconnect.data.VectorReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * Reads scalar values in the forms in which they arrive, and makes sure that a column keeps all of
 * them: databases round and cut without a word.
 */
public final class ScalarReader {
  private static final int MICRO_DIGITS = 6;

  /** More characters than any number has that a database here holds; text beyond is not parsed. */
  private static final int MAX_NUMBER_TEXT = 150_000;

  /** As many digits, as bytes of an unscaled number. */
  private static final int MAX_NUMBER_BYTES = MAX_NUMBER_TEXT * 5 / 12;

  private ScalarReader() {}

  /**
   * A value of this class.
   *
   * @param declaration the column's type, for the message
   */
  public static <T> T expect(Class<T> type, Object value, String declaration) {
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw mismatch(value, declaration);
  }

  /** A value of a kind that a column does not take. */
  public static DataException mismatch(Object value, String declaration) {
    return new DataException(
        "expected a value for %s, got a %s"
            .formatted(declaration, value.getClass().getSimpleName()));
  }

  /**
   * Microseconds, no finer than the column keeps them, or one of {@link TemporalReader}'s
   * infinities.
   *
   * @param digits of the second's fraction that the column keeps
   */
  public static long micros(
      Schema schema, Object value, TemporalReader.Kind kind, int digits, String declaration) {
    long micros = TemporalReader.micros(schema, value, kind);
    if (digits < MICRO_DIGITS && !TemporalReader.isInfinite(micros)) {
      long unit = 1;
      for (int i = digits; i < MICRO_DIGITS; i++) {
        unit *= 10;
      }
      if (micros % unit != 0) {
        throw new DataException(
            "the time is finer than %s keeps; use a column of higher precision"
                .formatted(declaration));
      }
    }
    return micros;
  }

  /**
   * A number that a column holds exactly. No arithmetic is done before the number's size is known:
   * a few characters of text can stand for a number of billions of digits.
   *
   * @param integers the most digits before the point
   * @param scale the most digits after the point; negative where the column rounds to tens,
   *     hundreds and so on
   */
  public static BigDecimal decimal(Object value, int integers, int scale, String declaration) {
    BigDecimal number = decimal(value, declaration);
    if (number.signum() == 0) {
      return number.scale() >= 0 && number.scale() <= scale ? number : BigDecimal.ZERO;
    }
    if ((long) number.precision() - number.scale() > integers) {
      throw new DataException(
          "the number is out of the range of %s; use a wider type".formatted(declaration));
    }
    // A number has fewer zeros at its end than digits.
    if ((long) number.scale() - scale >= number.precision()) {
      throw tooManyDecimals(declaration);
    }
    try {
      return number.scale() > scale ? number.setScale(scale, RoundingMode.UNNECESSARY) : number;
    } catch (ArithmeticException e) {
      throw tooManyDecimals(declaration);
    }
  }

  private static DataException tooManyDecimals(String declaration) {
    return new DataException(
        "the number has more decimals than %s keeps; use a column of a larger scale"
            .formatted(declaration));
  }

  private static BigDecimal decimal(Object value, String declaration) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof Struct variable && variable.schema().field("scale") != null) {
      // Debezium's VariableScaleDecimal
      byte[] unscaled = VectorReader.bytes(variable.get("value"));
      if (unscaled.length > MAX_NUMBER_BYTES) {
        throw tooLong(declaration);
      }
      return new BigDecimal(new BigInteger(unscaled), variable.getInt32("scale"));
    }
    if (value instanceof String text) {
      if (text.length() > MAX_NUMBER_TEXT) {
        throw tooLong(declaration);
      }
      try {
        return new BigDecimal(text);
      } catch (NumberFormatException e) {
        throw new DataException("the text is not a decimal number");
      }
    }
    Number number = expect(Number.class, value, declaration);
    double wide = number.doubleValue();
    if (Double.isNaN(wide) || Double.isInfinite(wide)) {
      throw new DataException("a numeric column cannot hold NaN or an infinity");
    }
    return new BigDecimal(number.toString());
  }

  private static DataException tooLong(String declaration) {
    return new DataException(
        "the number has more digits than any %s holds; correct the record".formatted(declaration));
  }

  /** Text of no more characters than its column holds. */
  public static String text(Object value, long length, String declaration) {
    String text = expect(String.class, value, declaration);
    if (text.length() > length && text.codePointCount(0, text.length()) > length) {
      throw new DataException(
          "the text has %d characters, more than %s holds; use a longer column"
              .formatted(text.codePointCount(0, text.length()), declaration));
    }
    return text;
  }

  /** Text of no more bytes of UTF-8 than its column holds. */
  public static String textOfBytes(String text, long length, String declaration) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > length) {
      throw new DataException(
          "the text has %d bytes, more than %s holds, which counts bytes in this database; use a longer column"
              .formatted(bytes, declaration));
    }
    return text;
  }

  /**
   * Text that UTF-8 can hold.
   *
   * @param nul whether the database holds NUL characters
   */
  public static String wellFormed(String text, boolean nul) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\0' && !nul) {
        throw new DataException(
            "the text has a NUL character at position %d, which the database refuses; remove it"
                .formatted(i));
      }
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          throw new DataException(
              "the text has half a surrogate pair at position %d, which is no character"
                  .formatted(i));
        }
      }
    }
    return text;
  }

  /** A UUID of its text. */
  public static UUID uuid(String text) {
    UUID uuid;
    try {
      uuid = UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new DataException("the text is not a UUID");
    }
    if (!uuid.toString().equalsIgnoreCase(text)) { // Java reads 1-1-1-1-1, too
      throw new DataException("the text is not a UUID");
    }
    return uuid;
  }
}
