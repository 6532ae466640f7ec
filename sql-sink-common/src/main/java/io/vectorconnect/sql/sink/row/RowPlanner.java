package io.vectorconnect.sql.sink.row;

import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.PartialUpdate;
import io.vectorconnect.sink.PkMode;
import io.vectorconnect.sink.RecordField;
import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import io.vectorconnect.sql.sink.index.IndexBuilder;
import io.vectorconnect.sql.sink.index.IndexKeys.Build;
import io.vectorconnect.sql.sink.index.VectorIndex;
import io.vectorconnect.sql.sink.row.RowPlan.Cell;
import io.vectorconnect.sql.sink.table.SqlColumn;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableClaims;
import io.vectorconnect.sql.sink.table.TableId;
import io.vectorconnect.sql.sink.table.Tables;
import io.vectorconnect.sql.sink.table.TopicTables;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes row plans: matches a record's fields with its table. */
public final class RowPlanner<C extends SqlColumn, E> {
  private static final Logger log = LoggerFactory.getLogger(RowPlanner.class);

  private final SqlSinkConfig config;
  private final SqlDialect<C, E> dialect;
  private final TableClaims claims;
  private final Tables<C> tables;
  private final IndexBuilder indexes;
  private final TopicTables topics;

  /** Generated columns that were told to be left out. */
  private final Set<String> leftOut = new HashSet<>();

  public RowPlanner(
      SqlSinkConfig config,
      SqlDialect<C, E> dialect,
      IndexBuilder indexes,
      Consumer<TableId> altered) {
    this.config = config;
    this.dialect = dialect;
    this.claims = new TableClaims(config, dialect);
    this.tables = new Tables<>(config, dialect, altered);
    this.indexes = indexes;
    this.topics = new TopicTables(config, dialect);
  }

  /** Asks the database again for the tables that it was asked for. */
  public void lookAgain() {
    tables.lookAgain();
  }

  /**
   * The plan for records like this one.
   *
   * @throws DataException when such records cannot be written to the table
   */
  public RowPlan<E> plan(SqlSession session, Change change) throws SQLException {
    TableId id = config.table(change.record().topic());
    topics.add(session, change.record().topic());
    if (!claims.take(session, id)) {
      return RowPlan.without(RowPlan.Kind.NOTHING, id);
    }
    return switch (change.kind()) {
      case UPSERT -> rowPlan(session, id, change);
      case DELETE -> deletePlan(session, id, change);
      case TRUNCATE -> truncatePlan(session, id);
      case NOTHING -> RowPlan.without(RowPlan.Kind.NOTHING, id);
    };
  }

  private RowPlan<E> rowPlan(SqlSession session, TableId id, Change change) throws SQLException {
    List<RecordField> values = config.rows().fields().ofRow(RecordField.ofRow(change));
    requireDistinct(values);
    List<RecordField> keys = keys(change, values);
    requireDistinct(keys);
    Set<String> keyNames = names(keys);
    List<RecordField> fields = new ArrayList<>(keys);
    values.stream().filter(field -> !keyNames.contains(field.name())).forEach(fields::add);

    SqlTable<C> table = tables.forRows(session, id, fields, keys);
    if (config.rows().insertMode() == InsertMode.UPSERT) {
      requireUniqueKey(table, keyNames);
    }
    Set<String> absent = names(config.rows().fields().ofRow(RecordField.absentOfRow(change)));
    if (!absent.isEmpty()) {
      return updatePlan(table, fields, keyNames, absent);
    }
    List<Cell<E>> cells = cells(table, fields, keyNames);
    List<String> resets = List.of();
    if (isWhole(change)) {
      List<C> missing = missing(table, fields);
      cells = inOrderOfTheTable(table, keys.size(), withNulls(cells, missing));
      resets = names(missing, SqlColumn.Missing.DEFAULT);
    }
    wantIndexes(session, table, fields);
    long writable = table.columns().stream().filter(column -> !column.isGenerated()).count();
    boolean whole = cells.size() + resets.size() == writable;
    return new RowPlan<>(RowPlan.Kind.ROW, id, cells, keys.size(), resets, whole);
  }

  /** A document has no value for a field that it does not have. */
  private boolean isWhole(Change change) {
    return change.schema() == null
        && config.replacesWholeRows()
        && config.rows().insertMode() == InsertMode.UPSERT;
  }

  /** The columns that a record could have had values for. */
  private List<C> missing(SqlTable<C> table, List<RecordField> fields) {
    Set<String> named = names(fields);
    return table.columns().stream()
        .filter(column -> !column.isGenerated() && !named.contains(column.name()))
        .filter(column -> config.rows().fields().mayFill(column.name()))
        .toList();
  }

  private List<Cell<E>> withNulls(List<Cell<E>> cells, List<C> missing) {
    List<Cell<E>> all = new ArrayList<>(cells);
    for (C column : missing) {
      if (column.missing() == SqlColumn.Missing.NULL) {
        all.add(new Cell<>(column, new RecordField(column.name(), null, change -> null), null));
      }
    }
    return all;
  }

  private List<String> names(List<C> columns, SqlColumn.Missing missing) {
    return columns.stream()
        .filter(column -> column.missing() == missing)
        .map(SqlColumn::name)
        .toList();
  }

  /** Documents have their fields in any order, and those of one table are written together. */
  private List<Cell<E>> inOrderOfTheTable(SqlTable<C> table, int keyCount, List<Cell<E>> cells) {
    List<String> order = table.columns().stream().map(SqlColumn::name).toList();
    List<Cell<E>> sorted = new ArrayList<>(cells.subList(0, keyCount));
    cells.stream()
        .skip(keyCount)
        .sorted(Comparator.comparingInt(cell -> order.indexOf(cell.column().name())))
        .forEach(sorted::add);
    return sorted;
  }

