package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.index.VectorIndex;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.DataException;

/** Reads the system catalogue; by what both databases have in common. */
final class Catalog {
  /** A schema's name, or an empty one for the session's own; some servers take that for NULL. */
  private static final String SCHEMA = "COALESCE(NULLIF(?, ''), current_schema(), 'public')";

  /** What a server does not have of these is given as the text ''. */
  private static final String COLUMNS =
      """
      SELECT a.attnum, a.attname, a.atttypmod, a.attnotnull, \
      pg_catalog.format_type(a.atttypid, a.atttypmod), a.atttypid, \
      %s, %s, pg_catalog.pg_get_expr(d.adbin, d.adrelid) \
      FROM pg_catalog.pg_attribute a \
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
      WHERE n.nspname = %s AND c.relname = ? AND c.relkind IN ('r', 'p') \
      AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";

  private static final String TYPES =
      """
      SELECT t.typtype, t.typname, t.typbasetype, t.typtypmod, e.oid, e.typname \
      FROM pg_catalog.pg_type t \
      LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' \
      WHERE t.oid = ?""";

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

  private record Found(
      int number,
      String name,
      int modifier,
      boolean notNull,
      String declaration,
      long type,
      Column.FilledBy filledBy,
      Optional<String> defaultValue) {}

  /**
   * The table, or empty when it does not exist.
   *
   * @throws DataException when something else has this name
   */
  static Optional<SqlTable<Column>> table(SqlSession session, TableId id) throws SQLException {
    List<Numbered> columns = numbered(session, id);
    if (columns.isEmpty()) {
      requireNothingElse(session, id);
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

  private static void requireNothingElse(SqlSession session, TableId id) throws SQLException {
    List<String> kinds =
        session.query(
            "SELECT c.relkind FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ="
                + " c.relnamespace WHERE c.relkind NOT IN ('r', 'p') AND n.nspname = "
                + SCHEMA
                + " AND c.relname = ?",
            row -> row.getString(1),
            id.schema(),
            id.name());
    if (!kinds.isEmpty()) {
      throw new DataException(
          "%s is %s, and the sink writes to tables only; change table.name.format"
              .formatted(id, kind(kinds.get(0))));
    }
  }

  private static String kind(String relkind) {
    return switch (relkind) {
      case "v" -> "a view";
      case "m" -> "a materialized view";
      case "f" -> "a foreign table";
      case "S" -> "a sequence";
      case "c" -> "a type";
      default -> "an index";
    };
  }

  /**
   * Whether policies of row-level security may hide rows from the user of this session, or refuse
   * them. On PostgreSQL, a policy that allows everything is none.
   */
  static boolean hasRowSecurity(SqlSession session, TableId id) throws SQLException {
    String table = DataVecDialect.NAMES.quote(id);
    return ((Session) session).dialect() == Dialect.POSTGRESQL
        ? session
            .query(
                "SELECT row_security_active(CAST(? AS text)) AND NOT ("
                    + "EXISTS (SELECT FROM pg_policy WHERE polrelid = CAST(? AS regclass)"
                    + " AND polpermissive AND polcmd = '*'"
                    + " AND pg_get_expr(polqual, polrelid) = 'true'"
                    + " AND COALESCE(pg_get_expr(polwithcheck, polrelid), 'true') = 'true'"
                    + " AND EXISTS (SELECT FROM unnest(polroles) AS r (role)"
                    + " WHERE CASE r.role WHEN 0 THEN true ELSE pg_has_role(r.role, 'USAGE') END))"
                    + " AND NOT EXISTS (SELECT FROM pg_policy"
                    + " WHERE polrelid = CAST(? AS regclass) AND NOT polpermissive))",
                row -> row.getBoolean(1),
                table,
                table,
                table)
            .get(0)
        : !session
            .query(
                "SELECT 1 FROM pg_catalog.pg_class WHERE oid = CAST(? AS regclass) AND"
                    + " array_to_string(reloptions, ',') LIKE '%enable_rowsecurity=true%' AND"
                    + " NOT pg_has_role(relowner, 'USAGE')",
                row -> 1, table)
            .isEmpty();
  }

  /** The table without its unique keys, for half of the requests: a batch asks this. */
  static Optional<SqlTable<Column>> columns(SqlSession session, TableId id) throws SQLException {
    List<Column> columns = numbered(session, id).stream().map(Numbered::column).toList();
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(new SqlTable<>(id, columns, List.of()));
  }

  private static List<Numbered> numbered(SqlSession session, TableId id) throws SQLException {
    Session connected = (Session) session;
    Session.Features features = connected.features();
    List<Found> found =
        session.query(
            COLUMNS.formatted(features.identity(), features.generated(), SCHEMA),
            row ->
                new Found(
                    row.getInt(1),
                    row.getString(2),
                    row.getInt(3),
                    row.getBoolean(4),
                    row.getString(5),
                    row.getLong(6),
                    filledBy(row.getString(7), row.getString(8)),
                    Optional.ofNullable(row.getString(9))),
            id.schema(),
            id.name());
    List<Numbered> columns = new ArrayList<>();
    for (Found column : found) {
      columns.add(
          new Numbered(
              column.number(),
              new Column(
                  column.name(),
                  connected.type(column.type(), column.modifier(), column.declaration()),
                  column.declaration(),
                  column.notNull(),
                  column.filledBy(),
                  column.defaultValue())));
    }
    return columns;
  }

  private static Column.FilledBy filledBy(String identity, String generated) {
    // "char" without a value is a NUL character in some servers' answers.
    if (generated != null && !generated.isEmpty() && generated.charAt(0) > ' ') {
      return Column.FilledBy.EXPRESSION;
    }
    return switch (identity == null ? "" : identity) {
      case "a" -> Column.FilledBy.SEQUENCE_ALWAYS;
      case "d" -> Column.FilledBy.SEQUENCE;
      default -> Column.FilledBy.STATEMENT;
    };
  }

  /**
   * Types by their numbers, and what lies under domains; types do not change, so once is enough.
   */
  static final class Types {
    private record Known(
        String kind, String name, long base, int baseModifier, Optional<Column.Element> element) {}

    private final Map<Long, Known> known = new HashMap<>();
    private final Map<Long, Column.Type> domains = new HashMap<>();

    /**
     * What a column's values are.
     *
     * @param modifier the column's own
     * @param declaration the column's own
     * @param countsBytes whether the database counts the bytes of texts
     */
    Column.Type resolve(
        SqlSession session, long oid, int modifier, String declaration, boolean countsBytes)
        throws SQLException {
      Known type = look(session, oid);
      if (!type.kind().equals("d")) {
        return type(type, modifier, declaration, countsBytes);
      }
      Column.Type domain = domains.get(oid);
      if (domain == null) {
        domain = underDomain(session, type, countsBytes);
        domains.put(oid, domain);
      }
      return domain;
    }

    /** A domain over a domain tells no modifier: the innermost one counts. */
    private Column.Type underDomain(SqlSession session, Known domain, boolean countsBytes)
        throws SQLException {
      Known type = domain;
      long base = 0;
      int modifier = -1;
      while (type.kind().equals("d")) {
        base = type.base();
        modifier = type.baseModifier();
        type = look(session, base);
      }
      String declaration =
          session
              .query(
                  "SELECT pg_catalog.format_type(CAST(? AS oid), ?)",
                  row -> row.getString(1),
                  base,
                  modifier)
              .get(0);
      return type(type, modifier, declaration, countsBytes);
    }

    private static Column.Type type(
        Known type, int modifier, String declaration, boolean countsBytes) {
      String name = type.kind().equals("e") ? "enum" : type.name();
      boolean bytes = countsBytes && (name.equals("varchar") || name.equals("bpchar"));
      return new Column.Type(name, modifier, declaration, bytes, type.element());
    }

    private Known look(SqlSession session, long oid) throws SQLException {
      Known type = known.get(oid);
      if (type == null) {
        type =
            session
                .query(
                    TYPES,
                    row -> {
                      int element = (int) row.getLong(5); // unsigned; what matters are its 32 bits
                      return new Known(
                          row.getString(1),
                          row.getString(2),
                          row.getLong(3),
                          row.getInt(4),
                          Optional.ofNullable(row.getString(6))
                              .map(name -> new Column.Element(element, name)));
                    },
                    oid)
                .get(0);
        known.put(oid, type);
      }
      return type;
    }
  }

  static boolean indexExists(SqlSession session, VectorIndex index) throws SQLException {
    TableId table = index.table();
    return !session
        .query(
            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                + " ON n.oid = c.relnamespace JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid"
                + " JOIN pg_catalog.pg_class t ON t.oid = i.indrelid WHERE n.nspname = "
                + SCHEMA
                + " AND c.relname = ? AND t.relname = ? AND i.indisvalid",
            row -> 1,
            table.schema(),
            index.name(),
            table.name())
        .isEmpty();
  }

  /**
   * PostgreSQL has identity columns from 10 on and generated ones from 12 on; openGauss its own.
   */
  static Session.Features features(SqlSession session) throws SQLException {
    List<String> has =
        session.query(
            "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid IN"
                + " ('pg_catalog.pg_attribute'::regclass, 'pg_catalog.pg_attrdef'::regclass)"
                + " AND attname IN ('attidentity', 'attgenerated', 'adgencol')",
            row -> row.getString(1));
    return new Session.Features(
        has.contains("attidentity") ? "a.attidentity" : "''",
        has.contains("attgenerated")
            ? "a.attgenerated"
            : has.contains("adgencol") ? "d.adgencol" : "''");
  }

  /**
   * Where the server sees a session's client. The number of its process is no such thing: it
   * changes where openGauss has a pool of threads.
   */
  static String address(SqlSession session) throws SQLException {
    return session
        .query("SELECT host(inet_client_addr()) || ' ' || inet_client_port()", r -> r.getString(1))
        .get(0);
  }

  /** What the server does for the session with this address. */
  static Optional<String> activity(SqlSession session, String address) throws SQLException {
    boolean postgresql = ((Session) session).dialect() == Dialect.POSTGRESQL;
    String waiting =
        postgresql
            ? "coalesce(wait_event_type, ''), coalesce(wait_event, ''),"
                + " array_to_string(pg_blocking_pids(pid), ', ')"
            : "'', '', ''"; // openGauss tells no more than that it is active
    return session
        .query(
            "SELECT %s FROM pg_catalog.pg_stat_activity WHERE state = 'active' AND host(client_addr) || ' ' || client_port = ?"
                .formatted(waiting),
            row -> activity(row.getString(1), row.getString(2), row.getString(3)),
            address)
        .stream()
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> activity(String waitsFor, String event, String holders) {
    return switch (waitsFor) {
      case "Client" -> Optional.empty(); // it waits for the sink, which waits for it
      case "Lock" ->
          Optional.of(
              "waits for a lock"
                  + (event.isEmpty() ? "" : " on a " + event)
                  + (holders.isEmpty() ? "" : ", held by process " + holders));
      default -> Optional.of("works at it");
    };
  }

  /** In openGauss's modes A and C, the n of varchar(n) and char(n) counts bytes. */
  static boolean countsBytes(SqlSession session) throws SQLException {
    return session
        .query(
            "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'sql_compatibility'",
            row -> row.getString(1))
        .stream()
        .anyMatch(mode -> mode.equals("A") || mode.equals("C"));
  }

  /**
   * Puts the schema of the type vector at the end of the search path, where it is not on it: the
   * names of types and operator classes are then found in every statement, and no other name is
   * found elsewhere than before.
   */
  static void makeVectorsVisible(SqlSession session) throws SQLException {
    List<String> hidden =
        session.query(
            "SELECT quote_ident(n.nspname) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n"
                + " ON n.oid = t.typnamespace WHERE t.typname = 'vector'"
                + " AND has_schema_privilege(n.oid, 'USAGE') AND NOT EXISTS (SELECT 1 FROM"
                + " pg_catalog.pg_type v WHERE v.typname = 'vector' AND pg_type_is_visible(v.oid))",
            row -> row.getString(1));
    if (!hidden.isEmpty()) {
      session.query(
          "SELECT set_config('search_path', current_setting('search_path') || ', ' || ?, false)",
          row -> 1,
          hidden.get(0));
    }
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

  /** What openGauss stores a table as, where its definition says so: ASTORE or USTORE. */
  static Optional<String> storage(SqlSession session, TableId id) throws SQLException {
    return session
        .query(
            "SELECT array_to_string(c.reloptions, ',') FROM pg_catalog.pg_class c JOIN"
                + " pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = "
                + SCHEMA
                + " AND c.relname = ? AND c.reloptions IS NOT NULL",
            row -> row.getString(1).toUpperCase(Locale.ROOT),
            id.schema(),
            id.name())
        .stream()
        .flatMap(
            options ->
                Stream.of("ASTORE", "USTORE")
                    .filter(storage -> options.contains("STORAGE_TYPE=" + storage)))
        .findFirst();
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
