package io.vectorconnect.milvus.source.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class SpecialFloatsTest {
  private static RecordMapper.Columns columns(float value, Map<String, String> more) {
    FieldSchema key =
        FieldSchema.newBuilder()
            .setName("id")
            .setIsPrimaryKey(true)
            .setDataType(DataType.Int64)
            .build();
    FieldSchema field = FieldSchema.newBuilder().setName("f").setDataType(DataType.Float).build();
    Collection collection = new Collection("c", 1, List.of(key, field), false, Map.of());
    Map<String, String> config = new java.util.HashMap<>(more);
    config.put("connection.uri", "http://127.0.0.1:19530");
    LongArray ids = LongArray.newBuilder().addData(1).build();
    FloatArray floats = FloatArray.newBuilder().addData(value).build();
    return new RecordMapper(collection, new MilvusSourceConfig(config))
        .logged(
            List.of(
                FieldData.newBuilder()
                    .setFieldName("id")
                    .setType(DataType.Int64)
                    .setScalars(ScalarField.newBuilder().setLongData(ids))
                    .build(),
                FieldData.newBuilder()
                    .setFieldName("f")
                    .setType(DataType.Float)
                    .setScalars(ScalarField.newBuilder().setFloatData(floats))
                    .build()),
            "",
            true);
  }

  @Test
  void numbersThatJsonConverterChangesAreRefusedUnlessTheyMayPass() {
    for (float special : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -0f}) {
      assertThatThrownBy(() -> columns(special, Map.of()).row(0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("collection c, field f: ");
      assertThat(columns(special, Map.of("special.floats", "pass")).row(0).value().get("f"))
          .isEqualTo(special);
    }
    assertThat(columns(0f, Map.of()).row(0).value().get("f")).isEqualTo(0f);
  }
}
