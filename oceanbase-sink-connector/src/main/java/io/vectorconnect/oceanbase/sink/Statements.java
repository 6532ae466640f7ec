package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sql.sink.row.RowPlan;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements that write rows of one plan. */
final class Statements {
  private final RowPlan<?> plan;
  private final String table;

  Statements(RowPlan<?> plan) {
    this.plan = plan;
    this.table = OceanBaseDialect.NAMES.quote(plan.table());
  }

  /** Inserts so many rows; an upsert changes those that are there. */
  String insert(int rows, InsertMode mode) {
    String row = "(" + String.join(",", Collections.nCopies(plan.columnNames().size(), "?")) + ")";
    return beforeRows() + String.join(",", Collections.nCopies(rows, row)) + afterRows(mode);
  }

  /** An INSERT up to the first row's bracket. */
  String beforeRows() {
    return "INSERT INTO %s (%s) VALUES "
        .formatted(table, OceanBaseDialect.NAMES.list(plan.columnNames()));
  }

  /** An INSERT after the last row's bracket. */
  String afterRows(InsertMode mode) {
    return mode == InsertMode.INSERT ? "" : onDuplicateKey();
  }

  private String onDuplicateKey() {
    Stream<String> updates =
        Stream.concat(told().map(column -> column + "=VALUES(" + column + ")"), resets());
    return " ON DUPLICATE KEY UPDATE " + orKey(updates.toList());
  }

  private Stream<String> told() {
    return plan.columnNames().stream().skip(plan.keyCount()).map(OceanBaseDialect.NAMES::quote);
  }

  private Stream<String> resets() {
    return plan.resets().stream()
        .map(OceanBaseDialect.NAMES::quote)
        .map(column -> column + "=DEFAULT");
  }

  /** The assignments; of a row that has only a key, one that changes nothing. */
  private String orKey(List<String> assignments) {
    return assignments.isEmpty()
        ? plan.keyNames().stream()
            .map(OceanBaseDialect.NAMES::quote)
            .map(column -> column + "=" + column)
            .collect(Collectors.joining(","))
        : String.join(",", assignments);
  }

  /** Changes one row; the key's parameters come last. */
  String update() {
    Stream<String> updates = Stream.concat(told().map(column -> column + "=?"), resets());
    return "UPDATE %s SET %s WHERE %s"
        .formatted(
            table,
            orKey(updates.toList()),
            plan.keyNames().stream()
                .map(OceanBaseDialect.NAMES::quote)
                .map(column -> column + "=?")
                .collect(Collectors.joining(" AND ")));
  }

  /** Deletes so many rows. */
  String delete(int rows) {
    String keys = OceanBaseDialect.NAMES.list(plan.keyNames());
    if (plan.keyCount() == 1) {
      return "DELETE FROM %s WHERE %s IN (%s)"
          .formatted(table, keys, String.join(",", Collections.nCopies(rows, "?")));
    }
    String key = "(" + String.join(",", Collections.nCopies(plan.keyCount(), "?")) + ")";
    return "DELETE FROM %s WHERE (%s) IN (%s)"
        .formatted(table, keys, String.join(",", Collections.nCopies(rows, key)));
  }
}
