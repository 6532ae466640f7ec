package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.DataException;

/**
 * How records of one shape become tuples of one table: resolved once, then applied to each record.
 * The key columns come first, so that the key's bytes are one slice of the tuple.
 */
final class RowPlan {
  /** What becomes of a record. */
  enum Kind {
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
  record Cell(Column column, RecordField field, ColumnEncoder encoder) {}

  private final Kind kind;
  private final TableId table;
  private final List<Cell> cells;
  private final int keyCount;
  private final Map<RowPlan, RowPlan> unions = new HashMap<>();

  RowPlan(Kind kind, TableId table, List<Cell> cells, int keyCount) {
    this.kind = kind;
    this.table = table;
    this.cells = List.copyOf(cells);
    this.keyCount = keyCount;
  }

  Kind kind() {
    return kind;
  }

  TableId table() {
    return table;
  }

  List<Column> columns() {
    return cells.stream().map(Cell::column).toList();
  }

  List<String> columnNames() {
    return cells.stream().map(cell -> cell.column().name()).toList();
  }

  List<String> keyNames() {
    return columnNames().subList(0, keyCount);
  }

  /**
   * The plan of rows of this plan that are changed by an update, in the same batch: with the
   * columns of both, the key's first.
   */
  RowPlan unionWith(RowPlan update) {
    return unions.computeIfAbsent(update, this::union);
  }

  private RowPlan union(RowPlan update) {
    List<String> names = columnNames();
    List<Cell> more =
        update.cells.stream().filter(cell -> !names.contains(cell.column().name())).toList();
    if (more.isEmpty()) {
      return this;
    }
    return new RowPlan(
        kind, table, Stream.concat(cells.stream(), more.stream()).toList(), keyCount);
  }

  /** Why a row is not written whole, and what to do about it. */
  static String notTold(Set<String> columns) {
    return "the change event does not tell the value of %s, which did not change and which PostgreSQL keeps apart (TOAST); ALTER TABLE ... REPLICA IDENTITY FULL on the source lets later events tell it"
        .formatted(String.join(", ", new TreeSet<>(columns)));
  }

  /** A plan that needs no columns. */
  static RowPlan without(Kind kind, TableId table) {
    return new RowPlan(kind, table, List.of(), 0);
  }

  /**
   * Encodes a change.
   *
   * @param out takes the tuple, and nothing when it cannot be encoded
   * @throws DataException naming the column, what was expected and what came
   */
  Row encode(Change change, CopyBuffer out) {
    int from = out.size();
    int keyFrom = from + Short.BYTES;
    int keyTo = keyFrom;
    out.putShort(cells.size());
    try {
      for (int i = 0; i < cells.size(); i++) {
        encode(cells.get(i), change, out);
        if (i == keyCount - 1) {
          keyTo = out.size();
        }
      }
    } catch (RuntimeException e) {
      out.truncate(from);
      throw e;
    }
    return new Row(
        List.of(change.record()),
        this,
        new Row.Tuple(out, from, out.size() - from),
        ByteBuffer.wrap(out.array(), keyFrom, keyTo - keyFrom));
  }

  private void encode(Cell cell, Change change, CopyBuffer out) {
    try {
      Object value = cell.field().extractor().get(change);
      if (value == null) {
        if (cell.column().notNull()) {
          throw new DataException("NULL in a column that is NOT NULL");
        }
        out.putNull();
        return;
      }
      int mark = out.beginField();
      cell.encoder().encode(value, out);
      out.endField(mark);
    } catch (DataException e) {
      throw new DataException(
          "column %s (%s) of table %s: %s"
              .formatted(cell.column().name(), cell.column().declaration(), table, e.getMessage()));
    }
  }
}
