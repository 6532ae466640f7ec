package io.vectorconnect.milvus.source;

import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/** Turns pages of columns into keys and values. */
final class RecordMapper {
  private final Collection collection;
  private final List<ColumnReader> readers = new ArrayList<>();
  private final Schema keySchema;
  private final Schema valueSchema;
  private final String partitionField;

  /**
   * A mapper for one collection.
   *
   * @throws ConnectException when a field's type is not supported
   */
  RecordMapper(Collection collection, MilvusSourceConfig config) {
    String topic = config.source().topic(collection.name());
    VectorFormat format = config.source().vectorFormat();
    this.collection = collection;
    this.partitionField = config.partitionField();
    for (FieldSchema field : collection.fields()) {
      readers.add(ColumnReader.of(collection, field, format));
    }
    if (collection.dynamic()) {
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

  private void requireNew(String field) {
    if (readers.stream().anyMatch(reader -> reader.name().equals(field))) {
      throw new ConnectException(
          "collection %s has a field %s of its own; give %s another name"
              .formatted(collection.name(), field, MilvusSourceConfig.PARTITION_FIELD));
    }
  }

  Schema keySchema() {
    return keySchema;
  }

  Schema valueSchema() {
    return valueSchema;
  }

  /** One row as it goes to Kafka. */
  record MappedRow(String key, Struct keyStruct, Struct value) {}

  /**
   * The rows of a page, in its order.
   *
   * @throws ConnectException when the page does not have the columns that the collection had
   */
  List<MappedRow> map(QueryResults page, String partition) {
    Columns columns = columns(page.getFieldsDataList(), partition);
    List<MappedRow> rows = new ArrayList<>(columns.rows());
    for (int row = 0; row < columns.rows(); row++) {
      rows.add(columns.row(row));
    }
    return rows;
  }

  /**
   * The columns of some rows, which are made one by one.
   *
   * @param partition where they are from, for the field that wants it
   * @throws ConnectException when these are not the columns that the collection had
   */
  Columns columns(List<FieldData> fields, String partition) {
    return new Columns(ordered(fields), partition);
  }

  /** Columns in the order of the value's fields. */
  final class Columns {
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
        places.add(readers.get(i).places().of(columns.get(i), rows()));
      }
    }

    int rows() {
      return collection.keyType() == KeyType.INT64
          ? keys.getLongData().getDataCount()
          : keys.getStringData().getDataCount();
    }

    /** A row's key as text. */
    String key(int row) {
      return collection.keyType() == KeyType.INT64
          ? Long.toString(keys.getLongData().getData(row))
          : keys.getStringData().getData(row);
    }

    private Object value(int column, int row) {
      int[] found = places.get(column);
      int place = found == null ? row : found[row];
      return place < 0 ? null : readers.get(column).cell().get(columns.get(column), place);
    }

    MappedRow row(int row) {
      Struct value = new Struct(valueSchema);
      for (int i = 0; i < columns.size(); i++) {
        value.put(valueSchema.fields().get(i), value(i, row));
      }
      if (!partitionField.isEmpty()) {
        value.put(partitionField, partition);
      }
      Object key = value.get(valueSchema.fields().get(keyColumn));
      Struct keyStruct = new Struct(keySchema).put(keySchema.fields().get(0), key);
      return new MappedRow(key.toString(), keyStruct, value);
    }
  }

  private List<FieldData> ordered(List<FieldData> fields) {
    Map<String, FieldData> byName = new HashMap<>();
    for (FieldData column : fields) {
      byName.put(column.getIsDynamic() ? ColumnReader.DYNAMIC : column.getFieldName(), column);
    }
    List<FieldData> columns = new ArrayList<>();
    for (ColumnReader reader : readers) {
      FieldData column = byName.remove(reader.name());
      if (column == null) {
        throw changed("it has no field " + reader.name() + " any more");
      }
      columns.add(column);
    }
    if (!byName.isEmpty()) {
      throw changed("it has new fields " + byName.keySet());
    }
    return columns;
  }

  private ConnectException changed(String how) {
    return new ConnectException(
        "the schema of collection %s has changed: %s; restart the connector to go on with the new one"
            .formatted(collection.name(), how));
  }
}
