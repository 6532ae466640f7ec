package io.vectorconnect.sql.sink.row;

import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import io.vectorconnect.sql.sink.table.SqlColumn;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.DataException;

/**
 * How records of one shape become rows of one table: resolved once, then applied to each record.
 * The key columns come first.
 *
 * @param <E> what encodes a column's values
 */
public final class RowPlan<E> {
  /** What becomes of a record. */
  public enum Kind {
    /** Its row is written. */
    ROW,
    /** Some columns of a row that is there are written; the record does not tell the others. */
    UPDATE,
    /** The row of its key is deleted. */
    DELETE,
    /** All rows of the table are deleted. */
    TRUNCATE,
    /** Nothing: there is no such table to delete from, for now. */
    NO_TABLE,
    /** Nothing: deletes are switched off, or the record tells of no row. */
    NOTHING
  }

  /** A column and where its value comes from. */
  public record Cell<E>(SqlColumn column, RecordField field, E encoder) {}

  private static final int MAX_UNIONS = 64;

  private final Kind kind;
  private final TableId table;
  private final List<Cell<E>> cells;
  private final int keyCount;
  private final List<String> resets;
  private final boolean whole;
  private final Map<RowPlan<E>, RowPlan<E>> unions = new HashMap<>();

  RowPlan(Kind kind, TableId table, List<Cell<E>> cells, int keyCount) {
    this(kind, table, cells, keyCount, List.of(), false);
  }

  /**
   * A plan.
   *
   * @param resets the columns that get their default
   * @param whole whether the table has no other columns
   */
  RowPlan(
      Kind kind,
      TableId table,
      List<Cell<E>> cells,
      int keyCount,
      List<String> resets,
      boolean whole) {
    this.kind = kind;
    this.table = table;
    this.cells = List.copyOf(cells);
    this.keyCount = keyCount;
    this.resets = List.copyOf(resets);
    this.whole = whole;
  }

  /** What becomes of its records. */
  public Kind kind() {
    return kind;
  }

  /** Their table. */
  public TableId table() {
    return table;
  }

  /** The columns, the key's first. */
  public List<Cell<E>> cells() {
    return cells;
  }

  /** How many of the columns are the key's. */
  public int keyCount() {
    return keyCount;
  }

  /** The names of the columns, the key's first. */
  public List<String> columnNames() {
    return cells.stream().map(cell -> cell.column().name()).toList();
  }

  /** The names of the key's columns. */
  public List<String> keyNames() {
    return columnNames().subList(0, keyCount);
  }

  /** The columns without a value in the record, which get their default. */
  public List<String> resets() {
    return resets;
  }

  /** Whether the table had no other columns when the plan was made. */
  boolean isWhole() {
    return whole;
  }

  /** Whether it sets every column that another plan sets. */
  boolean hasColumnsOf(RowPlan<?> other) {
    return this == other
        || (sets(other.columnNames()) && (other.resets.isEmpty() || sets(other.resets)));
  }

  private boolean sets(List<String> columns) {
    List<String> mine = columnNames();
    return columns.stream().allMatch(name -> mine.contains(name) || resets.contains(name));
  }

  /** Whether its columns are in the table just as they were when it was made. */
  public boolean fits(SqlTable<?> now) {
    return cells.stream()
        .map(Cell::column)
        .allMatch(
            column ->
                now.column(column.name())
                    .filter(found -> found.declaration().equals(column.declaration()))
                    .isPresent());
  }

  /**
   * The plan of rows of this plan that are changed by an update, in the same batch: with the
   * columns of both, the key's first.
   */
  public RowPlan<E> unionWith(RowPlan<E> update) {
    if (unions.size() >= MAX_UNIONS) {
      unions.clear(); // records of a thousand shapes would make a million
    }
    return unions.computeIfAbsent(update, this::union);
  }

  /** Of columns that both have, the update's: it is its values that are written. */
  private RowPlan<E> union(RowPlan<E> update) {
    List<String> names = columnNames();
    Map<String, Cell<E>> newer = new HashMap<>();
    update.cells.forEach(cell -> newer.put(cell.column().name(), cell));
    List<Cell<E>> more =
        update.cells.stream().filter(cell -> !names.contains(cell.column().name())).toList();
    List<Cell<E>> mine =
        cells.stream()
            .filter(cell -> !update.resets.contains(cell.column().name()))
            .map(cell -> newer.getOrDefault(cell.column().name(), cell))
            .toList();
    List<String> stillReset =
        Stream.concat(resets.stream(), update.resets.stream())
            .distinct()
            .filter(name -> !newer.containsKey(name))
            .toList();
    return new RowPlan<>(
        kind,
        table,
        Stream.concat(mine.stream(), more.stream()).toList(),
        keyCount,
        stillReset,
        whole);
  }

  /** A plan that needs no columns. */
  static <E> RowPlan<E> without(Kind kind, TableId table) {
    return new RowPlan<>(kind, table, List.of(), 0);
  }

  /** Gets one value where it belongs. */
  @FunctionalInterface
  public interface Encoding {
    /** Encodes the value, and throws a DataException when its column cannot hold it. */
    void run(Object value);
  }

  /**
   * Encodes one column's value of a change.
   *
   * @param encoding takes the value, which is null only where the column may be
   * @throws DataException naming the column, what was expected and what came
   */
  public void encode(Cell<E> cell, Change change, Encoding encoding) {
    try {
      Object value = cell.field().extractor().get(change);
      if (value == null && cell.column().notNull()) {
        throw new DataException("NULL in a column that is NOT NULL");
      }
      encoding.run(value);
    } catch (DataException e) {
      throw new DataException(
          "column %s (%s) of table %s: %s"
              .formatted(cell.column().name(), cell.column().declaration(), table, e.getMessage()));
    }
  }
}
