package io.vectorconnect.milvus.sink.row;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.FieldParameters;
import io.vectorconnect.milvus.sink.collection.FieldTypes;
import java.util.Optional;

/**
 * A field of a collection, as it is written.
 *
 * @param name its name
 * @param type its type
 * @param elementType of an array
 * @param dimension of a vector, 0 where the type has none
 * @param maxLength of a VarChar, or of an array's, in bytes of UTF-8
 * @param maxCapacity the greatest number of elements of an array
 * @param nullable whether it takes NULL
 * @param defaulted whether the server fills it in where a row has no value
 */
public record Column(
    String name,
    DataType type,
    DataType elementType,
    int dimension,
    int maxLength,
    int maxCapacity,
    boolean nullable,
    boolean defaulted) {

  public static Column of(FieldSchema field) {
    return new Column(
        field.getName(),
        field.getDataType(),
        field.getElementType(),
        Collection.dimension(field).orElse(0),
        parameter(field, FieldParameters.MAX_LENGTH, FieldTypes.MAX_VARCHAR),
        parameter(field, FieldParameters.MAX_CAPACITY, FieldTypes.MAX_CAPACITY),
        field.getNullable(),
        field.hasDefaultValue());
  }

  private static int parameter(FieldSchema field, String name, int otherwise) {
    for (KeyValuePair parameter : field.getTypeParamsList()) {
      if (parameter.getKey().equals(name)) {
        return Integer.parseInt(parameter.getValue());
      }
    }
    return otherwise;
  }

  /** An array's elements as if they were a field of their own. */
  Column ofElements() {
    return new Column(name, elementType, DataType.None, 0, maxLength, 0, false, false);
  }

  /** The element type, if it is a vector. */
  Optional<VectorType> vectorType() {
    return Optional.ofNullable(
        switch (type) {
          case FloatVector -> VectorType.FLOAT;
          case Float16Vector -> VectorType.FLOAT16;
          case BFloat16Vector -> VectorType.BFLOAT16;
          case Int8Vector -> VectorType.INT8;
          case BinaryVector -> VectorType.BINARY;
          case SparseFloatVector -> VectorType.SPARSE;
          default -> null;
        });
  }

  /** The type as users write it. */
  public String declaration() {
    if (dimension > 0) {
      return type + "(" + dimension + ")";
    }
    if (type == DataType.Array) {
      return "%s(%s, %d)".formatted(type, ofElements().declaration(), maxCapacity);
    }
    return type == DataType.VarChar ? type + "(" + maxLength + ")" : type.toString();
  }
}
