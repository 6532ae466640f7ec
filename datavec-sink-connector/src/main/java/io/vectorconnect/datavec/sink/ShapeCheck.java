package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.Problem;
import io.vectorconnect.datavec.sink.DataVecSinkConfig.ExistingTable;
import io.vectorconnect.datavec.sink.IndexConfig.Build;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.SinkKeys;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Looks whether a table that is there fits what the configuration says of its records. What only
 * the records tell is checked when they come.
 */
final class ShapeCheck {
  private static final Set<String> VECTOR_TYPES =
      Set.of("vector", "halfvec", "sparsevec", "bit", "varbit");

  private final Catalog.Table table;
  private final DataVecSinkConfig config;

  ShapeCheck(Catalog.Table table, DataVecSinkConfig config) {
    this.table = table;
    this.config = config;
  }

  /** The first problem found, if any. */
  Optional<Problem> run() {
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
    if (config.rows().insertMode() != InsertMode.UPSERT
        || key.isEmpty()
        || table.uniqueKeys().contains(key)) {
      return Optional.empty();
    }
    return problem(
        SinkKeys.PK_FIELDS,
        "Table %s has no primary key or unique index on exactly %s, which an upsert needs"
            .formatted(table.id(), config.rows().pkFields()));
  }

  private Optional<Problem> unfitVector(String name, int dimension) {
    Optional<Column> found = table.column(name);
    if (found.isEmpty()) {
      return config.autoEvolve()
          ? Optional.empty()
          : problem(
              ColumnTypes.VECTOR_FIELDS,
              "Table %s has no column %s; add it, or set auto.evolve=true"
                  .formatted(table.id(), name));
    }
    Column column = found.get();
    if (!VECTOR_TYPES.contains(column.type())) {
      return problem(
          ColumnTypes.VECTOR_FIELDS,
          "Column %s of table %s is %s, not a vector"
              .formatted(name, table.id(), column.declaration()));
    }
    if (column.modifier() > 0 && column.modifier() != dimension) {
      return problem(
          ColumnTypes.VECTOR_FIELDS,
          "Column %s of table %s is %s, not of dimension %d"
              .formatted(name, table.id(), column.declaration(), dimension));
    }
    return unfitForIndex(column);
  }

  private Optional<Problem> unfitForIndex(Column column) {
    if (config.index().build() == Build.NONE || !VectorIndex.isPossible(column)) {
      return Optional.empty();
    }
    try {
      VectorIndex.of(table.id(), column, null, config.index());
      return Optional.empty();
    } catch (ConnectException e) {
      return problem(IndexConfig.BUILD, e.getMessage());
    }
  }

  private static Optional<Problem> problem(String key, String message) {
    return Optional.of(new Problem(key, message));
  }
}
