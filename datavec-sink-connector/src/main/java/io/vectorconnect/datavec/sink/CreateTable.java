package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.RecordField;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.table.ColumnTypes;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes the CREATE TABLE of a table that is not there yet. */
final class CreateTable {
  private CreateTable() {}

  static String sql(
      SqlSession session,
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
                  DataVecDialect.NAMES.quote(field.name()),
                  declared.of(id, field, schema -> SqlTypes.of(schema, vectorTypes)),
                  keys.contains(field) ? " NOT NULL" : ""));
    }
    if (!keys.isEmpty()) {
      parts.add(
          "PRIMARY KEY ("
              + DataVecDialect.NAMES.list(keys.stream().map(RecordField::name).toList())
              + ")");
    }
    // Vector indexes exist only on the older storage, whatever the server's default is.
    String storage = Catalog.defaultsToUstore(session) ? " WITH (storage_type=ASTORE)" : "";
    return "CREATE TABLE IF NOT EXISTS %s (%s)%s"
        .formatted(DataVecDialect.NAMES.quote(id), String.join(", ", parts), storage);
  }
}
