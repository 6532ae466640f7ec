package io.vectorconnect.debezium;

import io.debezium.spi.converter.RelationalColumn;
import io.vectorconnect.data.UnavailableValue;
import java.sql.Array;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/** One column whose values the converter sends, from the text that PostgreSQL prints. */
record ConvertedColumn(RelationalColumn column) {
  /** How values of one column leave. */
  @FunctionalInterface
  interface Form {
    Object of(String text);
  }

  /** A type's name without its schema. */
  static String plain(String name) {
    return name.substring(name.lastIndexOf('.') + 1).replace("\"", "");
  }

  /** The schema of a field for the column's values. */
  SchemaBuilder optional(SchemaBuilder schema) {
    return column.isOptional() ? schema.optional() : schema;
  }

  /** The column's text, as it is. */
  Object text(Object value) {
    return convert(value, text -> text, UnavailableValue.TEXT);
  }

  /**
   * What is sent for a value.
   *
   * @param value what Debezium read, or null
   * @param unavailable what is sent for a value that is not in PostgreSQL's log
   * @throws DataException naming the column
   */
  Object convert(Object value, Form form, Object unavailable) {
    if (value == null) {
      // A deleted row without its other columns: of one that is NOT NULL this means "not told".
      return column.isOptional() ? null : unavailable;
    }
    try {
      return isMarker(value) ? unavailable : form.of(printed(value));
    } catch (DataException e) {
      throw refused(e.getMessage());
    }
  }

  /** An error that names the column. */
  DataException refused(String reason) {
    return new DataException(
        "column %s of table %s (%s): %s"
            .formatted(column.name(), column.dataCollection(), column.typeExpression(), reason));
  }

  /** Debezium's marker of an unchanged TOASTed value is a bare object. */
  static boolean isMarker(Object value) {
    return value.getClass() == Object.class;
  }

  private static String printed(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Boolean bit) { // the driver's view of bit(1)
      return bit ? "1" : "0";
    }
    // By name: the driver's classes are Debezium's.
    if (value instanceof Array || value.getClass().getSimpleName().equals("PGobject")) {
      return value.toString();
    }
    throw new DataException("expected text, got a " + value.getClass().getName());
  }
}
