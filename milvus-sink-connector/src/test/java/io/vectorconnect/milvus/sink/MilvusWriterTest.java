package io.vectorconnect.milvus.sink;

import static io.vectorconnect.milvus.sink.config.MilvusSinkConfigTest.config;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.milvus.sink.row.RowBatch;
import io.vectorconnect.milvus.sink.row.Rows;
import io.vectorconnect.sink.TransientWriteException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.Test;

class MilvusWriterTest {
  @Test
  void aBatchThatWasGivenUpIsNotWrittenThroughANewConnection() {
    MilvusWriter writer = new MilvusWriter(config(), UnaryOperator.identity());
    RowBatch batch = writer.newBatch();
    FieldSchema field = FieldSchema.newBuilder().setName("n").setDataType(DataType.Int64).build();
    batch.add(Rows.of(field, Schema.INT64_SCHEMA).row(5L));
    writer.abort();
    assertThatThrownBy(() -> writer.write(batch, Map.of(), null))
        .isInstanceOf(TransientWriteException.class)
        .hasMessage("the batch was given up");
    writer.close();
  }
}
