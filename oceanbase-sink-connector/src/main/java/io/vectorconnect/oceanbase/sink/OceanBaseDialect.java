package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sink.RecordField;
import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlErrors;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.index.VectorIndex;
import io.vectorconnect.sql.sink.row.RowPlan;
import io.vectorconnect.sql.sink.table.Identifiers;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/** What OceanBase in MySQL mode does in its own way. */
final class OceanBaseDialect implements SqlDialect<Column, ValueEncoder> {
  static final Identifiers NAMES = Identifiers.inBackticks(64);

  private static final Clock CLOCK =
      new Clock("DATETIME(6)", "now(6)", "timestampdiff(microsecond, %s, now(6)) / 1000");

  /** What a column's type may become so that it holds more, and all that it held. */
  private static final Map<String, List<String>> WIDER =
      Map.of(
          "tinyint", List.of("SMALLINT", "INT", "BIGINT"),
          "smallint", List.of("INT", "BIGINT"),
          "int", List.of("BIGINT"),
          "float", List.of("DOUBLE"));

  /** Types of which the server rounds a value with more decimals, without a word. */
  private static final Set<String> ROUNDED = Set.of("decimal", "datetime", "timestamp", "time");

  /** Measured: half a second until the index of a broken connection was gone. */
  private static final long SETTLE_MS = 3_000;

  private static final int LOCK_NOT_AVAILABLE = 3572;

  private final OceanBaseSinkConfig config;

  OceanBaseDialect(OceanBaseSinkConfig config) {
    this.config = config;
  }

  @Override
  public OceanBaseSession open() throws SQLException {
    return OceanBaseSession.open(config);
  }

  @Override
  public Identifiers identifiers() {
    return NAMES;
  }

  @Override
  public SqlErrors errors() {
    return OceanBaseErrors.INSTANCE;
  }

  @Override
  public boolean foldsTableNames(SqlSession session) throws SQLException {
    return session.query("SELECT @@lower_case_table_names", row -> row.getInt(1)).get(0) != 0;
  }

  @Override
  public Optional<SqlTable<Column>> table(SqlSession session, TableId id) throws SQLException {
    return Catalog.table(session, id);
  }

  /** Texts in a collation that takes only equal texts for equal. */
  @Override
  public String createTable(
      SqlSession session, TableId id, List<RecordField> fields, List<RecordField> keys) {
    List<String> parts = new ArrayList<>();
    for (RecordField field : fields) {
      // Only key columns are NOT NULL: a source may stop to send any other field.
      boolean inKey = keys.contains(field);
      parts.add(
          "%s %s%s"
              .formatted(
                  NAMES.quote(field.name()),
                  type(id, field, inKey ? keys.size() : 0),
                  inKey ? " NOT NULL" : ""));
    }
    if (!keys.isEmpty()) {
      parts.add("PRIMARY KEY (" + NAMES.list(keys.stream().map(RecordField::name).toList()) + ")");
    }
    return "CREATE TABLE IF NOT EXISTS %s (%s) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin"
        .formatted(NAMES.quote(id), String.join(", ", parts));
  }

  private String type(TableId id, RecordField field, int keys) {
    return config.columnTypes().of(id, field, schema -> SqlTypes.of(schema, keys));
  }

  @Override
  public List<String> evolution(
      SqlSession session, SqlTable<Column> table, List<RecordField> fields) {
    List<String> changes = new ArrayList<>();
    for (RecordField field : fields) {
      Optional<Column> column = table.column(field.name());
      String name = NAMES.quote(field.name());
      if (column.isEmpty()) {
        changes.add("ADD COLUMN %s %s".formatted(name, type(table.id(), field, 0)));
      } else {
        wider(column.get(), field.schema())
            .ifPresent(type -> changes.add("MODIFY COLUMN %s %s".formatted(name, type)));
      }
    }
    return changes;
  }

  /** A BOOLEAN is a tinyint here, and grows like one. */
  private static Optional<String> wider(Column column, Schema schema) {
    String wanted =
        schema == null || schema.name() != null
            ? ""
            : switch (schema.type()) {
              case INT16 -> "SMALLINT";
              case INT32 -> "INT";
              case INT64 -> "BIGINT";
              case FLOAT64 -> "DOUBLE";
              default -> "";
            };
    boolean widens =
        !column.isUnsigned()
            && !column.isGenerated()
            && WIDER.getOrDefault(column.type(), List.of()).contains(wanted);
    return widens ? Optional.of(wanted + column.attributes()) : Optional.empty();
  }

