package io.vectorconnect.oceanbase.source;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A column of a primary key: how its values stand in offsets and in comparisons.
 *
 * <p>Order and equality are always the server's: a case-insensitive collation, spaces at the end
 * and the like are never judged here.
 *
 * @param name the column's name
 * @param form how its values are bound
 */
record KeyColumn(String name, Form form) {

  /** How a value is bound. */
  enum Form {
    NUMBER,
    TEXT,
    BINARY
  }

  static KeyColumn of(String table, Column column) {
    Form form =
        switch (column.type()) {
          case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal" -> Form.NUMBER;
          case "char", "varchar", "date", "datetime", "timestamp" -> Form.TEXT;
          case "binary", "varbinary" -> Form.BINARY;
          default ->
              throw new ConnectException(
                  "the primary key of table %s has column %s of type %s, by which this connector does not read; exclude the table"
                      .formatted(table, column.name(), column.type()));
        };
    return new KeyColumn(column.name(), form);
  }

  /** The server's text of a value in the form of an offset. */
  String toOffset(byte[] raw) {
    return form == Form.BINARY
        ? HexFormat.of().formatHex(raw)
        : new String(raw, StandardCharsets.UTF_8);
  }

  /** A value of an offset as a parameter; a number bound as text would be compared as a double. */
  Object toParameter(String offset) {
    return switch (form) {
      case NUMBER -> new BigDecimal(offset);
      case TEXT -> offset;
      case BINARY -> HexFormat.of().parseHex(offset);
    };
  }
}
