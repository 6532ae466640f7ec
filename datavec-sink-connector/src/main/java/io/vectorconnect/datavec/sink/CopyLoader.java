package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.PartialUpdate;
import io.vectorconnect.sql.sink.RowLoader;
import io.vectorconnect.sql.sink.RowPlan;
import io.vectorconnect.sql.sink.TableId;
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
final class CopyLoader implements RowLoader<Row> {
  private final Session session;
  private final InsertMode mode;
  private final Map<RowPlan<?>, String> stages = new HashMap<>();

  /** Staging tables that hold rows of the transaction under way. */
  private final Set<String> filled = new HashSet<>();

  CopyLoader(Session session, InsertMode mode) {
    this.session = session;
    this.mode = mode;
  }

  /** Makes the staging tables that a batch needs; they outlive its transaction. */
  @Override
  public void prepare(List<RowPlan<?>> plans) throws SQLException {
    filled.clear();
    if (mode == InsertMode.INSERT) {
      return;
    }
    for (RowPlan<?> plan : plans) {
      if (!stages.containsKey(plan)) {
        createStage(plan);
      }
    }
  }

  @Override
  public void truncate(TableId table) throws SQLException {
    session.execute("TRUNCATE TABLE " + DataVecDialect.NAMES.quote(table));
  }

  @Override
  public void load(List<Row> rows) throws SQLException {
    Map<RowPlan<?>, List<Row>> byPlan =
        rows.stream()
            .collect(Collectors.groupingBy(Row::plan, LinkedHashMap::new, Collectors.toList()));
    for (var entry : byPlan.entrySet()) {
      load(entry.getKey(), entry.getValue());
    }
  }

  private void load(RowPlan<?> plan, List<Row> rows) throws SQLException {
    String target = DataVecDialect.NAMES.quote(plan.table());
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
          throw new SQLException(PartialUpdate.NO_SUCH_ROW, NO_DATA);
        }
      }
      default ->
          session.execute(
              session.dialect().upsert(target, stage, plan.columnNames(), plan.keyNames()));
    }
  }

  /** A session's staging table empties itself at the end of every transaction. */
  private void createStage(RowPlan<?> plan) throws SQLException {
    String stage = DataVecDialect.NAMES.quote("vector_connect_stage_" + stages.size());
    String columns =
        plan.cells().stream()
            .map(RowPlan.Cell::column)
            .map(column -> DataVecDialect.NAMES.quote(column.name()) + " " + column.declaration())
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

  private static String update(String target, String stage, RowPlan<?> plan) {
    List<String> keys = plan.keyNames();
    List<String> told = plan.columnNames().subList(keys.size(), plan.columnNames().size());
    String updates =
        (told.isEmpty() ? keys : told)
            .stream()
                .map(DataVecDialect.NAMES::quote)
                .map(column -> column + " = s." + column)
                .collect(Collectors.joining(", "));
    return "UPDATE %s AS t SET %s FROM %s AS s WHERE %s"
        .formatted(target, updates, stage, on(keys));
  }

  private static String on(List<String> keys) {
    return keys.stream()
        .map(DataVecDialect.NAMES::quote)
        .map(key -> "t." + key + " = s." + key)
        .collect(Collectors.joining(" AND "));
  }
}
