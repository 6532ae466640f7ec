package io.vectorconnect.milvus.sink;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.Collection;
import java.util.Optional;

/**
 * A field of a collection, as it is written.
 *
 * @param name its name
 * @param type its type
 * @param dimension of a vector, 0 where the type has none
 * @param maxLength of a VarChar, in bytes of UTF-8
 * @param nullable whether it takes NULL
 * @param defaulted whether the server fills it in where a row has no value
 */
record Column(
    String name, DataType type, int dimension, int maxLength, boolean nullable, boolean defaulted) {

  static Column of(FieldSchema field) {
    return new Column(
        field.getName(),
        field.getDataType(),
        Collection.dimension(field).orElse(0),
        maxLength(field),
        field.getNullable(),
        field.hasDefaultValue());
  }

  private static int maxLength(FieldSchema field) {
    for (KeyValuePair parameter : field.getTypeParamsList()) {
      if (parameter.getKey().equals("max_length")) {
        return Integer.parseInt(parameter.getValue());
      }
    }
    return FieldTypes.MAX_VARCHAR;
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
  String declaration() {
    if (dimension > 0) {
      return type + "(" + dimension + ")";
    }
    return type == DataType.VarChar ? type + "(" + maxLength + ")" : type.toString();
  }
}
