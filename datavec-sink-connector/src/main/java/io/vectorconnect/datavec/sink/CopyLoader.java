package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.PartialUpdate;
import io.vectorconnect.sql.sink.row.RowLoader;
import io.vectorconnect.sql.sink.row.RowPlan;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
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
 * Loads rows by COPY BINARY: straight into the table, or into a staging table that one or two
 * statements bring into the target. Lives as long as its session, to which the staging tables
 * belong. There is one for each target, whatever columns its rows have, and a few more where
 * columns changed their types.
 */
final class CopyLoader implements RowLoader<Row> {
  /** "Serialization failure". */
  private static final String TRY_AGAIN = "40001";

  /** "Cardinality violation". */
  private static final String AMBIGUOUS = "21000";

  /** More staging tables of one target: then the oldest is dropped. */
  private static final int MAX_STAGES = 4;

  private final Session session;
  private final InsertMode mode;
  private final Map<TableId, Deque<Stage>> stages = new HashMap<>();
  private int created;

  /** Plans of the batch that do not fit their tables any more. */
  private final Set<RowPlan<?>> outdated = new HashSet<>();

  /** Staging tables that hold rows of the transaction under way. */
  private final Set<Stage> filled = new HashSet<>();

  CopyLoader(Session session, InsertMode mode) {
    this.session = session;
    this.mode = mode;
  }

  /** Makes the staging tables that a batch needs; they outlive its transaction. */
  @Override
  public Set<TableId> prepare(List<RowPlan<?>> plans) throws SQLException {
    filled.clear();
    outdated.clear();
    Map<TableId, List<RowPlan<?>>> byTable =
        plans.stream()
            .collect(
                Collectors.groupingBy(RowPlan::table, LinkedHashMap::new, Collectors.toList()));
    if (mode != InsertMode.INSERT) {
      createStages(byTable);
    }
    for (Map.Entry<TableId, List<RowPlan<?>>> table : byTable.entrySet()) {
      compare(table.getKey(), table.getValue());
    }
    if (mode == InsertMode.INSERT && !outdated.stream().allMatch(plan -> stage(plan).isPresent())) {
      createStages(outdated.stream().collect(Collectors.groupingBy(RowPlan::table)));
      // The transaction that looked at the tables is over: look again.
      throw new SQLException("a table was altered at this moment", TRY_AGAIN);
    }
    return outdated.stream().map(RowPlan::table).collect(Collectors.toSet());
  }

  private void createStages(Map<TableId, List<RowPlan<?>>> byTable) throws SQLException {
    for (Map.Entry<TableId, List<RowPlan<?>>> table : byTable.entrySet()) {
      Set<RowPlan<?>> without = new LinkedHashSet<>(table.getValue());
      without.removeIf(plan -> stage(plan).isPresent());
      while (!without.isEmpty()) { // more than once only where plans differ about a column's type
        createStage(table.getKey(), without);
        without.removeIf(plan -> stage(plan).isPresent());
      }
    }
  }

  private Optional<Stage> stage(RowPlan<?> plan) {
    return stages.getOrDefault(plan.table(), new ArrayDeque<>()).stream()
        .filter(stage -> stage.takes(plan))
        .findFirst();
  }

