package io.vectorconnect.it.milvus;

import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.IDs;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.VectorField;
import java.util.ArrayList;
import java.util.List;

/** Rows taken from the columns of requests and answers. */
final class Columns {
  private Columns() {}

  /** One value of a column. */
  record Cell(FieldData column, int row) {}

  /** The keys in a mutation's answer, as Long or String, in the order of the rows. */
  static List<Object> keys(IDs ids) {
    return ids.hasStrId()
        ? new ArrayList<>(ids.getStrId().getDataList())
        : new ArrayList<>(ids.getIntId().getDataList());
  }

  /** The keys in a column of an answer. */
  static List<Object> keys(FieldData column) {
    ScalarField scalars = column.getScalars();
    return scalars.hasStringData()
        ? new ArrayList<>(scalars.getStringData().getDataList())
        : new ArrayList<>(scalars.getLongData().getDataList());
  }

  /** A column with the name and type of another, made of single values. */
  static FieldData of(FieldData like, List<Cell> cells) {
    FieldData.Builder column = FieldData.newBuilder(like).clearScalars().clearVectors();
    for (Cell cell : cells) {
      if (cell.column().getValidDataCount() > 0) {
        throw new UnsupportedOperationException("nullable field " + like.getFieldName());
      }
      if (cell.column().hasVectors()) {
        addVector(column.getVectorsBuilder(), cell.column().getVectors(), cell.row());
      } else {
        addScalar(column.getScalarsBuilder(), cell.column().getScalars(), cell.row());
      }
    }
    return column.build();
  }

  private static void addScalar(ScalarField.Builder to, ScalarField from, int row) {
    switch (from.getDataCase()) {
      case BOOL_DATA -> to.getBoolDataBuilder().addData(from.getBoolData().getData(row));
      case INT_DATA -> to.getIntDataBuilder().addData(from.getIntData().getData(row));
      case LONG_DATA -> to.getLongDataBuilder().addData(from.getLongData().getData(row));
      case FLOAT_DATA -> to.getFloatDataBuilder().addData(from.getFloatData().getData(row));
      case DOUBLE_DATA -> to.getDoubleDataBuilder().addData(from.getDoubleData().getData(row));
      case STRING_DATA -> to.getStringDataBuilder().addData(from.getStringData().getData(row));
      case BYTES_DATA -> to.getBytesDataBuilder().addData(from.getBytesData().getData(row));
      case JSON_DATA -> to.getJsonDataBuilder().addData(from.getJsonData().getData(row));
      case ARRAY_DATA ->
          to.getArrayDataBuilder()
              .setElementType(from.getArrayData().getElementType())
              .addData(from.getArrayData().getData(row));
      default -> throw new UnsupportedOperationException("values of kind " + from.getDataCase());
    }
  }

  private static void addVector(VectorField.Builder to, VectorField from, int row) {
    int dimension = (int) from.getDim();
    to.setDim(from.getDim());
    switch (from.getDataCase()) {
      case FLOAT_VECTOR ->
          to.getFloatVectorBuilder()
              .addAllData(
                  from.getFloatVector()
                      .getDataList()
                      .subList(row * dimension, (row + 1) * dimension));
      case BINARY_VECTOR ->
          to.setBinaryVector(
              to.getBinaryVector().concat(slice(from.getBinaryVector(), dimension / 8, row)));
      case FLOAT16_VECTOR ->
          to.setFloat16Vector(
              to.getFloat16Vector().concat(slice(from.getFloat16Vector(), dimension * 2, row)));
      case BFLOAT16_VECTOR ->
          to.setBfloat16Vector(
              to.getBfloat16Vector().concat(slice(from.getBfloat16Vector(), dimension * 2, row)));
      case INT8_VECTOR ->
          to.setInt8Vector(to.getInt8Vector().concat(slice(from.getInt8Vector(), dimension, row)));
      case SPARSE_FLOAT_VECTOR ->
          to.getSparseFloatVectorBuilder()
              .setDim(from.getSparseFloatVector().getDim())
              .addContents(from.getSparseFloatVector().getContents(row));
      default -> throw new UnsupportedOperationException("vectors of kind " + from.getDataCase());
    }
  }

  private static ByteString slice(ByteString bytes, int size, int row) {
    return bytes.substring(row * size, (row + 1) * size);
  }
}
