package io.vectorconnect.milvus.sink.row;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnsafeByteOperations;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.BoolArray;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DoubleArray;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.GeometryWktArray;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.SparseFloatArray;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.VectorField;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.milvus.Validity;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Rows as columns, in the form of milvus-proto's schema.proto. A NULL stands in {@code valid_data}
 * only: the data holds the other rows' values, one after another.
 */
public final class Columns {
  private Columns() {}

  /** The columns of rows of one target. */
  public static List<FieldData> of(Target target, List<Row> rows) {
    List<FieldData> columns = new ArrayList<>();
    List<Column> fields = target.columns();
    for (int i = 0; i < fields.size(); i++) {
      columns.add(column(fields.get(i), i, rows));
    }
    if (target.dynamic()) {
      columns.add(
          FieldData.newBuilder()
              .setType(DataType.JSON)
              .setIsDynamic(true)
              .setScalars(ScalarField.newBuilder().setJsonData(json(values(fields.size(), rows))))
              .build());
    }
    return columns;
  }

  /**
   * One value of a column that the server sent, in the form that {@link CellEncoder} gives it.
   *
   * @param answered counts from 0; in answers a scalar's NULL has a place in the data, too
   */
  static Object value(Column column, FieldData data, int answered) {
    List<Boolean> marks = Validity.of(data);
    if (!marks.isEmpty() && !marks.get(answered)) {
      return null;
    }
    int row = column.vectorType().isPresent() ? placeOfVector(column, marks, answered) : answered;
    ScalarField scalars = data.getScalars();
    VectorField vectors = data.getVectors();
    return switch (column.type()) {
      case Bool -> scalars.getBoolData().getData(row);
      case Int8, Int16, Int32 -> scalars.getIntData().getData(row);
      case Int64 -> scalars.getLongData().getData(row);
      case Float -> scalars.getFloatData().getData(row);
      case Double -> scalars.getDoubleData().getData(row);
      case VarChar, Text, Timestamptz -> scalars.getStringData().getData(row);
      case Geometry -> scalars.getGeometryWktData().getData(row);
      case JSON -> scalars.getJsonData().getData(row).toByteArray();
      case Array -> array(column, scalars.getArrayData().getData(row));
      case FloatVector -> {
        byte[] packed = new byte[column.dimension() * Float.BYTES];
        for (int i = 0; i < column.dimension(); i++) {
          float element = vectors.getFloatVector().getData(row * column.dimension() + i);
          LittleEndian.putFloat(packed, i * Float.BYTES, element);
        }
        yield packed;
      }
      case Float16Vector -> part(column, vectors.getFloat16Vector(), row);
      case BFloat16Vector -> part(column, vectors.getBfloat16Vector(), row);
      case Int8Vector -> part(column, vectors.getInt8Vector(), row);
      case BinaryVector -> part(column, vectors.getBinaryVector(), row);
      case SparseFloatVector -> vectors.getSparseFloatVector().getContents(row).toByteArray();
      default -> throw new IllegalStateException("no encoder made a column of " + column.type());
    };
  }

  /** Vectors stand one after another, without a place for a NULL. */
  private static int placeOfVector(Column column, List<Boolean> marks, int row) {
    if (!column.nullable()) {
      return row;
    }
    if (marks.isEmpty()) {
      throw new ConnectException(
          "Milvus does not tell which rows have a NULL in field %s; send records that tell all fields"
              .formatted(column.name()));
    }
    int place = row;
    for (int i = 0; i < row; i++) {
      place -= marks.get(i) ? 0 : 1;
    }
    return place;
  }

  /** The server does not say of which type an empty array is. */
  private static ScalarField array(Column column, ScalarField cell) {
    return cell.getDataCase() == ScalarField.DataCase.DATA_NOT_SET
        ? scalars(column.ofElements(), List.of()).build()
        : cell;
  }

  private static byte[] part(Column column, ByteString joined, int row) {
    int length = column.vectorType().orElseThrow().packedLength(column.dimension());
    return joined.substring(row * length, (row + 1) * length).toByteArray();
  }

  private static FieldData column(Column column, int index, List<Row> rows) {
    FieldData.Builder field =
        FieldData.newBuilder().setType(column.type()).setFieldName(column.name());
    if (column.nullable() || column.defaulted()) {
      for (Row row : rows) {
        field.addValidData(row.values()[index] != null);
      }
    }
    List<Object> values = values(index, rows);
    if (column.vectorType().isPresent()) {
      return field.setVectors(vectors(column, values)).build();
    }
    return field.setScalars(scalars(column, values)).build();
  }

