package io.vectorconnect.datavec.sink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * One encoded change.
 *
 * @param records where it came from, for the dead-letter queue: one, or several that add up
 * @param plan its columns
 * @param tuple a COPY BINARY tuple with its field count
 * @param key the part of the tuple that holds the key columns; equal for equal keys
 */
record Row(List<SinkRecord> records, RowPlan plan, byte[] tuple, ByteBuffer key) {

  /** This change and then an update of some columns of the same row, as one change. */
  Row updatedBy(Row update) {
    RowPlan both = plan.unionWith(update.plan);
    List<String> names = both.columnNames();
    List<String> mine = plan.columnNames();
    List<String> newer = update.plan.columnNames();
    ByteBuffer[] myFields = fields(tuple, mine.size());
    ByteBuffer[] newerFields = fields(update.tuple, newer.size());
    ByteBuffer merged = ByteBuffer.allocate(tuple.length + update.tuple.length);
    merged.putShort((short) names.size());
    for (String name : names) {
      int at = newer.indexOf(name);
      merged.put((at >= 0 ? newerFields[at] : myFields[mine.indexOf(name)]).duplicate());
    }
    byte[] bytes = new byte[merged.position()];
    merged.flip().get(bytes);
    return new Row(records(update), both, bytes, update.key);
  }

  /** An update that the next one covers is gone, as every change that is overwritten in a batch. */
  private List<SinkRecord> records(Row update) {
    boolean covered = plan.kind() == RowPlan.Kind.UPDATE && plan.equals(update.plan);
    List<SinkRecord> all = new ArrayList<>(covered ? List.of() : records);
    all.addAll(update.records);
    return List.copyOf(all);
  }

  /** Each field with its length before it. */
  private static ByteBuffer[] fields(byte[] tuple, int count) {
    ByteBuffer rest = ByteBuffer.wrap(tuple);
    rest.position(Short.BYTES);
    ByteBuffer[] fields = new ByteBuffer[count];
    for (int i = 0; i < count; i++) {
      int length = Math.max(0, rest.getInt(rest.position())); // -1 is NULL
      fields[i] = rest.slice(rest.position(), Integer.BYTES + length);
      rest.position(rest.position() + Integer.BYTES + length);
    }
    return fields;
  }
}
