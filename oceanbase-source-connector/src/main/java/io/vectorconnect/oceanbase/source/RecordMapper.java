package io.vectorconnect.oceanbase.source;

import io.vectorconnect.data.SpecialFloats;
import io.vectorconnect.oceanbase.source.ColumnReader.Reading;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/** Turns the server's rows into keys and values. */
public final class RecordMapper {
  private final Table table;
  private final List<ColumnReader> readers = new ArrayList<>();
  private final List<ColumnReader> keyReaders = new ArrayList<>();
  private final Map<VectorForm, int[]> positions = new EnumMap<>(VectorForm.class);
  private final SpecialFloats specialFloats;
  private final Schema keySchema;
  private final Schema valueSchema;

  /**
   * A mapper for one table.
   *
   * @throws ConnectException when a column's type is not supported
   */
  RecordMapper(Table table, String topic, SourceKeys keys) {
    VectorFormat format = keys.vectorFormat();
    this.specialFloats = keys.specialFloats();
    this.table = table;
    SchemaBuilder value = SchemaBuilder.struct().name(topic + ".Value");
    for (Column column : table.columns()) {
      ColumnReader reader = ColumnReader.of(table.name(), column, format);
      readers.add(reader);
      value.field(reader.name(), reader.schema());
    }
    this.valueSchema = value.build();
    SchemaBuilder key = SchemaBuilder.struct().name(topic + ".Key");
    for (KeyColumn column : table.key()) {
      Field field = valueSchema.field(column.name());
      keyReaders.add(readers.get(field.index()));
      key.field(column.name(), field.schema());
    }
    this.keySchema = key.build();
    for (VectorForm form : VectorForm.values()) {
      positions.put(form, positions(form));
    }
  }

  /** Where each column's expressions begin, behind those of the key. */
  private int[] positions(VectorForm form) {
    int[] first = new int[readers.size()];
    int next = table.key().size();
    for (int i = 0; i < first.length; i++) {
      first[i] = next;
      next += readers.get(i).expressions().apply(form).size();
    }
    return first;
  }

  public Schema keySchema() {
    return keySchema;
  }

  public Schema valueSchema() {
    return valueSchema;
  }

  /**
   * One row as it goes to Kafka.
   *
   * @param value null for a row that is gone
   */
  public record MappedRow(Key key, Struct keyStruct, Struct value) {}

  /** What to select for a row: the key's columns, and then all of them. */
  List<String> expressions(VectorForm form) {
    List<String> all = new ArrayList<>(keyExpressions());
    readers.forEach(reader -> all.addAll(reader.expressions().apply(form)));
    return all;
  }

  /** What to select for a key. */
  List<String> keyExpressions() {
    return table.key().stream().map(column -> "n." + Sql.quote(column.name())).toList();
  }

  /** The key of a row whose first columns are the key's. */
  public Key key(byte[][] row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      values.add(table.key().get(i).toOffset(row[i]));
    }
    return new Key(values);
  }

  /** A row that is gone, of which only the key came. */
  MappedRow gone(byte[][] row) {
    Reading reading = new Reading(VectorForm.SPLIT, null);
    Struct key = new Struct(keySchema);
    for (int i = 0; i < keyReaders.size(); i++) {
      key.put(keySchema.fields().get(i), keyReaders.get(i).read(row, i, reading));
    }
    return new MappedRow(key(row), key, null);
  }

  /** A row of which the {@link #expressions} came. */
  MappedRow map(byte[][] row, Reading reading) {
    Struct value = new Struct(valueSchema);
    int[] at = positions.get(reading.form());
    for (int i = 0; i < readers.size(); i++) {
      ColumnReader reader = readers.get(i);
      try {
        value.put(valueSchema.fields().get(i), reader.read(row, at[i], reading));
      } catch (DataException
          | ArithmeticException
          | IndexOutOfBoundsException
          | NumberFormatException e) {
        throw new InexactException(
            "table %s, column %s: %s"
                .formatted(
                    table.name(),
                    reader.name(),
                    e instanceof DataException
                        ? e.getMessage()
                        : "the server's text is not of the column's type"),
            e);
      }
    }
    try {
      specialFloats.check(value, () -> "table " + table.name());
    } catch (DataException e) {
      throw new InexactException(e.getMessage(), e);
    }
    Struct key = new Struct(keySchema);
    for (Field field : keySchema.fields()) {
      key.put(field, value.get(field.name()));
    }
    return new MappedRow(key(row), key, value);
  }

  /** A value that cannot be told exactly. */
  static final class InexactException extends ConnectException {
    private static final long serialVersionUID = 1L;

    InexactException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
