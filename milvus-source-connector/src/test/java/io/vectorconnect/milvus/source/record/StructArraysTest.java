package io.vectorconnect.milvus.source.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.StructArrayField;
import io.milvus.grpc.VectorArray;
import io.milvus.grpc.VectorField;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** Struct arrays as JSON: two rows, of two structs and of none. */
class StructArraysTest {
  private static FieldData texts(String name, String... first) {
    return FieldData.newBuilder()
        .setType(DataType.Array)
        .setFieldName(name)
        .setScalars(
            ScalarField.newBuilder()
                .setArrayData(
                    ArrayArray.newBuilder()
                        .setElementType(DataType.VarChar)
                        .addData(
                            ScalarField.newBuilder()
                                .setStringData(StringArray.newBuilder().addAllData(List.of(first))))
                        .addData(ScalarField.newBuilder())))
        .build();
  }

  private static FieldData vectors(String name, Float... first) {
    return FieldData.newBuilder()
        .setType(DataType.ArrayOfVector)
        .setFieldName(name)
        .setVectors(
            VectorField.newBuilder()
                .setVectorArray(
                    VectorArray.newBuilder()
                        .setDim(2)
                        .setElementType(DataType.FloatVector)
                        .addData(
                            VectorField.newBuilder()
                                .setFloatVector(FloatArray.newBuilder().addAllData(List.of(first))))
                        .addData(VectorField.newBuilder().setDim(2))))
        .build();
  }

  private static StructArrayField structs(FieldData... columns) {
    return StructArrayField.newBuilder().addAllFields(List.of(columns)).build();
  }

  @Test
  void eachStructIsAnObject() {
    StructArrayField structs =
        structs(texts("word", "a", "\"ü"), vectors("emb", 0.1f, -0f, 3f, 4f));
    assertThat(StructArrays.json(structs, 0))
        .isEqualTo("[{\"word\":\"a\",\"emb\":[0.1,-0.0]},{\"word\":\"\\\"ü\",\"emb\":[3.0,4.0]}]");
    assertThat(StructArrays.json(structs, 1)).isEqualTo("[]");
  }

  @Test
  void columnsThatDoNotFitTogetherAreRefused() {
    assertThatThrownBy(
            () -> StructArrays.json(structs(texts("word", "a"), vectors("emb", 1f, 2f, 3f, 4f)), 0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("1 values of word and 2 of emb");
  }

  @Test
  void theLogsColumnsAreGrouped() {
    FieldData id = FieldData.newBuilder().setFieldName("id").build();
    List<FieldData> grouped =
        StructArrays.grouped(
            List.of(texts("chunks[word]", "a"), id, vectors("chunks[emb]", 1f, 2f)));
    assertThat(grouped).extracting(FieldData::getFieldName).containsExactly("id", "chunks");
    assertThat(StructArrays.json(grouped.get(1).getStructArrays(), 0))
        .isEqualTo("[{\"word\":\"a\",\"emb\":[1.0,2.0]}]");
  }
}
