package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sink.Change;
import io.vectorconnect.sql.sink.row.RowPlan;
import io.vectorconnect.sql.sink.row.SqlRow;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * One encoded change.
 *
 * @param records where it came from
 * @param plan its columns
 * @param values a parameter for each column: a Long, String, BigDecimal, byte[] or null
 * @param key the values of the key; equal for equal keys
 * @param bytes what the values take
 */
record ValueRow(
    List<SinkRecord> records,
    RowPlan<ValueEncoder> plan,
    Object[] values,
    List<Object> key,
    long bytes)
    implements SqlRow {
  private static final int NUMBER_BYTES = 20;

  /** Encodes a change. */
  static ValueRow encode(
      RowPlan<ValueEncoder> plan, Change change, UnaryOperator<SinkRecord> keeper) {
    List<RowPlan.Cell<ValueEncoder>> cells = plan.cells();
    Object[] values = new Object[cells.size()];
    for (int i = 0; i < values.length; i++) {
      RowPlan.Cell<ValueEncoder> cell = cells.get(i);
      int at = i;
      plan.encode(
          cell, change, value -> values[at] = value == null ? null : cell.encoder().encode(value));
    }
    return of(List.of(keeper.apply(change.record())), plan, values);
  }

  private static ValueRow of(
      List<SinkRecord> records, RowPlan<ValueEncoder> plan, Object[] values) {
    List<Object> key = new ArrayList<>(plan.keyCount());
    for (int i = 0; i < plan.keyCount(); i++) {
      key.add(values[i] instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : values[i]);
    }
    long bytes = 0;
    for (Object value : values) {
      bytes += size(value);
    }
    return new ValueRow(records, plan, values, key, bytes);
  }

  private static long size(Object value) {
    return value instanceof byte[] array
        ? array.length
        : value instanceof String text
            ? utf8Length(text)
            : value instanceof BigDecimal number ? number.precision() : NUMBER_BYTES;
  }

  private static long utf8Length(String text) {
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // Two units of a pair make four bytes.
        length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return length;
  }

  /** This change and then an update of some columns of the same row, as one change. */
  ValueRow updatedBy(ValueRow update) {
    RowPlan<ValueEncoder> both = plan.unionWith(update.plan);
    List<String> names = both.columnNames();
    List<String> mine = plan.columnNames();
    List<String> newer = update.plan.columnNames();
    Object[] merged = new Object[names.size()];
    for (int i = 0; i < merged.length; i++) {
      int at = newer.indexOf(names.get(i));
      merged[i] = at >= 0 ? update.values[at] : values[mine.indexOf(names.get(i))];
    }
    return of(update.records, both, merged);
  }

  /** The dense vectors among its values. */
  List<byte[]> vectors() {
    List<byte[]> vectors = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof byte[] bytes
          && ((Column) plan.cells().get(i).column()).type().equals("vector")) {
        vectors.add(bytes);
      }
    }
    return vectors;
  }

  /** How long its values are as literals of a statement, at the most: escaped, with quotes. */
  long literalBytes() {
    long length = 0;
    for (Object value : values) {
      length += 12; // quotes, _binary, comma
      if (value instanceof byte[] array) {
        length += escaped(array);
      } else if (value instanceof String text) {
        length += escaped(VectorValues.utf8(text));
      } else {
        length += size(value) + 2;
      }
    }
    return length;
  }

  private static long escaped(byte[] bytes) {
    long length = bytes.length;
    for (byte b : bytes) {
      if (b == 0 || b == '\'' || b == '"' || b == '\\') {
        length++;
      }
    }
    return length;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** Its table and columns; never the values. */
  @Override
  public String toString() {
    return plan.table() + Arrays.toString(plan.columnNames().toArray());
  }
}
