package io.vectorconnect.datavec.sink;

import io.vectorconnect.datavec.sink.IndexConfig.Build;
import io.vectorconnect.datavec.sink.RowPlan.Cell;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.PkMode;
import io.vectorconnect.sink.RecordField;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** Makes row plans: matches a record's fields with its table. */
final class RowPlanner {
  private final DataVecSinkConfig config;
  private final TableClaims claims;
  private final Tables tables;
  private final IndexBuilder indexes;

  RowPlanner(DataVecSinkConfig config, IndexBuilder indexes) {
    this.config = config;
    this.claims = new TableClaims(config);
    this.tables = new Tables(config);
    this.indexes = indexes;
  }

  /**
   * The plan for records like this one.
   *
   * @throws DataException when such records cannot be written to the table
   */
  RowPlan plan(Session session, Change change) throws SQLException {
    TableId id = config.table(change.record().topic());
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

  private RowPlan rowPlan(Session session, TableId id, Change change) throws SQLException {
    List<RecordField> values = config.rows().fields().ofRow(RecordField.ofRow(change));
    List<RecordField> keys = keys(change, values);
    Set<String> keyNames = names(keys);
    List<RecordField> fields = new ArrayList<>(keys);
    values.stream().filter(field -> !keyNames.contains(field.name())).forEach(fields::add);

    Catalog.Table table = tables.forRows(session, id, fields, keys);
    if (config.rows().insertMode() == InsertMode.UPSERT) {
      requireUniqueKey(table, keyNames);
    }
    Set<String> absent = names(config.rows().fields().ofRow(RecordField.absentOfRow(change)));
    if (!absent.isEmpty()) {
      return updatePlan(table, fields, keyNames, absent);
    }
    List<Cell> cells = cells(table, fields);
    wantIndexes(session, id, cells);
    return new RowPlan(RowPlan.Kind.ROW, id, cells, keys.size());
  }

  private RowPlan updatePlan(
      Catalog.Table table, List<RecordField> fields, Set<String> keyNames, Set<String> absent) {
    if (config.rows().insertMode() == InsertMode.INSERT) {
      throw new DataException(
          RowPlan.notTold(absent) + "; a change of a row needs insert.mode=upsert");
    }
    if (keyNames.stream().anyMatch(absent::contains)) {
      throw new DataException(RowPlan.notTold(absent) + ", which the key needs");
    }
    List<RecordField> told =
        fields.stream().filter(field -> !absent.contains(field.name())).toList();
    return new RowPlan(RowPlan.Kind.UPDATE, table.id(), cells(table, told), keyNames.size());
  }

  private void wantIndexes(Session session, TableId id, List<Cell> cells) throws SQLException {
    for (Cell cell : cells) {
      if (config.index().build() != Build.NONE && VectorIndex.isPossible(cell.column())) {
        Schema schema = cell.field().schema();
        indexes.want(session, VectorIndex.of(id, cell.column(), schema, config.index()));
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

  private RowPlan deletePlan(Session session, TableId id, Change change) throws SQLException {
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
    Optional<Catalog.Table> table = Catalog.table(session, id);
    if (table.isEmpty()) {
      return RowPlan.without(RowPlan.Kind.NO_TABLE, id);
    }
    List<RecordField> values =
        change.row() == null ? List.of() : config.rows().fields().ofRow(RecordField.ofRow(change));
    List<RecordField> keys = keys(change, values);
    return new RowPlan(RowPlan.Kind.DELETE, id, cells(table.get(), keys), keys.size());
  }

  private RowPlan truncatePlan(Session session, TableId id) throws SQLException {
    if (!config.rows().deleteEnabled()) {
      return RowPlan.without(RowPlan.Kind.NOTHING, id);
    }
    boolean exists = Catalog.table(session, id).isPresent();
    return RowPlan.without(exists ? RowPlan.Kind.TRUNCATE : RowPlan.Kind.NO_TABLE, id);
  }

  private static void requireUniqueKey(Catalog.Table table, Set<String> keyNames) {
    if (!table.uniqueKeys().contains(keyNames)) {
      throw new DataException(
          "table %s has no primary key or unique index on exactly (%s), which an upsert needs;"
                  .formatted(table.id(), String.join(", ", keyNames))
              + " create one, set pk.fields, or use insert.mode=insert");
    }
  }

  private List<Cell> cells(Catalog.Table table, List<RecordField> fields) {
    List<Cell> cells = new ArrayList<>();
    for (RecordField field : fields) {
      Column column =
          table
              .column(field.name())
              .orElseThrow(
                  () ->
                      new DataException(
                          "table %s has no column %s; add it, set auto.evolve=true, or leave the field out by fields.exclude"
                              .formatted(table.id(), field.name())));
      cells.add(new Cell(column, field, encoder(table.id(), field, column)));
    }
    return cells;
  }

  private ColumnEncoder encoder(TableId table, RecordField field, Column column) {
    try {
      return VectorEncoders.of(field.schema(), column, config.rows().lossyCasts())
          .orElseGet(() -> ScalarEncoders.of(field.schema(), column));
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
