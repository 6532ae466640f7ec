package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.PartialUpdate;
import io.vectorconnect.sql.sink.RowLoader;
import io.vectorconnect.sql.sink.RowPlan;
import io.vectorconnect.sql.sink.SqlTable;
import io.vectorconnect.sql.sink.TableId;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Loads rows by COPY BINARY: straight into the table, or into a staging table that one statement
 * brings into the target. Lives as long as its session, to which the staging tables belong.
 */
final class CopyLoader implements RowLoader<Row> {
  /** "Serialization failure". */
  private static final String TRY_AGAIN = "40001";

  private final Session session;
  private final InsertMode mode;
  private final Map<RowPlan<?>, String> stages = new HashMap<>();

  /** Plans of the batch that do not fit their tables any more. */
  private final Set<RowPlan<?>> outdated = new HashSet<>();

  /** Staging tables that hold rows of the transaction under way. */
  private final Set<String> filled = new HashSet<>();

  CopyLoader(Session session, InsertMode mode) {
    this.session = session;
    this.mode = mode;
  }

  /** Makes the staging tables that a batch needs; they outlive its transaction. */
  @Override
  public Set<TableId> prepare(List<RowPlan<?>> plans) throws SQLException {
    filled.clear();
    outdated.clear();
    if (mode != InsertMode.INSERT) {
      createStages(plans);
    }
    Set<TableId> tables = new LinkedHashSet<>();
    plans.forEach(plan -> tables.add(plan.table()));
    for (TableId table : tables) {
      compare(table, plans.stream().filter(plan -> plan.table().equals(table)).toList());
    }
    if (mode == InsertMode.INSERT && !stages.keySet().containsAll(outdated)) {
      createStages(outdated); // which gives the table free: look again
      throw new SQLException("a table was altered at this moment", TRY_AGAIN);
    }
    return outdated.stream().map(RowPlan::table).collect(Collectors.toSet());
  }

  private void createStages(Collection<RowPlan<?>> plans) throws SQLException {
    for (RowPlan<?> plan : plans) {
      if (!stages.containsKey(plan)) {
        createStage(plan);
      }
    }
  }

  /**
   * Looks whether the columns are as they were when rows were encoded for them. Binary values that
   * go straight into the table must be of its very types: it is held by an empty COPY meanwhile.
   */
  private void compare(TableId id, List<RowPlan<?>> plans) throws SQLException {
    if (mode == InsertMode.INSERT) {
      RowPlan<?> any = plans.get(0);
      session.copy(DataVecDialect.NAMES.quote(id), any.columnNames(), List.of());
    }
    Optional<SqlTable<Column>> now = Catalog.columns(session, id);
    for (RowPlan<?> plan : plans) {
      if (now.isPresent() && !plan.fits(now.get())) {
        DataVecDialect.requireWider(plan, now.get());
        outdated.add(plan);
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
    if (mode == InsertMode.INSERT && !outdated.contains(plan)) {
      session.copy(target, plan.columnNames(), rows);
      return;
    }
    String stage = stages.get(plan);
    if (!filled.add(stage)) { // by a part of the same batch: it is being divided
      session.execute("TRUNCATE TABLE " + stage);
    }
    session.copy(stage, plan.columnNames(), rows);
    if (mode == InsertMode.INSERT) {
      session.execute(insert(target, stage, plan.columnNames()));
      return;
    }
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

  private static String insert(String target, String stage, List<String> columns) {
    String names = DataVecDialect.NAMES.list(columns);
    return "INSERT INTO %s (%s) SELECT %s FROM %s".formatted(target, names, names, stage);
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
