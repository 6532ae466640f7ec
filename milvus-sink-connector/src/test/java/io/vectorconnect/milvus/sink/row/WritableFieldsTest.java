package io.vectorconnect.milvus.sink.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.ValueField;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.TextType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Collections that no record can be written to. */
class WritableFieldsTest {
  private static Optional<String> problem(FieldSchema.Builder field, TextType... types) {
    return WritableFields.problem(
        new Collection("c", 1, List.of(field.setName("f").build()), false, Map.of()),
        Set.of(types));
  }

  private static FieldSchema.Builder field(DataType type) {
    return FieldSchema.newBuilder().setDataType(type);
  }

  @Test
  void aFieldThatEveryRowNeedsIsRefusedByNameUnlessItsTypeIsListed() {
    assertThat(problem(field(DataType.Geometry)))
        .hasValue(
            "collection c has field f of type Geometry: list geometry in types.as.text to write it from text");
    assertThat(problem(field(DataType.Geometry), TextType.GEOMETRY)).isEmpty();
    assertThat(problem(field(DataType.Geometry).setNullable(true))).isEmpty();
    assertThat(
            problem(
                field(DataType.Timestamptz)
                    .setDefaultValue(ValueField.newBuilder().setTimestamptzData(0))))
        .isEmpty();
    assertThat(problem(field(DataType.SparseFloatVector).setIsFunctionOutput(true))).isEmpty();
  }

  @Test
  void structArraysAndUnknownTypesAreAlwaysRefused() {
    assertThat(problem(field(DataType.ArrayOfStruct).setNullable(true), TextType.values()))
        .hasValueSatisfying(
            message ->
                assertThat(message)
                    .contains("field f of type ArrayOfStruct")
                    .contains("does not write struct arrays"));
    assertThat(problem(field(DataType.None).setDataTypeValue(30).setNullable(true)))
        .hasValueSatisfying(
            message ->
                assertThat(message)
                    .contains("type number 30 of the server's types")
                    .contains("newer version"));
  }
}