  private static List<Object> values(int index, List<Row> rows) {
    List<Object> values = new ArrayList<>(rows.size());
    for (Row row : rows) {
      if (row.values()[index] != null) {
        values.add(row.values()[index]);
      }
    }
    return values;
  }

  /** Values of a scalar field, or the elements of one array. */
  static ScalarField.Builder scalars(Column column, List<Object> values) {
    ScalarField.Builder field = ScalarField.newBuilder();
    switch (column.type()) {
      case Bool -> {
        BoolArray.Builder data = BoolArray.newBuilder();
        values.forEach(value -> data.addData((boolean) value));
        field.setBoolData(data);
      }
      case Int8, Int16, Int32 -> {
        IntArray.Builder data = IntArray.newBuilder();
        values.forEach(value -> data.addData((int) value));
        field.setIntData(data);
      }
      case Int64 -> {
        LongArray.Builder data = LongArray.newBuilder();
        values.forEach(value -> data.addData((long) value));
        field.setLongData(data);
      }
      case Float -> {
        FloatArray.Builder data = FloatArray.newBuilder();
        values.forEach(value -> data.addData((float) value));
        field.setFloatData(data);
      }
      case Double -> {
        DoubleArray.Builder data = DoubleArray.newBuilder();
        values.forEach(value -> data.addData((double) value));
        field.setDoubleData(data);
      }
      case VarChar, Text, Timestamptz -> {
        StringArray.Builder data = StringArray.newBuilder();
        values.forEach(value -> data.addData((String) value));
        field.setStringData(data);
      }
      case JSON -> field.setJsonData(json(values));
      case Geometry -> {
        GeometryWktArray.Builder data = GeometryWktArray.newBuilder();
        values.forEach(value -> data.addData((String) value));
        field.setGeometryWktData(data);
      }
      case Array -> {
        ArrayArray.Builder data = ArrayArray.newBuilder().setElementType(column.elementType());
        values.forEach(value -> data.addData((ScalarField) value));
        field.setArrayData(data);
      }
      default -> throw new IllegalStateException("no encoder made a column of " + column.type());
    }
    return field;
  }

  private static JSONArray json(List<Object> documents) {
    JSONArray.Builder data = JSONArray.newBuilder();
    documents.forEach(document -> data.addData(bytes(document)));
    return data.build();
  }

  private static VectorField vectors(Column column, List<Object> values) {
    VectorField.Builder field = VectorField.newBuilder().setDim(column.dimension());
    switch (column.type()) {
      case FloatVector -> field.setFloatVector(floats(values));
      case Float16Vector -> field.setFloat16Vector(joined(values));
      case BFloat16Vector -> field.setBfloat16Vector(joined(values));
      case Int8Vector -> field.setInt8Vector(joined(values));
      case BinaryVector -> field.setBinaryVector(joined(values));
      case SparseFloatVector -> {
        SparseFloatArray sparse = sparse(values);
        field.setDim(sparse.getDim()).setSparseFloatVector(sparse);
      }
      default -> throw new IllegalStateException("no vectors of type " + column.type());
    }
    return field.build();
  }

  /**
   * Our packed floats are, byte for byte, the elements of a packed field of the message, and so
   * they are put there as they are: no element is decoded, or held twice.
   */
  private static FloatArray floats(List<Object> vectors) {
    UnknownFieldSet.Field packed =
        UnknownFieldSet.Field.newBuilder().addLengthDelimited(joined(vectors)).build();
    return FloatArray.newBuilder()
        .setUnknownFields(
            UnknownFieldSet.newBuilder().addField(FloatArray.DATA_FIELD_NUMBER, packed).build())
        .build();
  }

  /** All vectors, one after the other, without a copy. */
  private static ByteString joined(List<Object> vectors) {
    return ByteString.copyFrom(vectors.stream().map(Columns::bytes).toList());
  }

  /** Each row's pairs as they are; the column's dimension is one more than its largest index. */
  private static SparseFloatArray sparse(List<Object> vectors) {
    SparseFloatArray.Builder data = SparseFloatArray.newBuilder();
    long dimension = 0;
    for (Object vector : vectors) {
      byte[] pairs = (byte[]) vector;
      if (pairs.length > 0) {
        int last = LittleEndian.getInt(pairs, pairs.length - PackedVector.SPARSE_PAIR);
        dimension = Math.max(dimension, Integer.toUnsignedLong(last) + 1);
      }
      data.addContents(bytes(pairs));
    }
    return data.setDim(dimension).build();
  }

  /** Without a copy: nobody changes a row's bytes. */
  private static ByteString bytes(Object bytes) {
    return UnsafeByteOperations.unsafeWrap((byte[]) bytes);
  }
}
