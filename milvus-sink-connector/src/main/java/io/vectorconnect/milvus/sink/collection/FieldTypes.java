package io.vectorconnect.milvus.sink.collection;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.FieldParameters;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.PlanCache.UndecidedException;
import io.vectorconnect.sink.RecordField;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** The fields of a collection that is created. */
public final class FieldTypes {
  /** Milvus's limit of a VarChar's max_length. */
  public static final int MAX_VARCHAR = 65_535;

  /** Milvus's limit of an array's max_capacity. */
  public static final int MAX_CAPACITY = 4_096;

  private FieldTypes() {}

  /**
   * The primary key's field.
   *
   * @throws DataException when Milvus has no keys of such a type
   */
  static FieldSchema key(RecordField field, FieldLimits limits) {
    FieldSchema.Builder builder =
        FieldSchema.newBuilder().setName(field.name()).setIsPrimaryKey(true);
    Schema schema = field.schema();
    if (schema.name() == null || schema.name().equals("io.debezium.data.Uuid")) {
      switch (schema.type()) {
        case INT8, INT16, INT32, INT64 -> {
          return builder.setDataType(DataType.Int64).build();
        }
        case STRING -> {
          return varchar(builder, limits.maxLength(schema));
        }
        default -> {} // refused below
      }
    }
    throw new DataException(
        "expected a primary key of INT8 to INT64 or STRING, got %s; set another by pk.fields or a"
                .formatted(describe(schema))
            + " transform");
  }

  /**
   * Any other field.
   *
   * @param change asked for a vector's dimension where the schema does not tell it
   * @throws DataException when Milvus has no field of such a type
   */
  static FieldSchema of(RecordField field, Change change, FieldLimits limits) {
    Schema schema = field.schema();
    FieldSchema.Builder builder = FieldSchema.newBuilder().setName(field.name());
    Optional<VectorType> vector = vectorType(field, limits);
    if (vector.isPresent()) {
      return vector(builder, vector.get(), field, change, limits);
    }
    // A server before 2.5 does not know this, and takes no NULL then.
    builder.setNullable(schema.isOptional());
    Optional<DataType> text = limits.textType(schema);
    if (text.isPresent()) {
      return builder.setDataType(text.get()).build();
    }
    if (Json.is(schema)) {
      return builder.setDataType(DataType.JSON).build();
    }
    if (schema.type() == Schema.Type.ARRAY) {
      return array(builder, schema, limits);
    }
    DataType type = scalar(schema).orElseThrow(() -> noType(schema));
    return type == DataType.VarChar
        ? varchar(builder, limits.maxLength(schema))
        : builder.setDataType(type).build();
  }

