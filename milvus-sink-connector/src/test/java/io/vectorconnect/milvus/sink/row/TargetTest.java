package io.vectorconnect.milvus.sink.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import org.junit.jupiter.api.Test;

/** What of a collection matters to the rows that are written to it. */
class TargetTest {
  private static FieldSchema text(String name) {
    return FieldSchema.newBuilder()
        .setName(name)
        .setDataType(DataType.VarChar)
        .setNullable(true)
        .build();
  }

  private static FieldSchema key() {
    return FieldSchema.newBuilder()
        .setName("id")
        .setDataType(DataType.Int64)
        .setIsPrimaryKey(true)
        .build();
  }

  private static FieldSchema output(String name) {
    return FieldSchema.newBuilder()
        .setName(name)
        .setDataType(DataType.SparseFloatVector)
        .setIsFunctionOutput(true)
        .build();
  }

  @Test
  void outputsOfFunctionsAreNotWritten() {
    Target target = Rows.target(true, key(), text("a"), output("words"));
    assertThat(target.columns()).extracting(Column::name).containsExactly("id", "a");
    assertThat(target.computed()).containsExactly("words");
  }

  @Test
  void fieldsThatAreAddedOrDroppedMakeAnotherTarget() {
    Target target = Rows.target(true, key(), text("a"));
    assertThat(Rows.target(true, key(), text("a")).hasFieldsOf(target)).isTrue();
    assertThat(Rows.target(true, key(), text("a"), text("b")).hasFieldsOf(target)).isFalse();
    assertThat(Rows.target(true, key()).hasFieldsOf(target)).isFalse();
    assertThat(Rows.target(true, key(), text("a"), output("w")).hasFieldsOf(target)).isFalse();
    assertThat(Rows.target(false, key(), text("a")).hasFieldsOf(target)).isFalse();
  }
}
