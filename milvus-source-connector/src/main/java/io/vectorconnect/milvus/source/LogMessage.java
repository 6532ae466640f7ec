package io.vectorconnect.milvus.source;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import java.io.IOException;
import milvus.proto.msg.Msg;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * One message of Milvus's log, of which only the head is parsed yet.
 *
 * <p>Layout (milvus-proto's msg.proto, Milvus 2.3 to 2.5): every message has its {@code MsgBase} as
 * field 1; insert and delete have the shard's name as field 2, the collection's number as field 7
 * and the time of each row as field 10; messages about collections have the number as field 5,
 * those about partitions as field 6. The times of the rows count: in the inserting half of an
 * upsert, Milvus 2.3 leaves the one in {@code MsgBase} out.
 */
final class LogMessage {
  private static final int BASE = 1;
  private static final int SHARD = 2;
  private static final int COLLECTION_OF_ROWS = 7;
  private static final int COLLECTION_OF_COLLECTIONS = 5;
  private static final int COLLECTION_OF_PARTITIONS = 6;
  private static final int COLLECTION_OF_IMPORT = 4;
  private static final int TIMES_OF_ROWS = 10;

  /** The header by which messages of Milvus 2.6's log tell their version. */
  private static final String STREAMING_VERSION = "_v";

  private final String topic;
  private final long offset;
  private final byte[] bytes;
  private MsgBase base = MsgBase.getDefaultInstance();
  private String shard = "";
  private long collection;
  private long timestamp;

  private LogMessage(String topic, long offset, byte[] bytes) {
    this.topic = topic;
    this.offset = offset;
    this.bytes = bytes;
  }

  /**
   * Reads a message's head.
   *
   * @throws ConnectException when it is not a message as Milvus 2.3 to 2.5 write them
   */
  static LogMessage of(ConsumerRecord<byte[], byte[]> record) {
    LogMessage message = new LogMessage(record.topic(), record.offset(), record.value());
    Header version = record.headers().lastHeader(STREAMING_VERSION);
    if (version != null) {
      throw message.refused(
          "it is of the streaming log of Milvus 2.6 and later, which change_stream does not read");
    }
    if (record.value() == null) {
      throw message.refused("it is empty");
    }
    try {
      message.readHead();
    } catch (IOException e) {
      throw message.unreadable(e);
    }
    return message;
  }

  private void readHead() throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(bytes);
    int collectionField = COLLECTION_OF_ROWS;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (tag == WireFormat.WIRETYPE_LENGTH_DELIMITED + (BASE << 3)) {
        base = MsgBase.parseFrom(input.readByteArray());
        timestamp = base.getTimestamp();
        collectionField = collectionField(type());
      } else if (field == SHARD && isRows()) {
        shard = input.readString();
      } else if (field == collectionField && WireFormat.getTagWireType(tag) == 0) {
        collection = input.readInt64();
      } else if (field == TIMES_OF_ROWS && isRows()) {
        readTime(input, tag);
        return; // vectors come behind it
      } else {
        input.skipField(tag);
      }
    }
  }

  private void readTime(CodedInputStream input, int tag) throws IOException {
    if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
        && input.readRawVarint32() == 0) {
      return;
    }
    timestamp = input.readUInt64();
  }

  private static int collectionField(MsgType type) {
    return switch (type) {
      case CreateCollection, DropCollection -> COLLECTION_OF_COLLECTIONS;
      case CreatePartition, DropPartition -> COLLECTION_OF_PARTITIONS;
      case Import -> COLLECTION_OF_IMPORT;
      default -> COLLECTION_OF_ROWS;
    };
  }

  /** What it tells; {@link MsgType#UNRECOGNIZED} for what this connector's SDK has no name for. */
  MsgType type() {
    return base.getMsgType();
  }

  /** Whether it inserts or deletes rows. */
  boolean isRows() {
    return type() == MsgType.Insert || type() == MsgType.Delete;
  }

  /** Milvus's time of the change. */
  long timestamp() {
    return timestamp;
  }

  /** The shard that rows belong to. */
  String shard() {
    return shard;
  }

  /** The number of the collection that it is about, or 0. */
  long collection() {
    return collection;
  }

  long offset() {
    return offset;
  }

  int size() {
    return bytes.length;
  }

  /**
   * The whole of an insert message.
   *
   * @throws ConnectException when it is not in columns, or has what this connector does not know
   */
  Msg.InsertRequest insert() {
    try {
      Msg.InsertRequest insert = Msg.InsertRequest.parseFrom(bytes);
      if (insert.getVersion() != Msg.InsertDataVersion.ColumnBased) {
        throw refused("its rows are in the row-based form, or a later one than columns");
      }
      requireKnown(insert);
      requireOneTime(insert.getTimestampsList(), insert.getNumRows());
      return insert;
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(e);
    }
  }

  /**
   * The whole of a delete message.
   *
   * @throws ConnectException when it does not name its keys, or has what this connector does not
   *     know
   */
  Msg.DeleteRequest delete() {
    try {
      Msg.DeleteRequest delete = Msg.DeleteRequest.parseFrom(bytes);
      requireKnown(delete);
      requireOneTime(delete.getTimestampsList(), delete.getNumRows());
      if (!delete.hasPrimaryKeys()) {
        throw refused("it deletes rows without naming their keys");
      }
      return delete;
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(e);
    }
  }

  /** The name of the partition that a message drops. */
  String droppedPartition() {
    try {
      return Msg.DropPartitionRequest.parseFrom(bytes).getPartitionName();
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(e);
    }
  }

  private void requireKnown(com.google.protobuf.Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw refused(
          "it has fields %s, which this connector does not know"
              .formatted(message.getUnknownFields().asMap().keySet()));
    }
  }

  private void requireOneTime(java.util.List<Long> timestamps, long rows) {
    if (timestamps.size() != rows || timestamps.stream().anyMatch(t -> t != timestamp)) {
      throw refused("its rows do not all have one time");
    }
  }

  private ConnectException unreadable(IOException cause) {
    return new ConnectException(where() + " cannot be read: " + cause.getMessage(), cause);
  }

  /** An exception that names this message. */
  ConnectException refused(String why) {
    return new ConnectException(where() + " is not understood: " + why);
  }

  /** What an operator can look for. */
  String where() {
    return "message of type %s at offset %d of Milvus's log in topic %s"
        .formatted(type() == MsgType.UNRECOGNIZED ? base.getMsgTypeValue() : type(), offset, topic);
  }
}
