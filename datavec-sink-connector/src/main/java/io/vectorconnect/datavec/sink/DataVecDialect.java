package io.vectorconnect.datavec.sink;

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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/** What PostgreSQL and openGauss have in common among the SQL databases. */
final class DataVecDialect implements SqlDialect<Column, ColumnEncoder> {
  /** NAMEDATALEN - 1 of both databases. */
  static final Identifiers NAMES = Identifiers.inDoubleQuotes(63);

  private static final Clock CLOCK =
      new Clock("TIMESTAMP WITH TIME ZONE", "now()", "extract(epoch FROM now() - %s) * 1000");

  private static final Set<String> VECTOR_TYPES =
      Set.of("vector", "halfvec", "sparsevec", "bit", "varbit");

  /** What a column's type may become so that it holds more, and all that it held. */
  private static final Map<String, List<String>> WIDER =
      Map.of(
          "int2", List.of("int4", "int8"),
          "int4", List.of("int8"),
          "float4", List.of("float8"));

  /** Types whose values the server rounds where the column keeps fewer digits. */
  private static final Set<String> ROUNDED =
      Set.of("numeric", "timestamp", "timestamptz", "time", "timetz", "interval");

  private final DataVecSinkConfig config;

  DataVecDialect(DataVecSinkConfig config) {
    this.config = config;
  }

  @Override
  public Session open() throws SQLException {
    return Session.open(config);
  }

  @Override
  public Identifiers identifiers() {
    return NAMES;
  }

  @Override
  public SqlErrors errors() {
    return PostgresErrors.INSTANCE;
  }

  @Override
  public boolean foldsTableNames(SqlSession session) {
    return false; // every name is quoted
  }

  @Override
  public Optional<SqlTable<Column>> table(SqlSession session, TableId id) throws SQLException {
    return Catalog.table(session, id);
  }

  @Override
  public String createTable(
      SqlSession session, TableId id, List<RecordField> fields, List<RecordField> keys)
      throws SQLException {
    return CreateTable.sql(session, id, fields, keys, config.columnTypes());
  }

  @Override
  public List<String> evolution(
      SqlSession session, SqlTable<Column> table, List<RecordField> fields) throws SQLException {
    List<String> changes = new ArrayList<>();
    boolean complete = fields.stream().allMatch(field -> table.column(field.name()).isPresent());
    Set<String> vectorTypes = complete ? Set.of() : Catalog.vectorTypes(session);
    for (RecordField field : fields) {
      Optional<Column> column = table.column(field.name());
      String name = NAMES.quote(field.name());
      if (column.isEmpty()) {
        String type =
            config.columnTypes().of(table.id(), field, schema -> SqlTypes.of(schema, vectorTypes));
        changes.add("ADD COLUMN %s %s".formatted(name, type));
      } else {
        wider(column.get(), field.schema())
            .ifPresent(type -> changes.add("ALTER COLUMN %s TYPE %s".formatted(name, type)));
      }
    }
    return changes;
  }

  private static Optional<String> wider(Column column, Schema schema) {
    String wanted =
        schema == null || schema.name() != null
            ? ""
            : switch (schema.type()) {
              case INT32 -> "int4";
              case INT64 -> "int8";
              case FLOAT64 -> "float8";
              default -> "";
            };
    boolean widens =
        !column.isGenerated() && WIDER.getOrDefault(column.typeName(), List.of()).contains(wanted);
    return widens ? Optional.of(wanted) : Optional.empty();
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
              && (is.get().typeName().equals(was.typeName())
                  ? !ROUNDED.contains(was.typeName())
                      || is.get().modifier() < 0
                      || is.get().modifier() == was.modifier()
                  : WIDER.getOrDefault(was.typeName(), List.of()).contains(is.get().typeName()));
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
  public ColumnEncoder encoder(Schema schema, Column column, boolean inKey) {
    return VectorEncoders.of(schema, column, config.rows().lossyCasts())
        .orElseGet(() -> ScalarEncoders.of(schema, column));
  }

  @Override
  public OptionalInt dimension(Column column) {
    return VECTOR_TYPES.contains(column.typeName())
        ? OptionalInt.of(Math.max(0, column.modifier()))
        : OptionalInt.empty();
  }

  @Override
  public Optional<VectorIndex> index(TableId table, Column column, Schema schema) {
    return VectorIndexes.of(table, column, schema, config);
  }

  /** In the transaction under way: the index comes with it, or not at all. */
  @Override
  public void createIndex(SqlSession session, VectorIndex index) throws SQLException {
    if (!Catalog.indexExists(session, index)) {
      session.execute(index.definition());
    }
  }

  @Override
  public void prepareIndexBuild(SqlSession session) throws SQLException {
    var memory = config.indexKinds().memory();
    if (memory.isPresent()) {
      session.execute("SET maintenance_work_mem = '" + memory.get() + "'");
    }
    var workers = config.indexKinds().workers();
    if (workers.isPresent() && ((Session) session).dialect() == Dialect.POSTGRESQL) {
      session.execute("SET max_parallel_maintenance_workers = " + workers.get());
    }
    session.commit();
  }

  /** Only PostgreSQL tells. */
  @Override
  public List<String> indexProgress(SqlSession session, VectorIndex index) throws SQLException {
    return ((Session) session).dialect() == Dialect.POSTGRESQL
        ? session.query(
            "SELECT phase, tuples_done, tuples_total FROM pg_stat_progress_create_index p JOIN"
                + " pg_class c ON c.oid = p.relid WHERE c.relname = ?",
            row -> "%s, %d of %d rows".formatted(row.getString(1), row.getLong(2), row.getLong(3)),
            index.table().name())
        : List.of();
  }

  @Override
  public void alone(SqlSession session, String table, SqlSession.SqlWork work) throws SQLException {
    session.execute("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
    work.run();
    session.commit();
  }

  @Override
  public String keyText(int length) {
    return "VARCHAR(" + length + ")";
  }

  @Override
  public Optional<String> activity(SqlSession session, SqlSession other) throws SQLException {
    return Catalog.activity(session, ((Session) other).address());
  }

  @Override
  public Clock clock() {
    return CLOCK;
  }
}
