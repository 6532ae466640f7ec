package io.vectorconnect.milvus.source.record;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.ScalarField;
import io.vectorconnect.data.Json;
import io.vectorconnect.milvus.FieldParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * How values of a scalar type, or arrays of them, stand on the wire.
 *
 * @param builder makes the schema
 * @param value gets the i-th value
 * @param count how many values there are; arrays are read to their end by it
 */
record ScalarReader(
    Supplier<SchemaBuilder> builder, Value value, ToIntFunction<ScalarField> count) {
  private static final int ELEMENT_NULLABLE = 19;

  /** Gets a value. */
  @FunctionalInterface
  interface Value {
    Object get(ScalarField column, int row);
  }

  /** The reader of a field, or empty when there is none for its type. */
  static Optional<ScalarReader> of(FieldSchema field) {
    Map<String, String> limits = new HashMap<>();
    field.getTypeParamsList().forEach(pair -> limits.put(pair.getKey(), pair.getValue()));
    return field.getDataType() == DataType.Array
        ? plain(field.getElementType(), limits)
            .map(element -> array(element, hasNullElements(field), limits))
        : plain(field.getDataType(), limits);
  }

  private static Optional<ScalarReader> plain(DataType type, Map<String, String> limits) {
    return Optional.ofNullable(plain(type))
        .map(
            reader ->
                type == DataType.VarChar
                    ? reader.limited(FieldParameters.MAX_LENGTH, limits)
                    : reader);
  }

  private static ScalarReader plain(DataType type) {
    return switch (type) {
      case Bool ->
          new ScalarReader(
              SchemaBuilder::bool,
              (c, i) -> c.getBoolData().getData(i),
              c -> c.getBoolData().getDataCount());
      case Int8 ->
          new ScalarReader(
              SchemaBuilder::int8,
              (c, i) -> (byte) c.getIntData().getData(i),
              c -> c.getIntData().getDataCount());
      case Int16 ->
          new ScalarReader(
              SchemaBuilder::int16,
              (c, i) -> (short) c.getIntData().getData(i),
              c -> c.getIntData().getDataCount());
      case Int32 ->
          new ScalarReader(
              SchemaBuilder::int32,
              (c, i) -> c.getIntData().getData(i),
              c -> c.getIntData().getDataCount());
      case Int64 ->
          new ScalarReader(
              SchemaBuilder::int64,
              (c, i) -> c.getLongData().getData(i),
              c -> c.getLongData().getDataCount());
      case Float ->
          new ScalarReader(
              SchemaBuilder::float32,
              (c, i) -> c.getFloatData().getData(i),
              c -> c.getFloatData().getDataCount());
      case Double ->
          new ScalarReader(
              SchemaBuilder::float64,
              (c, i) -> c.getDoubleData().getData(i),
              c -> c.getDoubleData().getDataCount());
      case VarChar ->
          new ScalarReader(
              SchemaBuilder::string,
              (c, i) -> c.getStringData().getData(i),
              c -> c.getStringData().getDataCount());
      case JSON ->
          new ScalarReader(
              Json::builder,
              (c, i) -> c.getJsonData().getData(i).toStringUtf8(),
              c -> c.getJsonData().getDataCount());
      default -> null;
    };
  }

  /** Milvus 3 sets this field (a bool) of a FieldSchema; the SDK does not know it yet. */
  private static boolean hasNullElements(FieldSchema field) {
    return field.getUnknownFields().hasField(ELEMENT_NULLABLE);
  }

  private static ScalarReader array(
      ScalarReader element, boolean hasNulls, Map<String, String> limits) {
    return arrayOf(element, hasNulls).limited(FieldParameters.MAX_CAPACITY, limits);
  }

  /** The same, whose schema tells a limit of the field, as the Milvus sink takes it. */
  private ScalarReader limited(String name, Map<String, String> limits) {
    String limit = limits.get(name);
    return limit == null
        ? this
        : new ScalarReader(() -> builder.get().parameter(name, limit), value, count);
  }

  private static ScalarReader arrayOf(ScalarReader element, boolean hasNulls) {
    return new ScalarReader(
        () -> SchemaBuilder.array(hasNulls ? element.optionalSchema() : element.schema()),
        (column, row) -> element.elements(column.getArrayData().getData(row)),
        column -> column.getArrayData().getDataCount());
  }

  /** The elements of one array, null for NULL. */
  private List<Object> elements(ScalarField array) {
    int size = size(array);
    int[] places = NullPlaces.ofElements(array, size);
    int elements = places == null ? size : places.length;
    List<Object> values = new ArrayList<>(elements);
    for (int i = 0; i < elements; i++) {
      int place = places == null ? i : places[i];
      values.add(place < 0 ? null : get(array, place));
    }
    return values;
  }

  Object get(ScalarField column, int row) {
    return value.get(column, row);
  }

  /** How many values a column has. */
  int size(ScalarField column) {
    return count.applyAsInt(column);
  }

  Schema schema() {
    return builder.get().build();
  }

  Schema optionalSchema() {
    return builder.get().optional().build();
  }
}
