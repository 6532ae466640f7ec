package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.InsertMode;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Loads rows by COPY BINARY: straight into the table, or into a staging table that one statement
 * brings into the target. Lives as long as its session, to which the staging tables belong.
 */
final class RowLoader {
  static final String NO_SUCH_ROW =
      "the change event does not tell all columns (PostgreSQL leaves out a value in TOAST that did"
          + " not change), and the target has no row of this key to update; let the source tell by"
          + " ALTER TABLE ... REPLICA IDENTITY FULL";

  /** SQL's class of "no data". */
  private static final String NO_DATA = "02000";

  private final Session session;
  private final InsertMode mode;
  private final Map<RowPlan, String> stages = new HashMap<>();

  /** Staging tables that hold rows of the transaction under way. */
  private final Set<String> filled = new HashSet<>();

  RowLoader(Session session, InsertMode mode) {
    this.session = session;
    this.mode = mode;
  }

  /** Makes the staging tables that a batch needs; they outlive its transaction. */
  void prepare(RowBatch batch) throws SQLException {
    filled.clear();
    if (mode == InsertMode.INSERT) {
      return;
    }
    for (RowBatch.Changes changes : batch.tables().values()) {
      for (Row row : changes.rows()) {
        if (!stages.containsKey(row.plan())) {
          createStage(row.plan());
        }
      }
    }
  }

  /** Empties a table, in the transaction under way. */
  void truncate(TableId table) throws SQLException {
    session.execute("TRUNCATE TABLE " + table.sql());
  }

  /** Writes rows of one table, each key at most once, in the transaction under way. */
  void load(List<Row> rows) throws SQLException {
    Map<RowPlan, List<Row>> byPlan =
        rows.stream()
            .collect(Collectors.groupingBy(Row::plan, LinkedHashMap::new, Collectors.toList()));
    for (var entry : byPlan.entrySet()) {
      load(entry.getKey(), entry.getValue());
    }
  }

  private void load(RowPlan plan, List<Row> rows) throws SQLException {
    String target = plan.table().sql();
    if (mode == InsertMode.INSERT) {
      session.copy(target, plan.columnNames(), rows);
      return;
    }
    String stage = stages.get(plan);
    if (!filled.add(stage)) { // by a part of the same batch: it is being divided
      session.execute("TRUNCATE TABLE " + stage);
    }
    session.copy(stage, plan.columnNames(), rows);
    switch (plan.kind()) {
      case DELETE -> session.execute(delete(target, stage, plan.keyNames()));
      case UPDATE -> {
        int found = session.update(update(target, stage, plan));
        if (found != rows.size()) {
          throw new SQLException(NO_SUCH_ROW, NO_DATA);
        }
      }
      default ->
          session.execute(
              session.dialect().upsert(target, stage, plan.columnNames(), plan.keyNames()));
    }
  }

  /** A session's staging table empties itself at the end of every transaction. */
  private void createStage(RowPlan plan) throws SQLException {
    String stage = Identifiers.quote("vector_connect_stage_" + stages.size());
    String columns =
        plan.columns().stream()
            .map(column -> Identifiers.quote(column.name()) + " " + column.declaration())
            .collect(Collectors.joining(", "));
    session.execute(
        "CREATE TEMP TABLE %s (%s)%s ON COMMIT DELETE ROWS"
            .formatted(stage, columns, session.dialect().stagingOptions()));
    session.commit();
    stages.put(plan, stage);
  }

  private static String delete(String target, String stage, List<String> keys) {
    return "DELETE FROM %s AS t USING %s AS s WHERE %s".formatted(target, stage, on(keys));
  }

  private static String update(String target, String stage, RowPlan plan) {
    List<String> keys = plan.keyNames();
    List<String> told = plan.columnNames().subList(keys.size(), plan.columnNames().size());
    String updates =
        (told.isEmpty() ? keys : told)
            .stream()
                .map(Identifiers::quote)
                .map(column -> column + " = s." + column)
                .collect(Collectors.joining(", "));
    return "UPDATE %s AS t SET %s FROM %s AS s WHERE %s"
        .formatted(target, updates, stage, on(keys));
  }

  private static String on(List<String> keys) {
    return keys.stream()
        .map(Identifiers::quote)
        .map(key -> "t." + key + " = s." + key)
        .collect(Collectors.joining(" AND "));
  }
}
