package io.vectorconnect.milvus.source.record;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.vectorconnect.data.SpecialFloats;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.source.config.FieldKeys;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Turns columns into keys and values, by one schema of a collection. {@link CurrentSchema} has the
 * newest one.
 */
public final class RecordMapper {
  private final Collection collection;
  private final FieldChoice choice;
  private final List<ColumnReader> readers = new ArrayList<>();
  private final Schema keySchema;
  private final Schema valueSchema;
  private final String partitionField;
  private final SpecialFloats specialFloats;

  /**
   * A mapper for one collection.
   *
   * @throws ConnectException when a field's type is not supported
   */
  public RecordMapper(Collection collection, MilvusSourceConfig config) {
    String topic = config.source().topic(collection.name());
    VectorFormat format = config.source().vectorFormat();
    this.collection = collection;
    this.choice = FieldChoice.of(collection, config);
    this.partitionField = config.partitionField();
    this.specialFloats = config.source().specialFloats();
    for (FieldSchema field : choice.read()) {
      requireForm(field, config);
      readers.add(ColumnReader.of(collection, field, format, config.textTypes()));
    }
    if (choice.dynamic()) {
      readers.add(ColumnReader.dynamic());
    }
    SchemaBuilder value = SchemaBuilder.struct().name(topic + ".Value");
    readers.forEach(reader -> value.field(reader.name(), reader.schema()));
    if (!partitionField.isEmpty()) {
      requireNew(partitionField);
      value.field(partitionField, Schema.STRING_SCHEMA);
    }
    this.valueSchema = value.build();
    String key = collection.key().getName();
    this.keySchema =
        SchemaBuilder.struct()
            .name(topic + ".Key")
            .field(key, valueSchema.field(key).schema())
            .build();
  }

  /** Geometries stand in the log in another form than in answers. */
  private void requireForm(FieldSchema field, MilvusSourceConfig config) {
    if (field.getDataType() == DataType.Geometry && config.readsChangeStream()) {
      throw new ConnectException(
          "collection %s has field %s of type Geometry, which poll.strategy=change_stream cannot read; exclude the field by %s, or choose another strategy"
              .formatted(collection.name(), field.getName(), FieldKeys.EXCLUDE));
    }
  }

  private void requireNew(String field) {
    if (readers.stream().anyMatch(reader -> reader.name().equals(field))) {
      throw new ConnectException(
          "collection %s has a field %s of its own; give %s another name"
              .formatted(collection.name(), field, MilvusSourceConfig.PARTITION_FIELD));
    }
  }

  public Schema keySchema() {
    return keySchema;
  }

  public Schema valueSchema() {
    return valueSchema;
  }

  Collection collection() {
    return collection;
  }

  /** Outputs of functions that are read, and which Milvus leaves out unless asked by name. */
  public List<String> outputs() {
    return choice.outputs();
  }

  /** One row as it goes to Kafka. */
  public record MappedRow(String key, Struct keyStruct, Struct value) {}

