package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlTable;
import io.vectorconnect.sql.sink.TableId;
import io.vectorconnect.sql.sink.VectorIndex;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the system catalogue; by what both databases have in common. */
final class Catalog {
  /** A schema's name, or an empty one for the session's own; some servers take that for NULL. */
  private static final String SCHEMA = "COALESCE(NULLIF(?, ''), current_schema(), 'public')";

  private static final String COLUMNS =
      """
      SELECT a.attnum, a.attname, a.atttypmod, a.attnotnull, t.typtype, t.typname, b.typname, \
      pg_catalog.format_type(a.atttypid, a.atttypmod), e.oid, e.typname \
      FROM pg_catalog.pg_attribute a \
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
      LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype \
      LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' \
      WHERE n.nspname = %s AND c.relname = ? AND c.relkind IN ('r', 'p') \
      AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
          .formatted(SCHEMA);

  private static final String UNIQUE_INDEXES =
      """
      SELECT i.indkey FROM pg_catalog.pg_index i \
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid \
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
      WHERE n.nspname = %s AND c.relname = ? AND i.indisunique AND i.indisvalid \
      AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL"""
          .formatted(SCHEMA);

  private Catalog() {}

  private record Numbered(int number, Column column) {}

  /** The table, or empty when it does not exist. */
  static Optional<SqlTable<Column>> table(SqlSession session, TableId id) throws SQLException {
    List<Numbered> columns = numbered(session, id);
    if (columns.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> names =
        columns.stream()
            .collect(Collectors.toMap(c -> Integer.toString(c.number()), c -> c.column().name()));
    List<Set<String>> unique =
        session.query(
            UNIQUE_INDEXES,
            row ->
                Arrays.stream(row.getString(1).strip().split(" "))
                    .map(names::get)
                    .collect(Collectors.toCollection(HashSet::new)),
            id.schema(),
            id.name());
    return Optional.of(
        new SqlTable<>(id, columns.stream().map(Numbered::column).toList(), List.copyOf(unique)));
  }

  /** The table without its unique keys, for half of the requests: a batch asks this. */
  static Optional<SqlTable<Column>> columns(SqlSession session, TableId id) throws SQLException {
    List<Column> columns = numbered(session, id).stream().map(Numbered::column).toList();
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(new SqlTable<>(id, columns, List.of()));
  }

  private static List<Numbered> numbered(SqlSession session, TableId id) throws SQLException {
    return session.query(
        COLUMNS,
        row -> {
          String base = row.getString(7);
          String type =
              switch (row.getString(5)) {
                case "e" -> "enum";
                case "d" -> base == null ? row.getString(6) : base;
                default -> row.getString(6);
              };
          int oid = (int) row.getLong(9); // unsigned; what matters are its 32 bits
          return new Numbered(
              row.getInt(1),
              new Column(
                  row.getString(2),
                  type,
                  row.getInt(3),
                  row.getString(8),
                  row.getBoolean(4),
                  Optional.ofNullable(row.getString(10))
                      .map(element -> new Column.Element(oid, element))));
        },
        id.schema(),
        id.name());
  }

  static boolean indexExists(SqlSession session, VectorIndex index) throws SQLException {
    TableId table = index.table();
    return !session
        .query(
            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                + " ON n.oid = c.relnamespace JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid"
                + " WHERE n.nspname = "
                + SCHEMA
                + " AND c.relname = ? AND i.indisvalid",
            row -> 1,
            table.schema(),
            index.name())
        .isEmpty();
  }

  static String currentSchema(SqlSession session) throws SQLException {
    return Optional.ofNullable(
            session.query("SELECT current_schema()", row -> row.getString(1)).get(0))
        .orElse("public");
  }

  static boolean schemaExists(SqlSession session, String schema) throws SQLException {
    return !session
        .query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", row -> 1, schema)
        .isEmpty();
  }

  /** Which of the vector types the database has. */
  static Set<String> vectorTypes(SqlSession session) throws SQLException {
    return Set.copyOf(
        session.query(
            "SELECT DISTINCT typname FROM pg_catalog.pg_type"
                + " WHERE typname IN ('vector', 'halfvec', 'sparsevec')",
            row -> row.getString(1)));
  }

  /** Whether openGauss would create a table in a storage that has no vector indexes. */
  static boolean defaultsToUstore(SqlSession session) throws SQLException {
    return session
        .query(
            "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'enable_default_ustore_table'",
            row -> row.getString(1))
        .contains("on");
  }
}
