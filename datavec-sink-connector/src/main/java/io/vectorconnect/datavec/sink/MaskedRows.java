package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.row.RowPlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows of several shapes of one table, each as a tuple of the columns of all shapes with a mask
 * that says which of them the row has. What a row lacks keeps its value in a row that is there, and
 * gets the column's default in a new one. A row that replaces the whole row resets the column to
 * its default.
 */
final class MaskedRows {
  private final List<Row> rows;
  private final List<String> keys;
  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final Map<String, Integer> shapesWith = new HashMap<>();
  private final List<RowPlan<ColumnEncoder>> plans;

  /** Columns that get their default where a row has no value for them. */
  private final Set<String> resets = new LinkedHashSet<>();

  MaskedRows(List<Row> rows) {
    this.rows = rows;
    this.plans = rows.stream().map(Row::plan).distinct().toList();
    this.keys = plans.get(0).keyNames();
    for (RowPlan<ColumnEncoder> plan : plans) {
      for (RowPlan.Cell<ColumnEncoder> cell : plan.cells()) {
        columns.putIfAbsent(cell.column().name(), (Column) cell.column());
        shapesWith.merge(cell.column().name(), 1, Integer::sum);
      }
      resets.addAll(plan.resets());
    }
  }

  /** Whether all rows have the same columns, so that no mask is needed. */
  boolean areAlike() {
    RowPlan<?> first = plans.get(0);
    return plans.stream()
        .allMatch(
            plan ->
                plan.columnNames().equals(first.columnNames())
                    && plan.resets().equals(first.resets()));
  }

  /** Whether there is SQL for what a new row gets in a column that it lacks. */
  boolean haveDefaults() {
    return columns.values().stream()
        .allMatch(
            column ->
                isInAll(column.name())
                    || (column.filledBy() != Column.FilledBy.SEQUENCE
                        && column.filledBy() != Column.FilledBy.SEQUENCE_ALWAYS));
  }

  private boolean isInAll(String column) {
    return shapesWith.get(column) == plans.size();
  }

  /** The columns of a COPY of {@link #tuples}. */
  List<String> copied() {
    List<String> names = new ArrayList<>(columns.keySet());
    names.add(Stage.MASK);
    return names;
  }

  List<Row.Tuple> tuples() {
    Map<RowPlan<?>, Layout> layouts = new HashMap<>();
    List<Row.Tuple> tuples = new ArrayList<>(rows.size());
    CopyBuffer out = new CopyBuffer(BufferPool.BUFFER);
    for (Row row : rows) {
      Layout layout = layouts.computeIfAbsent(row.plan(), this::layout);
      if (out.size() + row.tuple().length() > BufferPool.BUFFER && out.size() > 0) {
        out = new CopyBuffer(BufferPool.BUFFER);
      }
      tuples.add(layout.tuple(row, out));
    }
    return tuples;
  }

  /**
   * Where the values of all columns are in rows of one shape.
   *
   * @param places of each column in a row, or -1
   * @param mask the bits, as varbit_recv reads them: their number, then bytes, the first bit
   *     highest
   */
  private record Layout(int[] places, int fields, byte[] mask) {
    Row.Tuple tuple(Row row, CopyBuffer out) {
      ByteBuffer[] values = row.tuple().fields(fields);
      int from = out.size();
      out.putShort(places.length + 1);
      for (int place : places) {
        if (place < 0) {
          out.putNull();
        } else {
          out.putBytes(values[place]);
        }
      }
      out.putInt(Integer.BYTES + mask.length);
      out.putInt(places.length);
      out.putBytes(mask);
      return new Row.Tuple(out, from, out.size() - from);
    }
  }

  private Layout layout(RowPlan<?> plan) {
    List<String> has = plan.columnNames();
    int[] places = columns.keySet().stream().mapToInt(has::indexOf).toArray();
    byte[] mask = new byte[(places.length + 7) / 8];
    for (int i = 0; i < places.length; i++) {
      if (places[i] >= 0) {
        mask[i >>> 3] |= (byte) (0x80 >>> (i & 7));
      }
    }
    return new Layout(places, has.size(), mask);
  }

  /** Changes the rows that are there; empty when the rows have nothing but a key. */
  Optional<String> update(String target, String stage) {
    Stream<String> told =
        columns.keySet().stream()
            .filter(column -> !keys.contains(column))
            .map(
                column -> DataVecDialect.NAMES.quote(column) + " = " + value(column, kept(column)));
    Stream<String> untold =
        Dialect.resets(resets.stream().filter(column -> !columns.containsKey(column)).toList());
    String updates = Stream.concat(told, untold).collect(Collectors.joining(", "));
    return updates.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "UPDATE %s AS t SET %s FROM %s AS s WHERE %s"
                .formatted(target, updates, stage, CopyLoader.on(keys)));
  }

  /** What a column of a row that is there becomes where a record has no value for it. */
  private String kept(String column) {
    return resets.contains(column)
        ? defaultOf(columns.get(column))
        : "t." + DataVecDialect.NAMES.quote(column);
  }

  private static String defaultOf(Column column) {
    return column.defaultValue().orElse("NULL");
  }

  /** Adds the rows that are not there. */
  String insert(String target, String stage) {
    String values =
        columns.values().stream()
            .map(column -> value(column.name(), defaultOf(column)))
            .collect(Collectors.joining(", "));
    return "INSERT INTO %s (%s)%s SELECT %s FROM %s AS s WHERE NOT EXISTS (SELECT 1 FROM %s AS t WHERE %s)"
        .formatted(
            target,
            DataVecDialect.NAMES.list(columns.keySet()),
            CopyLoader.overriding(columns.values()),
            values,
            stage,
            target,
            CopyLoader.on(keys));
  }

  /** Keys that differ in bytes and not in the database's eyes: which of two rows wins is chance. */
  String ambiguous(String stage) {
    return "SELECT 1 FROM %s GROUP BY %s HAVING count(*) > 1 LIMIT 1"
        .formatted(stage, DataVecDialect.NAMES.list(keys));
  }

  private String value(String column, String otherwise) {
    String staged = "s." + DataVecDialect.NAMES.quote(column);
    int bit = List.copyOf(columns.keySet()).indexOf(column);
    return isInAll(column)
        ? staged
        : "CASE WHEN get_bit(s.%s, %d) = 1 THEN %s ELSE %s END"
            .formatted(Stage.MASK, bit, staged, otherwise);
  }
}
