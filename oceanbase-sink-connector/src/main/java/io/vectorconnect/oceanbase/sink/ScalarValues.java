package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.data.ExactNumber;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.sql.sink.row.JsonText;
import io.vectorconnect.sql.sink.row.ScalarReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * Encoders of the other columns, by the column's type. What the server would round or cut without a
 * word (decimals, fractions of seconds, spaces at the end, more digits than a float has) is refused
 * here; what it refuses by itself in strict mode is left to it.
 */
final class ScalarValues {
  private static final BigInteger MAX_UNSIGNED =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  /** Digits of {@link #MAX_UNSIGNED}. */
  private static final int UNSIGNED_DIGITS = 20;

  private ScalarValues() {}

  /**
   * The encoder of a column.
   *
   * @param schema the schema of the values, or null where they have none
   * @param inKey whether the column belongs to the key
   * @throws DataException when the sink does not know the column's type
   */
  static ValueEncoder of(Schema schema, Column column, boolean inKey) {
    return switch (column.type()) {
      case "tinyint" -> integer(column, 8);
      case "smallint" -> integer(column, 16);
      case "mediumint" -> integer(column, 24);
      case "int", "integer" -> integer(column, 32);
      case "bigint" ->
          column.isUnsigned() ? value -> unsigned(value, column) : integer(column, Long.SIZE);
      case "year" -> value -> ExactNumber.integer(value, 1_901, 2_155, column.declaration());
      case "bit" -> BitValues.of(schema, column);
      case "float" -> value -> binary32(value, exact(column));
      case "double" -> value -> binary64(value, exact(column));
      case "decimal" -> value -> decimal(value, column);
      case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> text(column, inKey);
      case "enum" -> Labels.of(column).one();
      case "set" -> Labels.of(column).some();
      case "json" ->
          value -> JsonText.check(Json.document(schema, value), JsonText.Numbers.FLOAT64);
      case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
          bytes(schema, column);
      case "date" -> value -> TemporalText.date(schema, value, column.declaration());
      case "time" ->
          value -> TemporalText.time(schema, value, column.scale(), column.declaration());
      case "datetime", "timestamp" ->
          value -> TemporalText.dateTime(schema, value, column.scale(), column.declaration());
      default ->
          throw new DataException(
              "column %s has type %s, which this sink does not write"
                  .formatted(column.name(), column.declaration()));
    };
  }

  private static ValueEncoder integer(Column column, int bits) {
    long min = column.isUnsigned() ? 0 : -1L << (bits - 1);
    long max = column.isUnsigned() ? (1L << bits) - 1 : -(min + 1);
    return value ->
        value instanceof Boolean flag
            ? Long.valueOf(flag ? 1 : 0)
            : Long.valueOf(ExactNumber.integer(value, min, max, column.declaration()));
  }

  private static Object unsigned(Object value, Column column) {
    if (!(value instanceof BigDecimal) && !(value instanceof String)) {
      return ExactNumber.integer(value, 0, Long.MAX_VALUE, column.declaration());
    }
    BigDecimal number = ScalarReader.decimal(value, UNSIGNED_DIGITS, 0, column.declaration());
    if (number.signum() < 0 || number.compareTo(new BigDecimal(MAX_UNSIGNED)) > 0) {
      throw new DataException(
          "the number is out of the range of %s; use a decimal column"
              .formatted(column.declaration()));
    }
    return number.setScale(0);
  }

  /** A float with a number of decimals would round. */
  private static Column exact(Column column) {
    if (column.declaration().indexOf('(') >= 0) {
      throw new DataException(
          "column %s has type %s, which rounds; use %s"
              .formatted(
                  column.name(), column.declaration(), column.type().toUpperCase(Locale.ROOT)));
    }
    return column;
  }

  /** As text: the server takes the sign off the literal -0.0. */
  private static String binary32(Object value, Column column) {
    float number = ExactNumber.toFloat(value, column.declaration());
    if (!Float.isFinite(number)) {
      throw notFinite(column);
    }
    return Double.toString(number); // all its digits: the server reads a float64 first
  }

  private static String binary64(Object value, Column column) {
    double number = ExactNumber.toDouble(value, column.declaration());
    if (!Double.isFinite(number)) {
      throw notFinite(column);
    }
    return Double.toString(number);
  }

  private static DataException notFinite(Column column) {
    return new DataException(
        "%s cannot hold NaN or an infinity; correct or filter the record"
            .formatted(column.declaration()));
  }

  private static BigDecimal decimal(Object value, Column column) {
    int scale = Math.max(0, column.scale());
    BigDecimal number =
        ScalarReader.decimal(value, SqlTypes.MAX_PRECISION - scale, scale, column.declaration());
    return number.scale() < 0 ? number.setScale(0) : number;
  }

  /**
   * Text that stays as it is. No collation of utf8mb4 but the binary one tells every two texts
   * apart, and even that one not by spaces at the end.
   */
  private static ValueEncoder text(Column column, boolean inKey) {
    if (inKey && !column.collation().endsWith("_bin")) {
      throw new DataException(
          "the key's collation %s takes different texts for the same; alter the column to one that ends with _bin, or to VARBINARY"
              .formatted(column.collation()));
    }
    boolean counted = column.type().endsWith("char");
    long length = counted ? column.length() : Integer.MAX_VALUE;
    boolean padded = inKey || column.type().equals("char");
    return value -> {
      String text = ScalarReader.text(value, length, column.declaration());
      if (padded && text.endsWith(" ")) {
        throw new DataException(
            "the text ends with a space, which %s does not tell from none; use a VARBINARY column"
                .formatted(column.declaration()));
      }
      if (!counted && text.endsWith(" ")) {
        checkBytes(VectorValues.utf8(text).length, column); // the server would cut the spaces
      }
      return ScalarReader.wellFormed(text, true);
    };
  }

  private static ValueEncoder bytes(Schema schema, Column column) {
    boolean bits =
        VectorType.of(schema).filter(VectorType.BINARY::equals).isPresent()
            || (schema != null && VectorReader.DEBEZIUM_BITS.equals(schema.name()));
    VectorReader vectors = bits ? VectorReader.of(schema, VectorType.BINARY, 0, Set.of()) : null;
    return value -> {
      byte[] bytes =
          bits
              ? VectorValues.packed(vectors, value)
              : value instanceof String text ? utf8(schema, text) : VectorReader.bytes(value);
      if (column.type().equals("binary") && bytes.length != column.length()) {
        throw new DataException(
            "got %d bytes for %s, which fills up with zeros; use a VARBINARY column"
                .formatted(bytes.length, column.declaration()));
      }
      checkBytes(bytes.length, column);
      return bytes;
    };
  }

  /** Without a schema, text can stand for itself or, in base64, for bytes. */
  private static byte[] utf8(Schema schema, String text) {
    if (schema == null) {
      throw new DataException(
          "text without a schema can be text or bytes in base64; use a converter with schemas, or a"
              + " text column");
    }
    return VectorValues.utf8(ScalarReader.wellFormed(text, true));
  }

  private static void checkBytes(long length, Column column) {
    long max =
        switch (column.type()) {
          case "binary", "varbinary" -> column.length();
          case "tinytext", "tinyblob" -> 0xFF;
          case "text", "blob" -> 0xFFFF;
          case "mediumtext", "mediumblob" -> 0xFF_FFFF;
          default -> Integer.MAX_VALUE;
        };
    if (length > max) {
      throw new DataException(
          "got %,d bytes, more than %s holds; use a longer column"
              .formatted(length, column.declaration()));
    }
  }
}