  private RowPlan<E> updatePlan(
      SqlTable<C> table, List<RecordField> fields, Set<String> keyNames, Set<String> absent) {
    if (config.rows().insertMode() == InsertMode.INSERT) {
      throw new DataException(
          PartialUpdate.notTold(absent) + "; a change of a row needs insert.mode=upsert");
    }
    if (keyNames.stream().anyMatch(absent::contains)) {
      throw new DataException(PartialUpdate.notTold(absent) + ", which the key needs");
    }
    List<RecordField> told =
        fields.stream().filter(field -> !absent.contains(field.name())).toList();
    return new RowPlan<>(
        RowPlan.Kind.UPDATE, table.id(), cells(table, told, keyNames), keyNames.size());
  }

  private static void requireDistinct(List<RecordField> fields) {
    Set<String> names = new HashSet<>();
    for (RecordField field : fields) {
      if (!names.add(field.name())) {
        throw new DataException(
            "two fields of the record become column %s; rename one by fields.mapping, or leave it out by fields.exclude"
                .formatted(field.name()));
      }
    }
  }

  private void wantIndexes(SqlSession session, SqlTable<C> table, List<RecordField> fields)
      throws SQLException {
    if (config.index().build() == Build.NONE) {
      return;
    }
    for (RecordField field : fields) {
      C column = table.column(field.name()).orElseThrow();
      if (column.isGenerated()) {
        continue;
      }
      Optional<VectorIndex> index = dialect.index(table.id(), column, field.schema());
      if (index.isPresent()) {
        indexes.want(session, index.get());
      }
    }
  }

  private List<RecordField> keys(Change change, List<RecordField> values) {
    return switch (config.rows().pkMode()) {
      case RECORD_KEY ->
          config.rows().fields().ofKey(RecordField.ofKey(change, config.rows().pkFields()));
      case RECORD_VALUE -> RecordField.pick(values, config.rows().pkFields(), "value");
      case NONE -> List.of();
    };
  }

  private RowPlan<E> deletePlan(SqlSession session, TableId id, Change change) throws SQLException {
    if (!config.rows().deleteEnabled()) {
      return RowPlan.without(RowPlan.Kind.NOTHING, id);
    }
    boolean keyed =
        config.rows().pkMode() == PkMode.RECORD_KEY
            || (config.rows().pkMode() == PkMode.RECORD_VALUE && change.row() != null);
    if (config.rows().insertMode() == InsertMode.INSERT || !keyed) {
      throw new DataException(
          "a delete needs insert.mode=upsert, and pk.mode=record_key or the deleted row in the"
              + " record; set delete.enabled=false to pass deletes over");
    }
    Optional<SqlTable<C>> table = tables.find(session, id);
    if (table.isEmpty()) {
      return RowPlan.without(RowPlan.Kind.NO_TABLE, id);
    }
    List<RecordField> values =
        change.row() == null ? List.of() : config.rows().fields().ofRow(RecordField.ofRow(change));
    List<RecordField> keys = keys(change, values);
    return new RowPlan<>(
        RowPlan.Kind.DELETE, id, cells(table.get(), keys, names(keys)), keys.size());
  }

  private RowPlan<E> truncatePlan(SqlSession session, TableId id) throws SQLException {
    if (!config.rows().deleteEnabled()) {
      return RowPlan.without(RowPlan.Kind.NOTHING, id);
    }
    boolean exists = tables.find(session, id).isPresent();
    return RowPlan.without(exists ? RowPlan.Kind.TRUNCATE : RowPlan.Kind.NO_TABLE, id);
  }

  private static void requireUniqueKey(SqlTable<?> table, Set<String> keyNames) {
    if (!table.hasKey(keyNames)) {
      throw new DataException(
          "table %s has no primary key or unique index on exactly (%s), without columns that may be NULL, which an upsert needs;"
                  .formatted(table.id(), String.join(", ", keyNames))
              + " create one, set pk.fields, or use insert.mode=insert");
    }
  }

  private List<Cell<E>> cells(SqlTable<C> table, List<RecordField> fields, Set<String> keys) {
    List<Cell<E>> cells = new ArrayList<>();
    for (RecordField field : fields) {
      C column =
          table
              .column(field.name())
              .orElseThrow(
                  () ->
                      new DataException(
                          "table %s has no column %s; add it, set auto.evolve=true, or leave the field out by fields.exclude"
                              .formatted(table.id(), field.name())));
      boolean inKey = keys.contains(field.name());
      if (column.isGenerated()) {
        leaveOut(table.id(), column, inKey);
      } else {
        cells.add(new Cell<>(column, field, encoder(table.id(), field, column, inKey)));
      }
    }
    return cells;
  }

  /** The database computes it, from what the record says of the other columns. */
  private void leaveOut(TableId table, C column, boolean inKey) {
    if (inKey) {
      throw new DataException(
          "column %s of table %s is generated, and cannot be the key by which rows are written; set pk.fields"
              .formatted(column.name(), table));
    }
    if (leftOut.add(table + "." + column.name())) {
      log.info(
          "Column {} of table {} is generated by the database: the records' values for it are left out",
          column.name(),
          table);
    }
  }

  private E encoder(TableId table, RecordField field, C column, boolean inKey) {
    try {
      return dialect.encoder(field.schema(), column, inKey);
    } catch (DataException e) {
      throw new DataException(
          "column %s (%s) of table %s: %s"
              .formatted(column.name(), column.declaration(), table, e.getMessage()));
    }
  }

  private static Set<String> names(List<RecordField> fields) {
    return fields.stream().map(RecordField::name).collect(Collectors.toCollection(HashSet::new));
  }
}
