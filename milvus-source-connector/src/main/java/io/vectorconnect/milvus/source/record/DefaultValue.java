package io.vectorconnect.milvus.source.record;

import io.milvus.grpc.BoolArray;
import io.milvus.grpc.DoubleArray;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.TimestamptzArray;
import io.milvus.grpc.ValueField;
import io.vectorconnect.milvus.source.config.FieldKeys;

/** A field's default value. */
final class DefaultValue {
  private DefaultValue() {}

  /** A column that has the default value of a field as its only one. */
  static ScalarField column(FieldSchema field) {
    ScalarField.Builder column = ScalarField.newBuilder();
    ValueField value = field.getDefaultValue();
    switch (value.getDataCase()) {
      case BOOL_DATA -> column.setBoolData(BoolArray.newBuilder().addData(value.getBoolData()));
      case INT_DATA -> column.setIntData(IntArray.newBuilder().addData(value.getIntData()));
      case LONG_DATA -> column.setLongData(LongArray.newBuilder().addData(value.getLongData()));
      case FLOAT_DATA -> column.setFloatData(FloatArray.newBuilder().addData(value.getFloatData()));
      case DOUBLE_DATA ->
          column.setDoubleData(DoubleArray.newBuilder().addData(value.getDoubleData()));
      case STRING_DATA ->
          column.setStringData(StringArray.newBuilder().addData(value.getStringData()));
      case BYTES_DATA -> column.setJsonData(JSONArray.newBuilder().addData(value.getBytesData()));
      case TIMESTAMPTZ_DATA ->
          column.setTimestamptzData(
              TimestamptzArray.newBuilder().addData(value.getTimestamptzData()));
      case DATA_NOT_SET ->
          throw new org.apache.kafka.connect.errors.ConnectException(
              "field %s has a default value of a kind that this connector does not know; exclude the field by %s"
                  .formatted(field.getName(), FieldKeys.EXCLUDE));
    }
    return column.build();
  }
}
