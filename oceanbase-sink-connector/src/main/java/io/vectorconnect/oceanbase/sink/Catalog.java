package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.index.VectorIndex;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.DataException;

/** Reads the information schema. */
final class Catalog {
  private static final Pattern SIZE = Pattern.compile("\\((\\d+)\\)");

  private static final String COLUMNS =
      """
      SELECT c.column_name, c.data_type, c.column_type, c.is_nullable, \
      c.character_maximum_length, c.numeric_scale, c.datetime_precision, c.collation_name, \
      c.extra, c.column_default, c.column_comment \
      FROM information_schema.columns c JOIN information_schema.tables t \
      ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
      WHERE t.table_type = 'BASE TABLE' AND c.table_schema = %s AND c.table_name = ? \
      ORDER BY c.ordinal_position""";

  private static final String VIEWS =
      """
      SELECT 1 FROM information_schema.tables \
      WHERE table_type LIKE '%%VIEW' AND table_schema = %s AND table_name = ?""";

  /** An index on the beginnings of a column, or on an expression, says nothing about its values. */
  private static final String UNIQUE_INDEXES =
      """
      SELECT index_name, column_name, sub_part IS NOT NULL OR expression IS NOT NULL \
      FROM information_schema.statistics \
      WHERE non_unique = 0 AND table_schema = %s AND table_name = ?""";

  private Catalog() {}

  /**
   * The table, or empty when it does not exist.
   *
   * @throws DataException when something else has this name
   */
  static Optional<SqlTable<Column>> table(SqlSession session, TableId id) throws SQLException {
    List<Column> columns = query(session, COLUMNS, id, Catalog::column);
    if (columns.isEmpty()) {
      if (!query(session, VIEWS, id, row -> 1).isEmpty()) {
        throw new DataException(
            "%s is a view, and the sink writes to tables only; change table.name.format"
                .formatted(id));
      }
      return Optional.empty();
    }
    Map<String, Set<String>> unique = new LinkedHashMap<>();
    Set<String> partial = new HashSet<>();
    query(
        session,
        UNIQUE_INDEXES,
        id,
        row -> {
          String index = row.getString(1);
          if (row.getBoolean(3)) {
            partial.add(index);
          }
          return unique.computeIfAbsent(index, name -> new HashSet<>()).add(row.getString(2));
        });
    unique.keySet().removeAll(partial);
    return Optional.of(new SqlTable<>(id, columns, List.copyOf(unique.values())));
  }

  private static <T> List<T> query(
      SqlSession session, String sql, TableId id, SqlSession.RowReader<T> reader)
      throws SQLException {
    return id.schema().isEmpty()
        ? session.query(sql.formatted("database()"), reader, id.name())
        : session.query(sql.formatted("?"), reader, id.schema(), id.name());
  }

  private static Column column(ResultSet row) throws SQLException {
    String declaration = row.getString(3);
    String type = row.getString(2).toLowerCase(Locale.ROOT).replaceAll("\\(.*", "");
    Matcher size = SIZE.matcher(declaration);
    boolean sized =
        switch (type) {
          case "vector", "bit", "binary", "varbinary" -> size.find();
          default -> false;
        };
    long length = sized ? Long.parseLong(size.group(1)) : row.getLong(5);
    int scale = row.getInt(6);
    boolean scaled = !row.wasNull();
    int digits = row.getInt(7);
    boolean timed = !row.wasNull();
    return new Column(
        row.getString(1),
        type,
        declaration,
        row.getString(4).equals("NO"),
        length,
        timed ? digits : scaled ? scale : -1,
        Optional.ofNullable(row.getString(8)).orElse(""),
        attributes(row));
  }

  /** What has to be said again when a column's type is changed; else the server drops it. */
  private static String attributes(ResultSet row) throws SQLException {
    String extra = Optional.ofNullable(row.getString(9)).orElse("").toLowerCase(Locale.ROOT);
    StringBuilder attributes = new StringBuilder();
    if (row.getString(4).equals("NO")) {
      attributes.append(" NOT NULL");
    }
    if (extra.contains("generated")) {
      return attributes.append(Column.GENERATED).toString();
    }
    if (extra.contains("auto_increment")) {
      attributes.append(Column.NUMBERED);
    }
    if (row.getString(10) != null) {
      attributes.append(Column.DEFAULT).append(literal(row.getString(10)));
    }
    String comment = Optional.ofNullable(row.getString(11)).orElse("");
    if (!comment.isEmpty()) {
      attributes.append(" COMMENT ").append(literal(comment));
    }
    return attributes.toString();
  }

  private static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** Whether an index is listed: the server lists it from the beginning of its build. */
  static boolean indexExists(SqlSession session, VectorIndex index) throws SQLException {
    return session
        .query(
            "SHOW INDEX FROM " + OceanBaseDialect.NAMES.quote(index.table()),
            row -> row.getString("Key_name"))
        .contains(index.name());
  }

  static boolean databaseExists(SqlSession session, String database) throws SQLException {
    return !session
        .query(
            "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", row -> 1, database)
        .isEmpty();
  }
}
