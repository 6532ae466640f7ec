package io.vectorconnect.milvus.sink.row;

import io.vectorconnect.milvus.Filter;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.DataException;

/**
 * How records of one shape become rows of one collection: resolved once, applied to each record.
 */
public final class RowPlan {
  /** What becomes of a record. */
  public enum Kind {
    /** Its row is written. */
    ROW,
    /** Its row is written; what the record does not tell stays as it is in the collection. */
    UPDATE,
    /** The row of its key is deleted. */
    DELETE,
    /** Nothing: there is no such collection to delete from, or deletes are switched off. */
    NOTHING
  }

  /**
   * A column and where its value comes from.
   *
   * @param field null where records of this shape have none
   */
  record Cell(Column column, RecordField field, CellEncoder encoder) {}

  private final Kind kind;
  private final Target target;
  private final List<Cell> cells;
  private final int key;
  private final DynamicFields dynamic;
  private final Set<String> untold;

  private RowPlan(
      Kind kind,
      Target target,
      List<Cell> cells,
      int key,
      DynamicFields dynamic,
      Set<String> untold) {
    this.kind = kind;
    this.target = target;
    this.cells = List.copyOf(cells);
    this.key = key;
    this.dynamic = dynamic;
    this.untold = Set.copyOf(untold);
  }

  /**
   * A plan that writes rows.
   *
   * @param cells one for each of the target's columns, in their order
   * @param key which of them is the primary key; -1 where the server makes it
   * @param dynamic used where the target has dynamic fields
   * @param untold the columns whose values the records do not tell
   */
  static RowPlan row(
      Target target, List<Cell> cells, int key, DynamicFields dynamic, Set<String> untold) {
    return new RowPlan(
        untold.isEmpty() ? Kind.ROW : Kind.UPDATE, target, cells, key, dynamic, untold);
  }

  static RowPlan delete(Target target, Cell key) {
    return new RowPlan(Kind.DELETE, target, List.of(key), 0, null, Set.of());
  }

  public static RowPlan nothing() {
    return new RowPlan(Kind.NOTHING, null, List.of(), -1, null, Set.of());
  }

  public Kind kind() {
    return kind;
  }

  public Target target() {
    return target;
  }

  /**
   * Encodes a record.
   *
   * @param vectors keeps the bytes of a vector that has a dimension
   * @throws DataException naming the field, what was expected and what came
   */
  public Row encode(Change change, UnaryOperator<byte[]> vectors) {
    if (kind == Kind.DELETE) {
      Object value = value(cells.get(key), change, vectors);
      return new Row(List.of(change.record()), this, value, new Object[0], keySize(value));
    }
    Object[] values = new Object[cells.size() + (target.dynamic() ? 1 : 0)];
    int bytes = 0;
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      values[i] = untold.contains(cell.column().name()) ? Row.UNTOLD : value(cell, change, vectors);
      bytes += CellEncoder.size(values[i]);
    }
    if (target.dynamic()) {
      byte[] document = dynamic(change);
      values[cells.size()] = document;
      bytes += document.length;
    }
    return new Row(List.of(change.record()), this, key < 0 ? null : values[key], values, bytes);
  }

  /** About the key's length in a filter. */
  private static int keySize(Object key) {
    return key instanceof String text ? Filter.literal(text).length() : 20;
  }

  private Object value(Cell cell, Change change, UnaryOperator<byte[]> vectors) {
    if (cell.field() == null) {
      return null;
    }
    try {
      Object value = cell.field().extractor().get(change);
      if (value != null) {
        Object encoded = cell.encoder().encode(value);
        return cell.column().dimension() > 0 ? vectors.apply((byte[]) encoded) : encoded;
      }
      if (cell.column().defaulted()) {
        throw new DataException(
            "NULL in a field with a default value, which Milvus would store instead; fill it by a"
                + " transform, or leave the field out of the record to have the default");
      }
      if (cell.column().nullable()) {
        return null;
      }
      throw new DataException(
          "NULL in a field that is not nullable; fill it by a transform, or make it nullable"
              + " (Milvus 2.5 and later; vectors: the newest 2.6, and 3)");
    } catch (DataException e) {
      throw new DataException(
          "field %s (%s) of collection %s: %s"
              .formatted(
                  cell.column().name(),
                  cell.column().declaration(),
                  target.collection(),
                  e.getMessage()));
    }
  }

  private byte[] dynamic(Change change) {
    try {
      return dynamic.encode(change);
    } catch (DataException e) {
      throw new DataException(
          "dynamic fields of collection %s: %s".formatted(target.collection(), e.getMessage()));
    }
  }
}
