package io.vectorconnect.debezium;

import io.debezium.DebeziumException;
import io.debezium.jdbc.JdbcConnection;
import io.debezium.spi.converter.RelationalColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** PostgreSQL's catalog (13 and later), read through a connection that only this class uses. */
final class PostgresCatalog {
  /** Every type with the type under it and the modifier that its domains declare. */
  private static final String ROOTS =
      """
      WITH RECURSIVE roots(oid, root, modifier) AS (
        SELECT oid, oid, -1 FROM pg_catalog.pg_type WHERE typtype <> 'd'
        UNION ALL
        SELECT d.oid, r.root, CASE WHEN d.typtypmod >= 0 THEN d.typtypmod ELSE r.modifier END
        FROM pg_catalog.pg_type d JOIN roots r ON d.typbasetype = r.oid WHERE d.typtype = 'd')
      """;

  private static final String TYPE_COLUMNS =
      " coalesce(e.typname, t.typname) AS type, coalesce(e.typtype, t.typtype) = 'e' AS is_enum,"
          + " t.typcategory = 'A' AS is_array,"
          + " CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE ar.modifier END AS modifier,"
          + " greatest(a.attndims, d.typndims) AS dimensions ";

  private static final String TYPE_TABLES =
      " JOIN pg_catalog.pg_type t ON t.oid = r.root"
          + " LEFT JOIN pg_catalog.pg_type e ON t.typcategory = 'A' AND e.oid = t.typelem ";

  private static final String TYPE =
      ROOTS
          + "SELECT"
          + TYPE_COLUMNS
          + "FROM roots r"
          + TYPE_TABLES
          + "LEFT JOIN (pg_catalog.pg_attribute a"
          + " JOIN pg_catalog.pg_type d ON d.oid = a.atttypid"
          + " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN roots ar ON ar.oid = a.atttypid)"
          + " ON ar.root = r.oid AND n.nspname || '.' || c.relname = ? AND a.attname = ? AND NOT a.attisdropped"
          + " WHERE r.oid = ?";

  private static final String COLUMNS =
      ROOTS
          + "SELECT n.nspname AS schema, c.relname AS table, a.attname AS column,"
          + " a.attgenerated <> '' AS is_generated, a.attgenerated = 's' AS is_stored,"
          + TYPE_COLUMNS
          + "FROM pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
          + " JOIN pg_catalog.pg_type d ON d.oid = a.atttypid"
          + " JOIN roots ar ON ar.oid = a.atttypid JOIN roots r ON r.oid = ar.root"
          + TYPE_TABLES
          + "WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND a.attnum > 0"
          + " AND NOT a.attisdropped AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
          + " ORDER BY 1, 2, a.attnum";

  private static final String TABLES =
      "SELECT n.nspname AS schema, c.relname AS table, c.relkind = 'p' AS is_partitioned,"
          + " c.relispartition AS is_partition,"
          + " (SELECT rn.nspname FROM pg_catalog.pg_class rc JOIN pg_catalog.pg_namespace rn"
          + " ON rn.oid = rc.relnamespace WHERE rc.oid = pg_catalog.pg_partition_root(c.oid))"
          + " AS root_schema,"
          + " (SELECT rc.relname FROM pg_catalog.pg_class rc"
          + " WHERE rc.oid = pg_catalog.pg_partition_root(c.oid)) AS root_table,"
          + " EXISTS (SELECT FROM pg_catalog.pg_publication_tables p WHERE p.pubname = ?"
          // A partition is listed by itself, or by a table above it.
          + " AND (p.schemaname, p.tablename) IN (SELECT an.nspname, ac.relname"
          + " FROM pg_catalog.pg_partition_ancestors(c.oid) up"
          + " JOIN pg_catalog.pg_class ac ON ac.oid = up.relid"
          + " JOIN pg_catalog.pg_namespace an ON an.oid = ac.relnamespace"
          + " UNION ALL SELECT n.nspname, c.relname"
          + " UNION ALL SELECT ln.nspname, lc.relname FROM pg_catalog.pg_partition_tree(c.oid) down"
          + " JOIN pg_catalog.pg_class lc ON lc.oid = down.relid"
          + " JOIN pg_catalog.pg_namespace ln ON ln.oid = lc.relnamespace)) AS is_published"
          + " FROM pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p'"
          + " AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2";

  private static final String TABLE_COLUMNS =
      "SELECT a.attname FROM pg_catalog.pg_attribute a"
          + " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE n.nspname || '.' || c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped";

  private static final int VALID_SECONDS = 10;

  private final JdbcConnection jdbc;

  PostgresCatalog(JdbcConnection jdbc) {
    this.jdbc = jdbc;
  }

  /** A column of a table that the connector might capture. */
  record TableColumn(
      String schema,
      String table,
      String name,
      boolean isGenerated,
      boolean isStored,
      ColumnType type) {}

