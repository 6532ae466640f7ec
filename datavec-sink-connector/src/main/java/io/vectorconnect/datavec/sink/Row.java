package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.Change;
import io.vectorconnect.sql.sink.row.RowPlan;
import io.vectorconnect.sql.sink.row.SqlRow;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * One encoded change.
 *
 * @param records where it came from, for the dead-letter queue; more than one where an update was
 *     added to an earlier change of the same row
 * @param plan its columns
 * @param tuple a COPY BINARY tuple with its field count
 * @param key the part of the tuple that holds the key columns; equal for equal keys
 */
public record Row(
    List<SinkRecord> records, RowPlan<ColumnEncoder> plan, Tuple tuple, ByteBuffer key)
    implements SqlRow {
  /**
   * Where a tuple lies. Tuples are encoded one after the other into the buffers of their batch: a
   * row has no array of its own that would have to be made, moved and collected.
   */
  record Tuple(CopyBuffer buffer, int offset, int length) {
    /** Each field with its length before it. */
    ByteBuffer[] fields(int count) {
      ByteBuffer rest = ByteBuffer.wrap(buffer.array(), offset + Short.BYTES, length - Short.BYTES);
      ByteBuffer[] fields = new ByteBuffer[count];
      for (int i = 0; i < count; i++) {
        int value = Math.max(0, rest.getInt(rest.position())); // -1 is NULL
        fields[i] = rest.slice(rest.position(), Integer.BYTES + value);
        rest.position(rest.position() + Integer.BYTES + value);
      }
      return fields;
    }
  }

  /**
   * Encodes a change.
   *
   * @param out takes the tuple, and nothing when it cannot be encoded
   * @throws org.apache.kafka.connect.errors.DataException naming the column, what was expected and
   *     what came
   */
  static Row encode(RowPlan<ColumnEncoder> plan, Change change, CopyBuffer out) {
    List<RowPlan.Cell<ColumnEncoder>> cells = plan.cells();
    int from = out.size();
    int keyFrom = from + Short.BYTES;
    int keyTo = keyFrom;
    out.putShort(cells.size());
    try {
      for (int i = 0; i < cells.size(); i++) {
        RowPlan.Cell<ColumnEncoder> cell = cells.get(i);
        plan.encode(cell, change, value -> put(cell.encoder(), value, out));
        if (i == plan.keyCount() - 1) {
          keyTo = out.size();
        }
      }
    } catch (RuntimeException e) {
      out.truncate(from);
      throw e;
    }
    return new Row(
        List.of(change.record()),
        plan,
        new Tuple(out, from, out.size() - from),
        ByteBuffer.wrap(out.array(), keyFrom, keyTo - keyFrom));
  }

  private static void put(ColumnEncoder encoder, Object value, CopyBuffer out) {
    if (value == null) {
      out.putNull();
      return;
    }
    int mark = out.beginField();
    encoder.encode(value, out);
    out.endField(mark);
  }

  @Override
  public long bytes() {
    return tuple.length();
  }

  /** The row with no more of its records than {@code keeper} keeps. */
  public Row keeping(UnaryOperator<SinkRecord> keeper) {
    return new Row(List.of(keeper.apply(records.get(0))), plan, tuple, key);
  }

  /**
   * This change and then an update of some columns of the same row, as one change.
   *
   * @param out takes its tuple
   */
  Row updatedBy(Row update, CopyBuffer out) {
    RowPlan<ColumnEncoder> both = plan.unionWith(update.plan);
    List<String> names = both.columnNames();
    List<String> mine = plan.columnNames();
    List<String> newer = update.plan.columnNames();
    ByteBuffer[] myFields = tuple.fields(mine.size());
    ByteBuffer[] newerFields = update.tuple.fields(newer.size());
    int from = out.size();
    out.putShort(names.size());
    for (String name : names) {
      int at = newer.indexOf(name);
      out.putBytes(at >= 0 ? newerFields[at] : myFields[mine.indexOf(name)]);
    }
    return new Row(update.records, both, new Tuple(out, from, out.size() - from), update.key);
  }
}