  /** Columns do not fit this schema. */
  static final class OtherSchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private OtherSchemaException(List<String> missing, Set<String> unknown) {
      super(
          missing.isEmpty()
              ? "it has the fields %s, which the schema does not have".formatted(unknown)
              : "it does not have the fields " + missing);
    }
  }

  /**
   * The rows of a page, in its order.
   *
   * @throws OtherSchemaException when the page does not have the columns of this schema
   */
  List<MappedRow> map(QueryResults page, String partition) {
    if (isEmpty(page.getFieldsDataList())) {
      return List.of(); // which fields an empty answer has differs between servers
    }
    Columns columns = new Columns(ordered(byName(page.getFieldsDataList()), false), partition);
    List<MappedRow> rows = new ArrayList<>(columns.rows());
    for (int row = 0; row < columns.rows(); row++) {
      rows.add(columns.row(row));
    }
    return rows;
  }

  private boolean isEmpty(List<FieldData> fields) {
    String key = collection.key().getName();
    return fields.isEmpty()
        || fields.stream().anyMatch(f -> f.getFieldName().equals(key) && rows(f) == 0);
  }

  private int rows(FieldData key) {
    return collection.keyType() == KeyType.INT64
        ? key.getScalars().getLongData().getDataCount()
        : key.getScalars().getStringData().getDataCount();
  }

  /**
   * The columns of rows of the log, which may be older than the schema: a row without a field has
   * its default value, or NULL.
   *
   * @param partition where they are from, for the field that wants it
   * @param isOlder whether they are older than the schema, so that fields that it does not have
   *     were dropped since
   * @throws OtherSchemaException when other columns are missing or unknown
   */
  Columns logged(List<FieldData> fields, String partition, boolean isOlder) {
    Map<String, FieldData> byName = byName(StructArrays.grouped(fields));
    if (isOlder) {
      byName.values().removeIf(column -> !column.getIsDynamic() && isDropped(column));
    }
    return new Columns(ordered(byName, true), partition);
  }

  /** By its number too: a new field may have the name of one that was dropped. */
  private boolean isDropped(FieldData column) {
    return choice.read().stream()
        .noneMatch(
            field ->
                field.getName().equals(column.getFieldName())
                    && (field.getFieldID() == column.getFieldId() || column.getFieldId() == 0));
  }

  /** Columns in the order of the value's fields, null for those that the rows do not have. */
  public final class Columns {
    private final List<FieldData> columns;
    private final List<int[]> places = new ArrayList<>();
    private final int keyColumn = valueSchema.field(collection.key().getName()).index();
    private final ScalarField keys;
    private final String partition;

    private Columns(List<FieldData> columns, String partition) {
      this.columns = columns;
      this.partition = partition;
      this.keys = columns.get(keyColumn).getScalars();
      for (int i = 0; i < columns.size(); i++) {
        places.add(
            columns.get(i) == null ? null : readers.get(i).places().of(columns.get(i), rows()));
      }
    }

    public int rows() {
      return RecordMapper.this.rows(columns.get(keyColumn));
    }

    /** A row's key as text. */
    public String key(int row) {
      return collection.keyType() == KeyType.INT64
          ? Long.toString(keys.getLongData().getData(row))
          : keys.getStringData().getData(row);
    }

    private Object value(int column, int row) {
      if (columns.get(column) == null) {
        return readers.get(column).before().value();
      }
      int[] found = places.get(column);
      int place = found == null ? row : found[row];
      return place < 0 ? null : readers.get(column).cell().get(columns.get(column), place);
    }

    public MappedRow row(int row) {
      Struct value = new Struct(valueSchema);
      for (int i = 0; i < columns.size(); i++) {
        value.put(valueSchema.fields().get(i), value(i, row));
      }
      if (!partitionField.isEmpty()) {
        value.put(partitionField, partition);
      }
      specialFloats.check(value, () -> "collection " + collection.name());
      Object key = value.get(valueSchema.fields().get(keyColumn));
      Struct keyStruct = new Struct(keySchema).put(keySchema.fields().get(0), key);
      return new MappedRow(key.toString(), keyStruct, value);
    }
  }

  private static Map<String, FieldData> byName(List<FieldData> fields) {
    Map<String, FieldData> byName = new LinkedHashMap<>();
    for (FieldData column : fields) {
      byName.put(column.getIsDynamic() ? ColumnReader.DYNAMIC : column.getFieldName(), column);
    }
    return byName;
  }

  /** In the order of the readers, null for a field that the rows do not have. */
  private List<FieldData> ordered(Map<String, FieldData> byName, boolean older) {
    List<FieldData> columns = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (ColumnReader reader : readers) {
      FieldData column = byName.remove(reader.name());
      if (column == null && !(older && reader.before().isKnown())) {
        missing.add(reader.name());
      }
      columns.add(column);
    }
    byName.keySet().removeAll(choice.omitted());
    if (!missing.isEmpty() || !byName.isEmpty()) {
      throw new OtherSchemaException(missing, byName.keySet());
    }
    return columns;
  }
}
