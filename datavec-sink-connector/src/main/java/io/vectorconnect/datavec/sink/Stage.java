package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.row.RowPlan;
import io.vectorconnect.sql.sink.table.TableId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A temporary table of the session, through which rows of all shapes get into one target. It has
 * the target's columns, as far as rows had values for them, and a column of bits that say which
 * columns a row has.
 *
 * @param name quoted
 * @param columns the declared type of each column by its name
 */
record Stage(TableId target, String name, Map<String, String> columns) {
  /** One bit for each column of a row, in the order of a COPY's columns. */
  static final String MASK = "vector_connect_mask";

  /** A stage with the columns of another one, and more. */
  static Map<String, String> columns(Map<String, String> earlier, Collection<RowPlan<?>> plans) {
    Map<String, String> columns = new LinkedHashMap<>(earlier);
    for (RowPlan<?> plan : plans) {
      plan.cells().forEach(cell -> columns.put(cell.column().name(), declaration(cell)));
    }
    return columns;
  }

  /** Whether it has every column of a plan, with the types that its rows are encoded for. */
  boolean takes(RowPlan<?> plan) {
    return plan.cells().stream()
        .allMatch(cell -> declaration(cell).equals(columns.get(cell.column().name())));
  }

  /** Of a domain, its base type: a domain may refuse the NULL of a column that a row lacks. */
  private static String declaration(RowPlan.Cell<?> cell) {
    return ((Column) cell.column()).type().declaration();
  }

  /** A session's staging table empties itself at the end of every transaction. */
  String definition(String options) {
    String list =
        columns.entrySet().stream()
            .map(column -> DataVecDialect.NAMES.quote(column.getKey()) + " " + column.getValue())
            .collect(Collectors.joining(", "));
    return "CREATE TEMP TABLE %s (%s, %s bit varying)%s ON COMMIT DELETE ROWS"
        .formatted(name, list, MASK, options);
  }
}
