package io.vectorconnect.milvus.source.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.milvus.grpc.IDs;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import milvus.proto.msg.Msg;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** Messages made by the vendor's own classes. */
class LogMessageTest {
  static LogMessage message(long offset, com.google.protobuf.Message content) {
    return LogDecoder.decode(new ConsumerRecord<>("dml_0", 0, offset, null, content.toByteArray()));
  }

  static MsgBase.Builder base(MsgType type) {
    return MsgBase.newBuilder().setMsgType(type);
  }

  /** As in an upsert of 2.3, the message's own time is left out. */
  static Msg.InsertRequest.Builder insert(long time, int rows) {
    Msg.InsertRequest.Builder insert =
        Msg.InsertRequest.newBuilder()
            .setBase(base(MsgType.Insert))
            .setShardName("dml_0_7v0")
            .setCollectionID(7)
            .setNumRows(rows)
            .setVersion(Msg.InsertDataVersion.ColumnBased);
    for (int i = 0; i < rows; i++) {
      insert.addTimestamps(time);
    }
    return insert;
  }

  static Msg.DeleteRequest.Builder delete(long time, long key) {
    return Msg.DeleteRequest.newBuilder()
        .setBase(base(MsgType.Delete).setTimestamp(time))
        .setShardName("dml_0_7v0")
        .setCollectionID(7)
        .setNumRows(1)
        .addTimestamps(time)
        .setPrimaryKeys(IDs.newBuilder().setIntId(LongArray.newBuilder().addData(key)));
  }

  @Test
  void theHeadTellsTypeTimeShardAndCollection() {
    LogMessage insert = message(3, insert(1L << 62, 2).build());
    assertThat(insert.kind()).isEqualTo(Kind.INSERT);
    assertThat(insert.timestamp()).isEqualTo(1L << 62);
    assertThat(insert.shard()).isEqualTo("dml_0_7v0");
    assertThat(insert.collection()).isEqualTo(7);
    assertThat(insert.insert().getNumRows()).isEqualTo(2);
    LogMessage dropped =
        message(
            4,
            Msg.DropPartitionRequest.newBuilder()
                .setBase(base(MsgType.DropPartition))
                .setPartitionName("p")
                .setDbID(1)
                .setCollectionID(7)
                .setPartitionID(9)
                .build());
    assertThat(dropped.collection()).isEqualTo(7);
    assertThat(dropped.droppedPartition()).isEqualTo("p");
    assertThat(
            message(
                    5,
                    Msg.DropCollectionRequest.newBuilder()
                        .setBase(base(MsgType.DropCollection))
                        .setDbID(1)
                        .setCollectionID(8)
                        .build())
                .collection())
        .isEqualTo(8);
  }

  @Test
  void whatIsNotKnownIsRefusedByItsTypeAndPlace() {
    LogMessage rowBased =
        message(12, insert(5, 1).setVersion(Msg.InsertDataVersion.RowBased).build());
    assertThatThrownBy(rowBased::insert)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("message of type Insert at offset 12")
        .hasMessageContaining("topic dml_0")
        .hasMessageContaining("not in columns");
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    LogMessage predicate = message(13, delete(5, 1).setUnknownFields(later).build());
    assertThatThrownBy(predicate::delete).hasMessageContaining("fields [99]");
    LogMessage keyless = message(14, delete(5, 1).clearPrimaryKeys().build());
    assertThatThrownBy(keyless::delete).hasMessageContaining("without naming their keys");
    LogMessage mixed = message(15, insert(5, 1).setNumRows(2).addTimestamps(6).build());
    assertThat(mixed.kind()).isEqualTo(Kind.UNREADABLE);
    assertThat(mixed.detail()).contains("one time");
    LogMessage unnamed =
        message(
            16,
            Msg.TimeTickMsg.newBuilder()
                .setBase(MsgBase.newBuilder().setMsgTypeValue(4_711))
                .build());
    assertThat(unnamed.refused("x")).hasMessageContaining("message of type 4711 at offset 16");
  }

  @Test
  void bytesThatAreNoMessageAreRefused() {
    ConsumerRecord<byte[], byte[]> noise =
        new ConsumerRecord<>("dml_0", 0, 2, null, new byte[] {1, 2, 3, -1, -1});
    assertThatThrownBy(() -> LogDecoder.decode(noise)).hasMessageContaining("cannot be read");
    ConsumerRecord<byte[], byte[]> empty = new ConsumerRecord<>("dml_0", 0, 2, null, null);
    assertThatThrownBy(() -> LogDecoder.decode(empty)).hasMessageContaining("it is empty");
  }
}
