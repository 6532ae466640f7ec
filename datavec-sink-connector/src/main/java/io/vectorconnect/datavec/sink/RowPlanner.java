package io.vectorconnect.datavec.sink;

import io.vectorconnect.datavec.sink.RowPlan.Cell;
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
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Makes row plans: matches a record's fields with its table, which it creates if it may. */
final class RowPlanner {
  private final DataVecSinkConfig config;

  RowPlanner(DataVecSinkConfig config) {
    this.config = config;
  }

  /**
   * The plan for records like this one.
   *
   * @throws DataException when such records cannot be written to the table
   */
  RowPlan plan(Session session, SinkRecord record) throws SQLException {
    TableId id = config.table(record.topic());
    return record.value() == null ? deletePlan(session, id, record) : rowPlan(session, id, record);
  }

  private RowPlan rowPlan(Session session, TableId id, SinkRecord record) throws SQLException {
    List<RecordField> values = RecordField.ofValue(record);
    List<RecordField> keys =
        switch (config.rows().pkMode()) {
          case RECORD_KEY -> RecordField.ofKey(record, config.rows().pkFields());
          case RECORD_VALUE -> RecordField.pick(values, config.rows().pkFields(), "value");
          case NONE -> List.of();
        };
    Set<String> keyNames = names(keys);
    List<RecordField> fields = new ArrayList<>(keys);
    values.stream().filter(field -> !keyNames.contains(field.name())).forEach(fields::add);

    Catalog.Table table = tableFor(session, id, fields, keys);
    if (config.rows().insertMode() == InsertMode.UPSERT) {
      requireUniqueKey(table, keyNames);
    }
    return new RowPlan(RowPlan.Kind.ROW, id, cells(table, fields), keys.size());
  }

  private RowPlan deletePlan(Session session, TableId id, SinkRecord record) throws SQLException {
    RowPlan nothing = new RowPlan(RowPlan.Kind.NOTHING, id, List.of(), 0);
    if (!config.rows().deleteEnabled()) {
      return nothing;
    }
    if (config.rows().insertMode() == InsertMode.INSERT
        || config.rows().pkMode() != PkMode.RECORD_KEY) {
      throw new DataException(
          "a delete needs insert.mode=upsert and pk.mode=record_key; set delete.enabled=false to"
              + " pass deletes over");
    }
    Optional<Catalog.Table> table = Catalog.table(session, id);
    if (table.isEmpty()) {
      return nothing;
    }
    List<RecordField> keys = RecordField.ofKey(record, config.rows().pkFields());
    return new RowPlan(RowPlan.Kind.DELETE, id, cells(table.get(), keys), keys.size());
  }

  private Catalog.Table tableFor(
      Session session, TableId id, List<RecordField> fields, List<RecordField> keys)
      throws SQLException {
    Optional<Catalog.Table> existing = Catalog.table(session, id);
    if (existing.isPresent()) {
      return existing.get();
    }
    if (!config.autoCreate()) {
      throw new DataException(
          "table %s does not exist; create it, or set auto.create=true".formatted(id));
    }
    session.execute(CreateTable.sql(session, id, fields, keys));
    session.commit();
    return Catalog.table(session, id)
        .orElseThrow(
            () ->
                new DataException(
                    "table %s was created and is not to be seen; does the user own its schema?"
                        .formatted(id)));
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
                          "table %s has no column %s; add it, or drop the field by a transform"
                              .formatted(table.id(), field.name())));
      cells.add(new Cell(column, field, encoder(table.id(), field, column)));
    }
    return cells;
  }

  private ColumnEncoder encoder(TableId table, RecordField field, Column column) {
    try {
      return VectorEncoders.of(field.schema(), column, config.rows().lossyCasts())
          .orElseGet(() -> ScalarEncoders.of(column));
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
