package io.vectorconnect.milvus.source.record;

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
import io.vectorconnect.milvus.TextType;
import io.vectorconnect.milvus.source.config.FieldKeys;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * @param places finds the rows' values in a column that may have NULLs
 * @param before the value of rows that were written before the field was added
 */
record ColumnReader(String name, Schema schema, Cell cell, Places places, Before before) {
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
    /** The places of columns that have a value for each row. */
    Places ALL = (column, rows) -> null;

    /**
     * The place of each row's value counts from 0, and is -1 where it is NULL; null where every row
     * has a value in its own place.
     *
     * @throws ConnectException when it is not clear which rows have a value
     */
    int[] of(FieldData column, int rows);
  }

  /**
   * The value of a row that has no such column.
   *
   * @param isKnown whether there is one; a field that is neither nullable nor has a default value
   *     is in every row
   * @param value null for NULL
   */
  record Before(boolean isKnown, Object value) {
    private static final Before UNKNOWN = new Before(false, null);
    private static final Before NULL = new Before(true, null);

    private static Before of(FieldSchema field) {
      return field.getNullable() ? NULL : UNKNOWN;
    }
  }

  /**
   * The reader of a field.
   *
   * @param texts the types that travel as text
   * @throws ConnectException naming collection, field and type when the type is not supported
   */
  static ColumnReader of(
      Collection collection, FieldSchema field, VectorFormat format, Set<TextType> texts) {
    return switch (field.getDataType()) {
      case FloatVector -> floatVector(collection, field, format);
      case Float16Vector ->
          packed(collection, field, VectorType.FLOAT16, c -> c.getFloat16Vector());
      case BFloat16Vector ->
          packed(collection, field, VectorType.BFLOAT16, c -> c.getBfloat16Vector());
      case Int8Vector -> packed(collection, field, VectorType.INT8, c -> c.getInt8Vector());
      case BinaryVector -> packed(collection, field, VectorType.BINARY, c -> c.getBinaryVector());
      case SparseFloatVector -> sparse(collection, field);
      default -> scalar(collection, field, texts);
    };
  }

  /** The reader of the dynamic fields of a row, as one JSON object. */
  static ColumnReader dynamic() {
    return new ColumnReader(
        DYNAMIC, Json.builder().optional().build(), ColumnReader::json, Places.ALL, Before.NULL);
  }

  private static ColumnReader scalar(
      Collection collection, FieldSchema field, Set<TextType> texts) {
    Optional<TextType> text = TextType.of(field.getDataType());
    text.filter(type -> !texts.contains(type))
        .ifPresent(
            type -> refuse(collection, field, "list %s in %s".formatted(type, TextType.KEY)));
    if (text.equals(Optional.of(TextType.STRUCT_ARRAY))) {
      return structs(field);
    }
    ScalarReader reader =
        text.map(TextReaders::of)
            .or(() -> ScalarReader.of(field))
            .orElseThrow(() -> refusal(collection, field, "use a newer version of this connector"));
    Before before =
        field.hasDefaultValue()
            ? new Before(true, reader.get(DefaultValue.column(field), 0))
            : Before.of(field);
    return new ColumnReader(
        field.getName(),
        field.getNullable() ? reader.optionalSchema() : reader.schema(),
        (column, row) -> reader.get(column.getScalars(), row),
        field.getNullable()
            ? (column, rows) -> NullPlaces.ofScalars(column, rows, reader.size(column.getScalars()))
            : Places.ALL,
        before);
  }

  private static ColumnReader structs(FieldSchema field) {
    SchemaBuilder schema = Json.builder();
    return new ColumnReader(
        field.getName(),
        nullable(schema, field).build(),
        (column, row) -> StructArrays.json(column.getStructArrays(), row),
        field.getNullable() ? StructArrays::places : Places.ALL,
        Before.of(field));
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
          places,
          Before.of(field));
    }
    return new ColumnReader(
        field.getName(),
        schema(VectorSchema.builder(VectorType.FLOAT, dimension), collection, field),
        (column, row) -> packed(column.getVectors().getFloatVector(), row, dimension),
        places,
        Before.of(field));
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
        places(field, column -> run.apply(column).size() / length),
        Before.of(field));
  }

  /** Pairs of index and value, in the very bytes of our packed form. */
  private static ColumnReader sparse(Collection collection, FieldSchema field) {
    return new ColumnReader(
        field.getName(),
        schema(VectorSchema.builder(VectorType.SPARSE), collection, field),
        (column, row) -> column.getVectors().getSparseFloatVector().getContents(row).toByteArray(),
        places(field, column -> column.getSparseFloatVector().getContentsCount()),
        Before.of(field));
  }

  private static Places places(FieldSchema field, ToIntFunction<VectorField> vectors) {
    return field.getNullable()
        ? (column, rows) ->
            NullPlaces.ofVectors(column, rows, vectors.applyAsInt(column.getVectors()))
        : Places.ALL;
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
        .orElseThrow(
            () -> refusal(collection, field, "its schema does not say how many elements it has"));
  }

  private static void refuse(Collection collection, FieldSchema field, String advice) {
    throw refusal(collection, field, advice);
  }

  private static ConnectException refusal(Collection collection, FieldSchema field, String advice) {
    return new ConnectException(
        "collection %s has field %s of type %s, which this connector does not read: %s, or exclude the field by %s"
            .formatted(
                collection.name(),
                field.getName(),
                Collection.typeName(field),
                advice,
                FieldKeys.EXCLUDE));
  }
}
