package io.vectorconnect.hdf5.sink;

import io.jhdf.WritableHdfFile;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** The rows of one file until it is written: records of one partition and one schema. */
final class RowBuffer {
  private final Schema keySchema;
  private final Schema schema;
  private final List<RecordField> fields = new ArrayList<>();
  private final List<ColumnBuffer> columns = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final long since = System.nanoTime();
  private final long first;
  private SinkRecord last;
  private int rows;

  /**
   * A buffer for rows like this one.
   *
   * @throws DataException when datasets cannot hold such rows
   */
  RowBuffer(Change change, Hdf5SinkConfig config) {
    keySchema = change.record().keySchema();
    schema = change.schema();
    last = change.record();
    first = last.originalKafkaOffset();
    if (!(change.row() instanceof Struct)) {
      throw new DataException("expected a record with a schema, for datasets have types");
    }
    Set<String> keyFields = new HashSet<>();
    if (change.record().key() != null) {
      List<RecordField> key = RecordField.ofKey(change, keyNames(change, config));
      if (key.size() != 1) {
        throw new DataException("a key of %d fields, expected one".formatted(key.size()));
      }
      keyFields.add(key.get(0).name());
      add(key.get(0).named(config.ids()));
    }
    boolean vectorSeen = false;
    for (RecordField field : RecordField.ofRow(change)) {
      if (keyFields.contains(field.name())) {
        continue;
      }
      boolean isFirstVector = !vectorSeen && ColumnBuffer.isVector(field.schema());
      vectorSeen |= isFirstVector;
      add(isFirstVector ? field.named(config.embeddings()) : field);
    }
  }

  private static List<String> keyNames(Change change, Hdf5SinkConfig config) {
    return change.record().key() instanceof Struct ? List.of() : List.of(config.ids());
  }

  private void add(RecordField field) {
    if (field.name().contains("/") || !names.add(field.name())) {
      throw new DataException(
          "field %s cannot have a dataset: the name is taken, or holds a slash"
              .formatted(field.name()));
    }
    fields.add(field);
    columns.add(ColumnBuffer.of(field.name(), field.schema()));
  }

  /** Whether a row goes into the same datasets. */
  boolean fits(Change change) {
    return Objects.equals(schema, change.schema())
        && Objects.equals(keySchema, change.record().keySchema());
  }

  /**
   * Adds a row whole, or not at all.
   *
   * @throws DataException when a dataset cannot hold a value
   */
  void add(Change change) {
    List<Object> cells = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      Object value = fields.get(i).extractor().get(change);
      try {
        if (value == null) {
          throw new DataException("NULL, which no dataset can hold");
        }
        cells.add(columns.get(i).convert(value));
      } catch (DataException e) {
        throw new DataException(
            "dataset %s: %s".formatted(fields.get(i).name(), e.getMessage()), e);
      }
    }
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).append(cells.get(i));
    }
    rows++;
  }

  /** Reports that the partition was read up to this record, whether it gave a row or not. */
  void reach(SinkRecord record) {
    if (record.originalKafkaOffset() > last()) {
      last = record;
    }
  }

  long first() {
    return first;
  }

  long last() {
    return last.originalKafkaOffset();
  }

  int rows() {
    return rows;
  }

  long bytes() {
    return columns.stream().mapToLong(ColumnBuffer::bytes).sum();
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - since);
  }

  void writeTo(WritableHdfFile file) {
    for (ColumnBuffer column : columns) {
      column.writeTo(file);
    }
    LastRecord.of(last).writeTo(file);
  }
}