  /**
   * A batch has rows for the columns that a table had; it has others now.
   *
   * @throws ConnectException when these might not hold the values of those
   */
  static void requireWider(RowPlan<?> plan, SqlTable<Column> now) {
    for (RowPlan.Cell<?> cell : plan.cells()) {
      Column was = (Column) cell.column();
      Optional<Column> is = now.column(was.name());
      boolean holds =
          is.isPresent()
              && (is.get().type().equals(was.type())
                  ? !ROUNDED.contains(was.type()) || is.get().scale() >= was.scale()
                  : WIDER
                      .getOrDefault(was.type(), List.of())
                      .contains(is.get().type().toUpperCase(Locale.ROOT)));
      if (!holds) {
        throw new ConnectException(
            "column %s of table %s was %s and is %s now, which might not hold what is on its way; restart the task, which then reads the records anew"
                .formatted(
                    was.name(),
                    now.id(),
                    was.declaration(),
                    is.map(Column::declaration).orElse("gone")));
      }
    }
  }

  @Override
  public ValueEncoder encoder(Schema schema, Column column, boolean inKey) {
    return VectorValues.of(schema, column, config.rows().lossyCasts())
        .orElseGet(() -> ScalarValues.of(schema, column, inKey));
  }

  @Override
  public OptionalInt dimension(Column column) {
    return switch (column.type()) {
      case "vector" -> OptionalInt.of(Math.toIntExact(column.length()));
      case "sparsevector" -> OptionalInt.of(0);
      default -> OptionalInt.empty();
    };
  }

  @Override
  public Optional<VectorIndex> index(TableId table, Column column, Schema schema) {
    return VectorIndexes.of(table, column, schema, config);
  }

  /**
   * Data definition knows no transactions here; a lock keeps two tasks from the same build. An
   * index whose build was broken off is listed for a moment longer, as if it were built: one that
   * is found must still be there a while later.
   */
  @Override
  public void createIndex(SqlSession session, VectorIndex index) throws SQLException {
    locked(
        "index " + NAMES.quote(index.table()) + index.name(),
        () -> {
          if (Catalog.indexExists(session, index)) {
            settle();
          }
          if (!Catalog.indexExists(session, index)) {
            session.execute(index.definition());
          }
        });
  }

  private static void settle() throws SQLException {
    try {
      Thread.sleep(SETTLE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", "HY000", LOCK_NOT_AVAILABLE, e);
    }
  }

  @Override
  public void prepareIndexBuild(SqlSession session) throws SQLException {
    ((OceanBaseSession) session).prepareIndexBuild();
  }

  @Override
  public void alone(SqlSession session, String table, SqlSession.SqlWork work) throws SQLException {
    locked(
        table,
        () -> {
          work.run();
          session.commit();
        });
  }

  /**
   * Holds a row of a table of locks meanwhile, in a transaction of another connection: data
   * definition would end one of this connection, and GET_LOCK outlives the server's end.
   */
  private void locked(String name, SqlSession.SqlWork work) throws SQLException {
    String locks = NAMES.quote(config.besideTheData("vector_connect_locks"));
    String lock = "%s.%08x".formatted(config.database(), name.hashCode());
    try (OceanBaseSession guard = open()) {
      guard.prepareIndexBuild(); // the lock may be held as long as an index is built
      guard.execute(
          "CREATE TABLE IF NOT EXISTS %s (name %s NOT NULL, PRIMARY KEY (name))"
              .formatted(locks, keyText(255)));
      guard.update("INSERT IGNORE INTO " + locks + " (name) VALUES (?)", lock);
      guard.commit();
      guard.query(
          "SELECT name FROM " + locks + " WHERE name = ? FOR UPDATE NOWAIT", row -> 1, lock);
      work.run();
    }
  }

  @Override
  public String keyText(int length) {
    return "VARCHAR(" + length + ") CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
  }

  /**
   * A proxy has connections of its own to the servers. Where the list does not contain the session,
   * the server's limits for statements and locks have to do.
   */
  @Override
  public Optional<String> activity(SqlSession session, SqlSession other) throws SQLException {
    long number = ((OceanBaseSession) other).number();
    List<String> commands =
        session.query(
            "SELECT command FROM information_schema.processlist WHERE id = ?",
            row -> row.getString(1),
            number);
    // Numbers are unique on one server only: other servers may list sessions with the same one.
    boolean isIdle = !commands.isEmpty() && commands.stream().allMatch("Sleep"::equals);
    return isIdle ? Optional.empty() : Optional.of("works at it");
  }

  @Override
  public Clock clock() {
    return CLOCK;
  }
}
