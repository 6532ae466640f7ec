package io.vectorconnect.milvus.source;

import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.source.MilvusSourceConfig.VectorFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * One field's Connect schema, and how to get a row's value out of a column as it comes over the
 * wire.
 *
 * @param name the field's name
 * @param schema the field's schema on Kafka
 * @param cell gets one value
 */
record ColumnReader(String name, Schema schema, Cell cell) {
  /** The field of dynamic values: one JSON object a row. */
  static final String DYNAMIC = "$meta";

  /** Gets the value of one row. */
  @FunctionalInterface
  interface Cell {
    Object get(FieldData column, int row);
  }

  /**
   * The reader of a field.
   *
   * @throws ConnectException naming collection, field and type when the type is not supported
   */
  static ColumnReader of(Collection collection, FieldSchema field, VectorFormat format) {
    String name = field.getName();
    if (field.getNullable()) {
      throw unsupported(collection, field, "nullable " + field.getDataType());
    }
    return switch (field.getDataType()) {
      case Bool ->
          scalar(name, Schema.BOOLEAN_SCHEMA, (c, i) -> c.getScalars().getBoolData().getData(i));
      case Int8 ->
          scalar(name, Schema.INT8_SCHEMA, (c, i) -> (byte) c.getScalars().getIntData().getData(i));
      case Int16 ->
          scalar(
              name, Schema.INT16_SCHEMA, (c, i) -> (short) c.getScalars().getIntData().getData(i));
      case Int32 ->
          scalar(name, Schema.INT32_SCHEMA, (c, i) -> c.getScalars().getIntData().getData(i));
      case Int64 ->
          scalar(name, Schema.INT64_SCHEMA, (c, i) -> c.getScalars().getLongData().getData(i));
      case Float ->
          scalar(name, Schema.FLOAT32_SCHEMA, (c, i) -> c.getScalars().getFloatData().getData(i));
      case Double ->
          scalar(name, Schema.FLOAT64_SCHEMA, (c, i) -> c.getScalars().getDoubleData().getData(i));
      case VarChar ->
          scalar(name, Schema.STRING_SCHEMA, (c, i) -> c.getScalars().getStringData().getData(i));
      case JSON -> scalar(name, Json.builder().build(), ColumnReader::json);
      case FloatVector -> floatVector(collection, field, format);
      case BinaryVector -> binaryVector(collection, field);
      default -> throw unsupported(collection, field, field.getDataType().toString());
    };
  }

  /** The reader of the dynamic fields of a row, as one JSON object. */
  static ColumnReader dynamic() {
    return new ColumnReader(DYNAMIC, Json.builder().optional().build(), ColumnReader::json);
  }

  private static ColumnReader scalar(String name, Schema schema, Cell cell) {
    return new ColumnReader(name, schema, cell);
  }

  private static Object json(FieldData column, int row) {
    return column.getScalars().getJsonData().getData(row).toStringUtf8();
  }

  private static ColumnReader floatVector(
      Collection collection, FieldSchema field, VectorFormat format) {
    int dimension = dimension(collection, field);
    if (format == VectorFormat.ARRAY) {
      return new ColumnReader(
          field.getName(),
          SchemaBuilder.array(Schema.FLOAT32_SCHEMA).build(),
          (column, row) -> floats(column.getVectors().getFloatVector(), row, dimension));
    }
    return new ColumnReader(
        field.getName(),
        schema(VectorType.FLOAT, dimension, collection.metrics().get(field.getName())),
        (column, row) -> packed(column.getVectors().getFloatVector(), row, dimension));
  }

  private static byte[] packed(FloatArray column, int row, int dimension) {
    byte[] bytes = new byte[dimension * Float.BYTES];
    int first = row * dimension;
    for (int i = 0; i < dimension; i++) {
      LittleEndian.putFloat(bytes, i * Float.BYTES, column.getData(first + i));
    }
    return bytes;
  }

  private static List<Float> floats(FloatArray column, int row, int dimension) {
    List<Float> elements = new ArrayList<>(dimension);
    for (int i = 0; i < dimension; i++) {
      elements.add(column.getData(row * dimension + i));
    }
    return elements;
  }

  private static ColumnReader binaryVector(Collection collection, FieldSchema field) {
    int dimension = dimension(collection, field);
    int length = VectorType.BINARY.packedLength(dimension);
    return new ColumnReader(
        field.getName(),
        schema(VectorType.BINARY, dimension, collection.metrics().get(field.getName())),
        (column, row) -> {
          ByteString bytes = column.getVectors().getBinaryVector();
          return bytes.substring(row * length, (row + 1) * length).toByteArray();
        });
  }

  private static Schema schema(VectorType type, int dimension, String metric) {
    SchemaBuilder builder = VectorSchema.builder(type, dimension);
    if (metric != null) {
      builder.parameters(Map.of(VectorSchema.METRIC, metric));
    }
    return builder.build();
  }

  private static int dimension(Collection collection, FieldSchema field) {
    return Collection.dimension(field)
        .orElseThrow(() -> unsupported(collection, field, "vector without dimension"));
  }

  private static ConnectException unsupported(
      Collection collection, FieldSchema field, String type) {
    return new ConnectException(
        "collection %s has field %s of type %s, which this connector does not read yet; exclude the collection"
            .formatted(collection.name(), field.getName(), type));
  }
}
