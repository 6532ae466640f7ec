package io.vectorconnect.milvus.source;

import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.VectorField;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
    return switch (field.getDataType()) {
      case FloatVector -> floatVector(collection, field, format);
      case Float16Vector ->
          packed(collection, field, VectorType.FLOAT16, c -> c.getFloat16Vector());
      case BFloat16Vector ->
          packed(collection, field, VectorType.BFLOAT16, c -> c.getBfloat16Vector());
      case Int8Vector -> packed(collection, field, VectorType.INT8, c -> c.getInt8Vector());
      case BinaryVector -> packed(collection, field, VectorType.BINARY, c -> c.getBinaryVector());
      case SparseFloatVector -> sparse(collection, field);
      default -> scalar(collection, field);
    };
  }

  /** The reader of the dynamic fields of a row, as one JSON object. */
  static ColumnReader dynamic() {
    return new ColumnReader(DYNAMIC, Json.builder().optional().build(), ColumnReader::json);
  }

  private static ColumnReader scalar(Collection collection, FieldSchema field) {
    ScalarReader reader =
        ScalarReader.of(field)
            .orElseThrow(() -> unsupported(collection, field, field.getDataType().toString()));
    return field.getNullable()
        ? new ColumnReader(field.getName(), reader.optionalSchema(), reader::getNullable)
        : new ColumnReader(
            field.getName(), reader.schema(), (c, row) -> reader.get(c.getScalars(), row));
  }

  private static Object json(FieldData column, int row) {
    return column.getScalars().getJsonData().getData(row).toStringUtf8();
  }

  private static ColumnReader floatVector(
      Collection collection, FieldSchema field, VectorFormat format) {
    requireValues(collection, field);
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

  /** Vectors that stand one after another in one run of bytes. */
  private static ColumnReader packed(
      Collection collection,
      FieldSchema field,
      VectorType type,
      Function<VectorField, ByteString> run) {
    requireValues(collection, field);
    int dimension = dimension(collection, field);
    int length = type.packedLength(dimension);
    return new ColumnReader(
        field.getName(),
        schema(type, dimension, collection.metrics().get(field.getName())),
        (column, row) ->
            run.apply(column.getVectors())
                .substring(row * length, (row + 1) * length)
                .toByteArray());
  }

  /** Pairs of index and value, in the very bytes of our packed form. */
  private static ColumnReader sparse(Collection collection, FieldSchema field) {
    requireValues(collection, field);
    SchemaBuilder schema = VectorSchema.builder(VectorType.SPARSE);
    String metric = collection.metrics().get(field.getName());
    if (metric != null) {
      schema.parameter(VectorSchema.METRIC, metric);
    }
    return new ColumnReader(
        field.getName(),
        schema.build(),
        (column, row) -> column.getVectors().getSparseFloatVector().getContents(row).toByteArray());
  }

  /** How NULLs among vectors come over the wire was never seen here. */
  private static void requireValues(Collection collection, FieldSchema field) {
    if (field.getNullable()) {
      throw unsupported(collection, field, "nullable " + field.getDataType());
    }
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