  private static Optional<DataType> scalar(Schema schema) {
    if (schema.name() != null && schema.name().startsWith("org.apache.kafka.connect.data.")) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch (schema.type()) {
          case BOOLEAN -> DataType.Bool;
          case INT8 -> DataType.Int8;
          case INT16 -> DataType.Int16;
          case INT32 -> DataType.Int32;
          case INT64 -> DataType.Int64;
          case FLOAT32 -> DataType.Float;
          case FLOAT64 -> DataType.Double;
          case STRING -> DataType.VarChar;
          case BYTES, ARRAY, MAP, STRUCT -> null;
        });
  }

  private static FieldSchema array(FieldSchema.Builder builder, Schema schema, FieldLimits limits) {
    Schema element = schema.valueSchema();
    DataType type =
        Optional.of(element)
            .filter(elements -> !Json.is(elements))
            .flatMap(FieldTypes::scalar)
            .orElseThrow(() -> noType(schema));
    builder
        .setDataType(DataType.Array)
        .setElementType(type)
        .addTypeParams(
            parameter(FieldParameters.MAX_CAPACITY, Integer.toString(limits.maxCapacity(schema))));
    if (type == DataType.VarChar) {
      builder.addTypeParams(
          parameter(FieldParameters.MAX_LENGTH, Integer.toString(limits.maxLength(element))));
    }
    return builder.build();
  }

  private static FieldSchema varchar(FieldSchema.Builder builder, int maxLength) {
    return builder
        .setDataType(DataType.VarChar)
        .addTypeParams(parameter(FieldParameters.MAX_LENGTH, Integer.toString(maxLength)))
        .build();
  }

  /** The element type of a created field, if it holds vectors. */
  public static Optional<VectorType> vectorType(RecordField field, FieldLimits limits) {
    if (limits.isArray(field.name(), field.schema())) {
      return Optional.empty();
    }
    return vectorType(field.schema())
        .or(
            () ->
                limits.vectors().containsKey(field.name())
                    ? Optional.of(VectorType.FLOAT)
                    : Optional.empty());
  }

  /** The element type of a field that holds vectors: ours, Debezium's, or an array of floats. */
  public static Optional<VectorType> vectorType(Schema schema) {
    Optional<VectorType> packed = VectorType.of(schema);
    if (packed.isPresent()) {
      return packed;
    }
    if (VectorReader.DEBEZIUM_SPARSE.equals(schema.name())) {
      return Optional.of(VectorType.SPARSE);
    }
    if (VectorReader.DEBEZIUM_BITS.equals(schema.name())) {
      return Optional.of(VectorType.BINARY);
    }
    boolean floats =
        schema.type() == Schema.Type.ARRAY
            && (schema.valueSchema().type() == Schema.Type.FLOAT32
                || schema.valueSchema().type() == Schema.Type.FLOAT64);
    return floats ? Optional.of(VectorType.FLOAT) : Optional.empty();
  }

  private static FieldSchema vector(
      FieldSchema.Builder builder,
      VectorType type,
      RecordField field,
      Change change,
      FieldLimits limits) {
    builder.setDataType(
        switch (type) {
          case FLOAT -> DataType.FloatVector;
          case FLOAT16 -> DataType.Float16Vector;
          case BFLOAT16 -> DataType.BFloat16Vector;
          case INT8 -> DataType.Int8Vector;
          case BINARY -> DataType.BinaryVector;
          case SPARSE -> DataType.SparseFloatVector;
        });
    builder.setNullable(limits.nullableVectors() && field.schema().isOptional());
    if (type == VectorType.SPARSE) {
      return builder.build();
    }
    Integer told = limits.vectors().get(field.name());
    int dimension = told != null ? told : dimension(type, field, change);
    if (type == VectorType.BINARY && dimension % 8 != 0) {
      throw new DataException(
          "Milvus takes binary vectors of whole bytes only, got dimension %d; leave the field out by a transform"
              .formatted(dimension));
    }
    return builder.addTypeParams(parameter("dim", Integer.toString(dimension))).build();
  }

  private static int dimension(VectorType type, RecordField field, Change change) {
    OptionalInt declared = VectorSchema.dimension(field.schema());
    if (declared.isPresent()) {
      return declared.getAsInt();
    }
    Object value = field.extractor().get(change);
    if (value == null) {
      throw new UndecidedException(
          "neither its schema nor its value (NULL) tells the vector's dimension, which Milvus"
              + " needs");
    }
    // Whether elements would be rounded is asked when the row is written, not here.
    return VectorReader.of(field.schema(), type, 0, Set.of(LossyCast.values()))
        .read(value)
        .dimension();
  }

  private static DataException noType(Schema schema) {
    return new DataException(
        "auto.create has no field type for %s; convert or leave out the field by a transform, or create the collection yourself"
            .formatted(describe(schema)));
  }

  private static String describe(Schema schema) {
    String type =
        schema.name() == null ? schema.type().toString() : schema.type() + " " + schema.name();
    return schema.type() == Schema.Type.ARRAY
        ? type + " of " + describe(schema.valueSchema())
        : type;
  }

  public static KeyValuePair parameter(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