  /**
   * A table that the connector might capture.
   *
   * @param rootSchema of the partitioned table to which it belongs
   * @param rootTable of a table without partitions, its own name
   * @param isPublished whether the publication has the table, one above or one below it
   */
  record Table(
      String schema,
      String name,
      boolean isPartitioned,
      boolean isPartition,
      String rootSchema,
      String rootTable,
      boolean isPublished) {}

  /**
   * A publication.
   *
   * @param viaRoot whether partitions' changes are published under the partitioned table's name
   * @param generated whether it contains stored generated columns (PostgreSQL 18)
   * @param missing letters of the operations that it does not publish
   */
  record Publication(boolean viaRoot, boolean generated, Set<String> missing) {}

  /** The type of a column as it is now, or, where the column is gone, of its type's number. */
  Optional<ColumnType> type(RelationalColumn column) {
    return query(
            TYPE,
            List.of(column.dataCollection(), column.name(), (long) column.nativeType()),
            PostgresCatalog::readType)
        .stream()
        .findFirst();
  }

  private static ColumnType readType(ResultSet row) throws SQLException {
    int modifier = row.getInt("modifier");
    return new ColumnType(
        row.getString("type"),
        row.getBoolean("is_enum"),
        row.getBoolean("is_array"),
        modifier > 0 ? OptionalInt.of(modifier) : OptionalInt.empty(),
        row.getInt("dimensions"));
  }

  /** The columns of all tables. */
  List<TableColumn> columns() {
    return query(
        COLUMNS,
        List.of(),
        row ->
            new TableColumn(
                row.getString("schema"),
                row.getString("table"),
                row.getString("column"),
                row.getBoolean("is_generated"),
                row.getBoolean("is_stored"),
                readType(row)));
  }

  /** All tables. */
  List<Table> tables(String publication) {
    return query(
        TABLES,
        List.of(publication),
        row ->
            new Table(
                row.getString("schema"),
                row.getString("table"),
                row.getBoolean("is_partitioned"),
                row.getBoolean("is_partition"),
                row.getString("root_schema"),
                row.getString("root_table"),
                row.getBoolean("is_published")));
  }

  /** The publication of this name. */
  Optional<Publication> publication(String name) {
    return query(
            "SELECT to_jsonb(p) ->> 'pubviaroot' = 'true' AS via_root,"
                // Not a column before PostgreSQL 18.
                + " coalesce(to_jsonb(p) ->> 'pubgencols', 'n') = 's' AS generated,"
                + " pubinsert, pubupdate, pubdelete, pubtruncate"
                + " FROM pg_catalog.pg_publication p WHERE pubname = ?",
            List.of(name),
            row -> {
              Set<String> missing = new HashSet<>(Set.of("c", "u", "d", "t"));
              missing.removeIf(operation -> isPublished(row, operation));
              return new Publication(
                  row.getBoolean("via_root"), row.getBoolean("generated"), missing);
            })
        .stream()
        .findFirst();
  }

  private static boolean isPublished(ResultSet row, String operation) {
    try {
      return row.getBoolean(
          switch (operation) {
            case "c" -> "pubinsert";
            case "u" -> "pubupdate";
            case "d" -> "pubdelete";
            default -> "pubtruncate";
          });
    } catch (SQLException e) {
      throw new DebeziumException("reading the publication", e);
    }
  }

  /** The names of a table's columns. */
  Set<String> columns(String table) {
    return new HashSet<>(query(TABLE_COLUMNS, List.of(table), row -> row.getString(1)));
  }

  /** Whether rows from before a column was added have its default, without having been written. */
  boolean hasDefaultInOldRows(String table, String column) {
    return !query(
            TABLE_COLUMNS + " AND a.attname = ? AND a.atthasmissing",
            List.of(table, column),
            row -> row.getString(1))
        .isEmpty();
  }

  /** Whether a table has rows. */
  boolean hasRows(Table table) {
    return query(
            "SELECT EXISTS (SELECT FROM %s.%s)".formatted(quoted(table.schema), quoted(table.name)),
            List.of(),
            row -> row.getBoolean(1))
        .get(0);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> query(String sql, List<?> parameters, Reader<T> reader) {
    try {
      if (!isUsable()) {
        jdbc.close(); // the next call opens it again
      }
      Connection connection = jdbc.connection();
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < parameters.size(); i++) {
          statement.setObject(i + 1, parameters.get(i));
        }
        List<T> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            found.add(reader.read(rows));
          }
        }
        return found;
      } finally {
        if (!connection.getAutoCommit()) {
          connection.rollback(); // an open transaction would hold back the server's cleaning up
        }
      }
    } catch (SQLException e) {
      throw new DebeziumException("VectorConverter could not read PostgreSQL's catalog", e);
    }
  }

  private boolean isUsable() throws SQLException {
    return jdbc.connection().isValid(VALID_SECONDS);
  }
}
