package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.RecordField;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;

/** Writes the CREATE TABLE of a table that is not there yet. */
final class CreateTable {
  private CreateTable() {}

  static String sql(
      Session session,
      TableId id,
      List<RecordField> fields,
      List<RecordField> keys,
      ColumnTypes declared)
      throws SQLException {
    Set<String> vectorTypes = Catalog.vectorTypes(session);
    List<String> parts = new ArrayList<>();
    for (RecordField field : fields) {
      // Only key columns are NOT NULL: a source may stop to send any other field.
      parts.add(
          "%s %s%s"
              .formatted(
                  Identifiers.quote(field.name()),
                  type(id, field, vectorTypes, declared),
                  keys.contains(field) ? " NOT NULL" : ""));
    }
    if (!keys.isEmpty()) {
      parts.add(
          "PRIMARY KEY (" + Identifiers.list(keys.stream().map(RecordField::name).toList()) + ")");
    }
    // Vector indexes exist only on the older storage, whatever the server's default is.
    String storage = Catalog.defaultsToUstore(session) ? " WITH (storage_type=ASTORE)" : "";
    return "CREATE TABLE IF NOT EXISTS %s (%s)%s"
        .formatted(id.sql(), String.join(", ", parts), storage);
  }

  /** The type of a new column. */
  static String type(TableId id, RecordField field, Set<String> vectorTypes, ColumnTypes declared) {
    String type = declared.of(field.name());
    if (type != null) {
      return type;
    }
    if (field.schema() == null) {
      throw new DataException(
          "column %s of table %s is not there, and a record without schema does not tell its type;"
                  .formatted(field.name(), id)
              + " create it, or declare it by column.types or vector.fields");
    }
    try {
      return SqlTypes.of(field.schema(), vectorTypes);
    } catch (DataException e) {
      throw new DataException(
          "column %s of table %s: %s".formatted(field.name(), id, e.getMessage()));
    }
  }
}
