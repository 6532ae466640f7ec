package io.vectorconnect.sql.sink.table;

import io.vectorconnect.config.Problem;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.SinkKeys;
import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import io.vectorconnect.sql.sink.SqlSinkConfig.ExistingTable;
import io.vectorconnect.sql.sink.index.IndexKeys;
import io.vectorconnect.sql.sink.index.IndexKeys.Build;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Looks whether a table that is there fits what the configuration says of its records. What only
 * the records tell is checked when they come.
 *
 * @param <C> the database's columns
 */
public final class ShapeCheck<C extends SqlColumn> {
  private final SqlDialect<C, ?> dialect;
  private final SqlTable<C> table;
  private final SqlSinkConfig config;

  /** A check of a table that is there. */
  public ShapeCheck(SqlDialect<C, ?> dialect, SqlTable<C> table, SqlSinkConfig config) {
    this.dialect = dialect;
    this.table = table;
    this.config = config;
  }

  /** The first problem found, if any. */
  public Optional<Problem> run() {
    if (config.existingTable() != ExistingTable.APPEND) {
      return Optional.empty(); // it is dropped, passed over, or refused when the connector runs
    }
    Optional<Problem> problem = unfitKey();
    for (Map.Entry<String, Integer> declared : config.columnTypes().dimensions().entrySet()) {
      problem = problem.or(() -> unfitVector(declared.getKey(), declared.getValue()));
    }
    return problem;
  }

  private Optional<Problem> unfitKey() {
    Set<String> key = Set.copyOf(config.rows().pkFields());
    if (config.rows().insertMode() != InsertMode.UPSERT || key.isEmpty() || table.hasKey(key)) {
      return Optional.empty();
    }
    return problem(
        SinkKeys.PK_FIELDS,
        "Table %s has no primary key or unique index of NOT NULL columns on exactly %s, which an upsert needs"
            .formatted(table.id(), config.rows().pkFields()));
  }

  private Optional<Problem> unfitVector(String name, int dimension) {
    Optional<C> found = table.column(name);
    if (found.isEmpty()) {
      return config.autoEvolve()
          ? Optional.empty()
          : problem(
              ColumnTypes.VECTOR_FIELDS,
              "Table %s has no column %s; add it, or set auto.evolve=true"
                  .formatted(table.id(), name));
    }
    C column = found.get();
    OptionalInt has = dialect.dimension(column);
    if (has.isEmpty()) {
      return problem(
          ColumnTypes.VECTOR_FIELDS,
          "Column %s of table %s is %s, not a vector"
              .formatted(name, table.id(), column.declaration()));
    }
    if (has.getAsInt() > 0 && has.getAsInt() != dimension) {
      return problem(
          ColumnTypes.VECTOR_FIELDS,
          "Column %s of table %s is %s, not of dimension %d"
              .formatted(name, table.id(), column.declaration(), dimension));
    }
    return unfitForIndex(column);
  }

  private Optional<Problem> unfitForIndex(C column) {
    if (config.index().build() == Build.NONE) {
      return Optional.empty();
    }
    try {
      dialect.index(table.id(), column, null);
      return Optional.empty();
    } catch (ConnectException e) {
      return problem(IndexKeys.BUILD, e.getMessage());
    }
  }

  private static Optional<Problem> problem(String key, String message) {
    return Optional.of(new Problem(key, message));
  }
}
