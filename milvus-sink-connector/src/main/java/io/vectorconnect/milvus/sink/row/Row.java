package io.vectorconnect.milvus.sink.row;

import io.milvus.grpc.DataType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * One change, or several of one key that come to one.
 *
 * @param records where it came from, for the dead-letter queue
 * @param plan how it is written
 * @param key a Long or String; null where the server makes it
 * @param values one for each of the target's columns, in the form that {@link CellEncoder} gives it
 *     or {@link #UNTOLD}, and then the dynamic fields if there are any; empty for a delete
 * @param bytes about its size in a request
 */
public record Row(List<SinkRecord> records, RowPlan plan, Object key, Object[] values, int bytes) {
  /** Stands for the value that the row in the collection has. */
  static final Object UNTOLD = new Object();

  /** This change and then {@code update}, which leaves some columns as they are. */
  Row updatedBy(Row update) {
    List<SinkRecord> both = new ArrayList<>(records);
    both.addAll(update.records);
    Object[] merged = update.values.clone();
    int size = 0;
    for (int i = 0; i < merged.length; i++) {
      if (merged[i] == UNTOLD) {
        merged[i] = values[i];
      }
      size += CellEncoder.size(merged[i]);
    }
    return new Row(both, plan, key, merged, size);
  }

  /** The row with no more of its record than {@code keeper} keeps. */
  public Row keeping(UnaryOperator<SinkRecord> keeper) {
    return new Row(List.of(keeper.apply(records.get(0))), plan, key, values, bytes);
  }

  /** Which of its JSON fields hold no object; servers name no field when they refuse such JSON. */
  public String jsonHint() {
    List<String> fields = new ArrayList<>();
    List<Column> columns = plan.target().columns();
    for (int i = 0; i < Math.min(values.length, columns.size()); i++) {
      if (columns.get(i).type() == DataType.JSON
          && values[i] instanceof byte[] document
          && !new String(document, StandardCharsets.UTF_8).stripLeading().startsWith("{")) {
        fields.add(columns.get(i).name());
      }
    }
    return fields.isEmpty()
        ? ""
        : "; the JSON of %s is no object, which not every Milvus takes".formatted(fields);
  }

  /** The same change with all values. */
  Row filled(Object[] all) {
    return new Row(records, plan, key, all, bytes);
  }
}
