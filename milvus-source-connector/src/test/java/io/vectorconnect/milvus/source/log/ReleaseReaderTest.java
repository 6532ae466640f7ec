package io.vectorconnect.milvus.source.log;

import static io.vectorconnect.milvus.source.log.LogMessageTest.insert;
import static io.vectorconnect.milvus.source.log.LogMessageTest.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.VectorField;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.record.CurrentSchema;
import io.vectorconnect.milvus.source.scan.Partitions;
import io.vectorconnect.milvus.source.scan.RangeReader;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.RangePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class ReleaseReaderTest {
  private static final LogChannel CHANNEL = new LogChannel("dml_0_7v0", "dml_0");

  private final MilvusSourceConfig config =
      new MilvusSourceConfig(
          Map.of(
              "name", "releases",
              "connection.uri", "http://127.0.0.1:1",
              "collection.include.list", "c",
              "poll.strategy", "change_stream"));
  private final Collection collection =
      new Collection(
          "c",
          7,
          List.of(
              FieldSchema.newBuilder()
                  .setName("id")
                  .setDataType(DataType.Int64)
                  .setIsPrimaryKey(true)
                  .build(),
              FieldSchema.newBuilder()
                  .setName("v")
                  .setDataType(DataType.FloatVector)
                  .addTypeParams(KeyValuePair.newBuilder().setKey("dim").setValue("2"))
                  .build()),
          false,
          Map.of());
  private final RangeOffsets offsets = RangeOffsets.fresh(config.unit("c"), RangePlan.whole());
  private final ChangeRange range =
      ChangeRange.fresh(
          offsets, offsets.plan().ranges().get(0), Map.of(CHANNEL, LogPosition.start(3)));

  /** A schema that never changes: its client is closed. */
  static CurrentSchema schema(MilvusSourceConfig config, Collection collection) {
    try (MilvusClient client = new MilvusClient(config.connection())) {
      return new CurrentSchema(client, collection, config);
    }
  }

  /** A scan that is never asked for rows. */
  static RangeReader scan(
      MilvusSourceConfig config, Collection collection, RangeOffsets offsets, ChangeRange range) {
    try (MilvusClient client = new MilvusClient(config.connection())) {
      return new RangeReader(
          client,
          schema(config, collection),
          offsets,
          range.range(),
          config,
          List.of(Partitions.ANY),
          new ReadBarrier(client, collection),
          Map.of());
    }
  }

  private ReleaseReader reader() {
    ChangeMapper mapper =
        new ChangeMapper(
            config,
            collection,
            schema(config, collection),
            offsets.plan(),
            List.of(range),
            List.of(scan(config, collection, offsets, range)));
    return new ReleaseReader(
        mapper,
        CHANNEL,
        new LogBuffer.Release("5", 6, List.of(damaged()), new LogPosition("7", 7, 0)));
  }

  /** Three keys, and vectors for two of them. */
  private static LogMessage damaged() {
    return message(
        5,
        insert(10, 3)
            .addFieldsData(
                FieldData.newBuilder()
                    .setFieldName("id")
                    .setScalars(
                        ScalarField.newBuilder()
                            .setLongData(LongArray.newBuilder().addAllData(List.of(1L, 2L, 3L)))))
            .addFieldsData(
                FieldData.newBuilder()
                    .setFieldName("v")
                    .setVectors(
                        VectorField.newBuilder()
                            .setDim(2)
                            .setFloatVector(
                                FloatArray.newBuilder().addAllData(List.of(1f, 2f, 3f, 4f)))))
            .build());
  }

  @Test
  void aRowOfWhichNoRecordCanBeMadeIsNotPassedOverByAnotherTry() {
    ReleaseReader reader = reader();
    List<SourceRecord> records = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> reader.next(10, records))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(records)
          .extracting(record -> ((Struct) record.key()).getInt64("id"))
          .containsExactly(1L, 2L);
      assertThat(range.position(CHANNEL)).isEqualTo(new LogPosition("5", 6, 2));
    }
    assertThat(records.get(1).sourceOffset().get("log.dml_0_7v0")).isEqualTo("5/6/2");
  }

  /** It may be older than the schema. */
  @Test
  void theColumnsOfAPublishedMessageAreNotLookedAt() {
    range.reached(CHANNEL, new LogPosition("5", 6, 3));
    ReleaseReader reader = reader();
    List<SourceRecord> records = new ArrayList<>();
    reader.next(10, records);
    assertThat(reader.isEmpty()).isTrue();
    assertThat(records).isEmpty();
  }
}
