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
import java.util.function.Function;
import java.util.function.ToIntFunction;
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
 * @param places where the rows' values stand, for a column that leaves out NULLs
 */
record ColumnReader(String name, Schema schema, Cell cell, Places places) {
  /** The field of dynamic values: one JSON object a row. */
  static final String DYNAMIC = "$meta";

  /** Gets the value of one row. */
  @FunctionalInterface
  interface Cell {
    Object get(FieldData column, int row);
  }

  /** Finds the rows' values in a column. */
  @FunctionalInterface
  interface Places {
    /**
     * The place of each row's value counts from 0, and is -1 where it is NULL; null where every row
     * has a value in its own place.
     *
     * @throws ConnectException when the server does not tell which rows have a value
     */
    int[] of(FieldData column, int rows);
  }

  private ColumnReader(String name, Schema schema, Cell cell) {
    this(name, schema, cell, (column, rows) -> null);
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
    int dimension = dimension(collection, field);
    Places places = places(field, column -> column.getFloatVector().getDataCount() / dimension);
    if (format == VectorFormat.ARRAY) {
      return new ColumnReader(
          field.getName(),
          nullable(SchemaBuilder.array(Schema.FLOAT32_SCHEMA), field).build(),
          (column, row) -> floats(column.getVectors().getFloatVector(), row, dimension),
          places);
    }
    return new ColumnReader(
        field.getName(),
        schema(VectorSchema.builder(VectorType.FLOAT, dimension), collection, field),
        (column, row) -> packed(column.getVectors().getFloatVector(), row, dimension),
        places);
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
    int dimension = dimension(collection, field);
    int length = type.packedLength(dimension);
    return new ColumnReader(
        field.getName(),
        schema(VectorSchema.builder(type, dimension), collection, field),
        (column, row) ->
            run.apply(column.getVectors())
                .substring(row * length, (row + 1) * length)
                .toByteArray(),
        places(field, column -> run.apply(column).size() / length));
  }

  /** Pairs of index and value, in the very bytes of our packed form. */
  private static ColumnReader sparse(Collection collection, FieldSchema field) {
    return new ColumnReader(
        field.getName(),
        schema(VectorSchema.builder(VectorType.SPARSE), collection, field),
        (column, row) -> column.getVectors().getSparseFloatVector().getContents(row).toByteArray(),
        places(field, column -> column.getSparseFloatVector().getContentsCount()));
  }

  /** A NULL is told by its mark of validity alone: the vectors are those of the other rows. */
  private static Places places(FieldSchema field, ToIntFunction<VectorField> vectors) {
    if (!field.getNullable()) {
      return (column, rows) -> null;
    }
    return (column, rows) -> {
      int told = column.getValidDataCount();
      int[] places = new int[rows];
      int next = 0;
      for (int row = 0; row < Math.min(rows, told); row++) {
        places[row] = column.getValidData(row) ? next++ : -1;
      }
      int count = vectors.applyAsInt(column.getVectors());
      if (told != rows || count != next) {
        throw new ConnectException(
            "Milvus answered with %d vectors of the nullable field %s for %d rows, and with %d marks of which %d say that there is one; what is NULL cannot be told, so the page is not taken"
                .formatted(count, field.getName(), rows, told, next));
      }
      return places;
    };
  }

  private static Schema schema(SchemaBuilder builder, Collection collection, FieldSchema field) {
    String metric = collection.metrics().get(field.getName());
    if (metric != null) {
      builder.parameter(VectorSchema.METRIC, metric);
    }
    return nullable(builder, field).build();
  }

  private static SchemaBuilder nullable(SchemaBuilder builder, FieldSchema field) {
    return field.getNullable() ? builder.optional() : builder;
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