  private void createStage(TableId table, Collection<RowPlan<?>> plans) throws SQLException {
    Deque<Stage> known = stages.computeIfAbsent(table, id -> new ArrayDeque<>());
    if (known.size() >= MAX_STAGES) {
      session.execute("DROP TABLE " + known.removeLast().name());
    }
    Map<String, String> earlier = known.isEmpty() ? Map.of() : known.peekFirst().columns();
    String name = DataVecDialect.NAMES.quote("vector_connect_stage_" + created++);
    Stage stage = new Stage(table, name, Stage.columns(earlier, plans));
    session.execute(stage.definition(session.dialect().stagingOptions(session, table)));
    session.commit();
    known.addFirst(stage);
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

  /** What is loaded together: the same is done with the rows, over the same staging table. */
  private record Group(RowPlan.Kind kind, List<String> keys, boolean resets, Stage stage) {}

  @Override
  public void load(List<Row> rows) throws SQLException {
    if (mode == InsertMode.INSERT) {
      for (var plan : byPlan(rows).entrySet()) {
        append(plan.getKey(), plan.getValue());
      }
      return;
    }
    Map<Group, List<Row>> byGroup = new LinkedHashMap<>();
    Map<RowPlan<?>, List<Row>> byPlan = new HashMap<>();
    for (Row row : rows) {
      byPlan
          .computeIfAbsent(
              row.plan(), plan -> byGroup.computeIfAbsent(group(plan), group -> new ArrayList<>()))
          .add(row);
    }
    for (var group : byGroup.entrySet()) {
      load(group.getKey(), group.getValue());
    }
  }

  private Group group(RowPlan<?> plan) {
    return new Group(
        plan.kind(), plan.keyNames(), !plan.resets().isEmpty(), stage(plan).orElseThrow());
  }

  private static Map<RowPlan<?>, List<Row>> byPlan(List<Row> rows) {
    return rows.stream()
        .collect(Collectors.groupingBy(Row::plan, LinkedHashMap::new, Collectors.toList()));
  }

  private void append(RowPlan<?> plan, List<Row> rows) throws SQLException {
    String target = DataVecDialect.NAMES.quote(plan.table());
    List<String> columns = plan.columnNames();
    if (!outdated.contains(plan)) {
      session.copy(target, columns, tuples(rows));
      return;
    }
    Stage stage = stage(plan).orElseThrow();
    fill(stage, columns, tuples(rows));
    String names = DataVecDialect.NAMES.list(columns);
    session.execute(
        "INSERT INTO %s (%s)%s SELECT %s FROM %s"
            .formatted(target, names, overriding(columns(plan)), names, stage.name()));
  }

  private void load(Group group, List<Row> rows) throws SQLException {
    MaskedRows masked = new MaskedRows(rows);
    if (masked.areAlike()) {
      loadAlike(group.stage(), rows.get(0).plan(), rows);
    } else if (masked.haveDefaults()) {
      load(group, masked, rows.size());
    } else {
      for (var plan : byPlan(rows).entrySet()) {
        loadAlike(group.stage(), plan.getKey(), plan.getValue());
      }
    }
  }

  private void loadAlike(Stage stage, RowPlan<?> plan, List<Row> rows) throws SQLException {
    String target = DataVecDialect.NAMES.quote(plan.table());
    fill(stage, plan.columnNames(), tuples(rows));
    switch (plan.kind()) {
      case DELETE -> session.execute(delete(target, stage.name(), plan.keyNames()));
      case UPDATE -> requireAll(session.update(update(target, stage.name(), plan)), rows.size());
      default ->
          session.execute(
              session.dialect().upsert(target, stage.name(), plan, overriding(columns(plan))));
    }
  }

  private void load(Group group, MaskedRows masked, int rows) throws SQLException {
    Stage stage = group.stage();
    String target = DataVecDialect.NAMES.quote(stage.target());
    fill(stage, masked.copied(), masked.tuples());
    Optional<String> update = masked.update(target, stage.name());
    int found = update.isPresent() ? session.update(update.get()) : 0;
    if (group.kind() == RowPlan.Kind.UPDATE) {
      requireAll(found, rows);
      return;
    }
    if (found == rows) {
      return;
    }
    int added = session.update(masked.insert(target, stage.name()));
    if (found + added < rows
        && !session.query(masked.ambiguous(stage.name()), row -> 1).isEmpty()) {
      throw new SQLException("two keys are the same in the database's eyes", AMBIGUOUS);
    }
  }

  private static void requireAll(int found, int rows) throws SQLException {
    if (found != rows) {
      throw new SQLException(PartialUpdate.NO_SUCH_ROW, NO_DATA);
    }
  }

  private void fill(Stage stage, List<String> columns, List<Row.Tuple> tuples) throws SQLException {
    if (!filled.add(stage)) { // by other rows of the same batch
      session.execute("TRUNCATE TABLE " + stage.name());
    }
    session.copy(stage.name(), columns, tuples);
  }

  private static List<Row.Tuple> tuples(List<Row> rows) {
    return rows.stream().map(Row::tuple).toList();
  }

  private static List<Column> columns(RowPlan<?> plan) {
    return plan.cells().stream().map(cell -> (Column) cell.column()).toList();
  }

  /** What an INSERT needs to say where the database would else refuse values for a column. */
  static String overriding(Collection<Column> columns) {
    return columns.stream().anyMatch(column -> column.filledBy() == Column.FilledBy.SEQUENCE_ALWAYS)
        ? " OVERRIDING SYSTEM VALUE"
        : "";
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

  static String on(List<String> keys) {
    return keys.stream()
        .map(DataVecDialect.NAMES::quote)
        .map(key -> "t." + key + " = s." + key)
        .collect(Collectors.joining(" AND "));
  }
}
