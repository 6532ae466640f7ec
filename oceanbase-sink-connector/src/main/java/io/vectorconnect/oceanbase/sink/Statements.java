package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sql.sink.RowPlan;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

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
    String insert =
        "INSERT INTO %s (%s) VALUES %s"
            .formatted(
                table,
                OceanBaseDialect.NAMES.list(plan.columnNames()),
                String.join(",", Collections.nCopies(rows, row)));
    return mode == InsertMode.INSERT ? insert : insert + onDuplicateKey();
  }

  private String onDuplicateKey() {
    List<String> others = plan.columnNames().subList(plan.keyCount(), plan.columnNames().size());
    return " ON DUPLICATE KEY UPDATE "
        + (others.isEmpty() ? plan.keyNames() : others)
            .stream()
                .map(OceanBaseDialect.NAMES::quote)
                .map(column -> column + "=VALUES(" + column + ")")
                .collect(Collectors.joining(","));
  }

  /** Changes one row; the key's parameters come last. */
  String update() {
    List<String> told = plan.columnNames().subList(plan.keyCount(), plan.columnNames().size());
    return "UPDATE %s SET %s WHERE %s"
        .formatted(
            table,
            (told.isEmpty() ? plan.keyNames() : told)
                .stream()
                    .map(OceanBaseDialect.NAMES::quote)
                    .map(column -> told.isEmpty() ? column + "=" + column : column + "=?")
                    .collect(Collectors.joining(",")),
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
