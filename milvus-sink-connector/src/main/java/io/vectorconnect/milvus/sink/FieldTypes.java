package io.vectorconnect.milvus.sink;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.PlanCache.UndecidedException;
import io.vectorconnect.sink.RecordField;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** The fields of a collection that is created. */
final class FieldTypes {
  /** Milvus's limit of a VarChar's max_length. */
  static final int MAX_VARCHAR = 65_535;

  private FieldTypes() {}

  /**
   * The primary key's field.
   *
   * @throws DataException when Milvus has no keys of such a type
   */
  static FieldSchema key(RecordField field, int varcharMaxLength) {
    FieldSchema.Builder builder =
        FieldSchema.newBuilder().setName(field.name()).setIsPrimaryKey(true);
    Schema schema = field.schema();
    if (schema.name() == null || schema.name().equals("io.debezium.data.Uuid")) {
      switch (schema.type()) {
        case INT8, INT16, INT32, INT64 -> {
          return builder.setDataType(DataType.Int64).build();
        }
        case STRING -> {
          return varchar(builder, varcharMaxLength);
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
  static FieldSchema of(RecordField field, Change change, int varcharMaxLength) {
    Schema schema = field.schema();
    FieldSchema.Builder builder = FieldSchema.newBuilder().setName(field.name());
    Optional<VectorType> vector = vectorType(schema);
    if (vector.isPresent()) {
      return vector(builder, vector.get(), field, change);
    }
    // A server before 2.5 does not know this, and takes no NULL then.
    builder.setNullable(schema.isOptional());
    if (Json.is(schema)) {
      return builder.setDataType(DataType.JSON).build();
    }
    if (schema.name() != null && schema.name().startsWith("org.apache.kafka.connect.data.")) {
      throw noType(schema);
    }
    return switch (schema.type()) {
      case BOOLEAN -> builder.setDataType(DataType.Bool).build();
      case INT8 -> builder.setDataType(DataType.Int8).build();
      case INT16 -> builder.setDataType(DataType.Int16).build();
      case INT32 -> builder.setDataType(DataType.Int32).build();
      case INT64 -> builder.setDataType(DataType.Int64).build();
      case FLOAT32 -> builder.setDataType(DataType.Float).build();
      case FLOAT64 -> builder.setDataType(DataType.Double).build();
      case STRING -> varchar(builder, varcharMaxLength);
      case BYTES, ARRAY, MAP, STRUCT -> throw noType(schema);
    };
  }

  private static FieldSchema varchar(FieldSchema.Builder builder, int maxLength) {
    return builder
        .setDataType(DataType.VarChar)
        .addTypeParams(parameter("max_length", Integer.toString(maxLength)))
        .build();
  }

  /** The element type of a field that holds vectors: ours, Debezium's, or an array of floats. */
  static Optional<VectorType> vectorType(Schema schema) {
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
      FieldSchema.Builder builder, VectorType type, RecordField field, Change change) {
    builder.setDataType(
        switch (type) {
          case FLOAT -> DataType.FloatVector;
          case FLOAT16 -> DataType.Float16Vector;
          case BFLOAT16 -> DataType.BFloat16Vector;
          case INT8 -> DataType.Int8Vector;
          case BINARY -> DataType.BinaryVector;
          case SPARSE -> DataType.SparseFloatVector;
        });
    if (type == VectorType.SPARSE) {
      return builder.build();
    }
    int dimension = dimension(type, field, change);
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
          "neither its schema nor its value (NULL) tells the vector's dimension, which Milvus needs");
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
    return schema.name() == null ? schema.type().toString() : schema.type() + " " + schema.name();
  }

  static KeyValuePair parameter(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
