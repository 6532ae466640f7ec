package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.FunctionType;
import io.milvus.grpc.StructArrayFieldSchema;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What descriptions of newer servers say. */
class CollectionTest {
  private static FieldSchema.Builder field(String name, DataType type) {
    return FieldSchema.newBuilder().setName(name).setDataType(type);
  }

  @Test
  void functionOutputsAreMarkedAndStructArraysAreFields() {
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .addFields(field("id", DataType.Int64).setIsPrimaryKey(true))
            .addFields(field("text", DataType.VarChar))
            .addFields(field("sparse", DataType.SparseFloatVector)) // only the function names it
            .addFields(field("embedding", DataType.FloatVector).setIsFunctionOutput(true))
            .addFunctions(
                FunctionSchema.newBuilder()
                    .setType(FunctionType.BM25)
                    .addInputFieldNames("text")
                    .addOutputFieldNames("sparse"))
            .addStructArrayFields(
                StructArrayFieldSchema.newBuilder()
                    .setFieldID(105)
                    .setName("chunks")
                    .addFields(field("word", DataType.Array)))
            .build();
    Collection collection =
        Collection.of(
            "docs",
            DescribeCollectionResponse.newBuilder().setSchema(schema).setUpdateTimestamp(7).build(),
            Map.of());
    assertThat(collection.fields())
        .extracting(FieldSchema::getName, FieldSchema::getIsFunctionOutput)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("id", false),
            org.assertj.core.groups.Tuple.tuple("text", false),
            org.assertj.core.groups.Tuple.tuple("sparse", true),
            org.assertj.core.groups.Tuple.tuple("embedding", true),
            org.assertj.core.groups.Tuple.tuple("chunks", false));
    assertThat(collection.fields().get(4).getDataType()).isEqualTo(DataType.ArrayOfStruct);
    assertThat(collection.fields().get(4).getNullable()).isFalse();
    assertThat(collection.changed()).isEqualTo(7);
  }
}
