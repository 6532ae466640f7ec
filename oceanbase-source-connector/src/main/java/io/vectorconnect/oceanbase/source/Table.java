package io.vectorconnect.oceanbase.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A table and its primary key.
 *
 * @param database its database
 * @param name its name
 * @param columns all columns, in order
 * @param key the primary key's columns, in the key's order
 */
record Table(String database, String name, List<Column> columns, List<KeyColumn> key) {

  /** All base tables of a database. */
  static List<String> all(Session session, String database) {
    return session
        .query(
            new Sql(
                "SELECT table_name FROM information_schema.tables"
                    + " WHERE table_schema = ? AND table_type = 'BASE TABLE' ORDER BY table_name",
                List.of(database)))
        .stream()
        .map(row -> text(row[0]))
        .toList();
  }

  /**
   * Asks the server what a table looks like. The catalog ignores case when it compares names, also
   * where tables are distinct whose names differ only by case.
   *
   * @throws ConnectException when it has no primary key, or one of a type that cannot be read by
   */
  static Table describe(Session session, String database, String name) {
    List<Column> columns =
        session
            .query(
                new Sql(
                    "SELECT column_name, data_type, column_type, is_nullable, numeric_precision,"
                        + " numeric_scale, table_name FROM information_schema.columns"
                        + " WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
                    List.of(database, name)))
            .stream()
            .filter(row -> text(row[6]).equals(name))
            .map(Table::column)
            .toList();
    List<KeyColumn> key = new ArrayList<>();
    for (byte[][] row :
        session.query(
            new Sql(
                "SELECT column_name, table_name FROM information_schema.statistics WHERE table_schema = ? AND"
                    + " table_name = ? AND index_name = 'PRIMARY' ORDER BY seq_in_index",
                List.of(database, name)))) {
      if (text(row[1]).equals(name)) {
        key.add(KeyColumn.of(name, find(columns, text(row[0]))));
      }
    }
    if (key.isEmpty()) {
      throw new ConnectException(
          columns.isEmpty()
              ? "table %s does not exist, or the user may not read it".formatted(name)
              : "table %s has no primary key, by which alone a scan can be resumed; give it one, or exclude it"
                  .formatted(name));
    }
    return new Table(database, name, columns, key);
  }

  private static Column find(List<Column> columns, String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst().orElseThrow();
  }

  private static Column column(byte[][] row) {
    String declaration = text(row[2]).toLowerCase(Locale.ROOT);
    String type = text(row[1]).toLowerCase(Locale.ROOT).replaceFirst("\\(.*", "");
    return new Column(
        text(row[0]),
        type,
        declaration,
        text(row[3]).equals("YES"),
        row[4] == null ? 0 : Integer.parseInt(text(row[4])),
        row[5] == null ? 0 : Integer.parseInt(text(row[5])));
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  /** The name as SQL. */
  String sql() {
    return Sql.quote(database) + "." + Sql.quote(name);
  }
}
