package io.vectorconnect.milvus.source.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Reads messages as Milvus 2.3 to 2.5 write them (milvus-proto's msg.proto): every message has its
 * {@code MsgBase} as field 1; insert and delete have the shard's name as field 2, the collection's
 * ID as field 7 and the time of each row as field 10; messages about collections have the ID as
 * field 5, those about partitions as field 6, imports as field 4. The times of the rows count: in
 * the inserting half of an upsert, Milvus 2.3 leaves the one in {@code MsgBase} out.
 */
final class OldLogDecoder {
  private static final int BASE = 1;
  private static final int SHARD = 2;
  private static final int COLLECTION_OF_ROWS = 7;
  private static final int COLLECTION_OF_COLLECTIONS = 5;
  private static final int COLLECTION_OF_PARTITIONS = 6;
  private static final int COLLECTION_OF_IMPORT = 4;
  private static final int TIMES_OF_ROWS = 10;

  private final LogPlace place;
  private final byte[] bytes;
  private MsgBase base = MsgBase.getDefaultInstance();
  private String shard = "";
  private long collection;
  private long timestamp;
  private String problem = "";

  private OldLogDecoder(LogPlace place, byte[] bytes) {
    this.place = place;
    this.bytes = bytes;
  }

  /**
   * Reads a message's head.
   *
   * @throws ConnectException when the bytes are not a message of this form
   */
  static LogMessage decode(LogPlace place, byte[] bytes) {
    OldLogDecoder decoder = new OldLogDecoder(place, bytes);
    try {
      decoder.readHead();
      return decoder.message();
    } catch (IOException e) {
      throw LogMessage.unreadable(place, decoder.typeName(), e);
    }
  }

  private LogMessage message() {
    Kind kind = kind();
    return new LogMessage(
        place,
        kind,
        typeName(),
        timestamp,
        shard,
        collection,
        Optional.empty(),
        UnsafeByteOperations.unsafeWrap(bytes),
        Optional.empty(),
        problem);
  }

  private Kind kind() {
    if (!problem.isEmpty()) {
      return Kind.UNREADABLE;
    }
    return switch (base.getMsgType()) {
      case TimeTick -> Kind.TICK;
      case Insert -> Kind.INSERT;
      case Delete -> Kind.DELETE;
      case DropCollection -> Kind.DROP_COLLECTION;
      case DropPartition -> Kind.DROP_PARTITION;
      case Import -> Kind.IMPORT;
      case CreateCollection, CreatePartition -> Kind.NOTHING;
      default -> {
        shard = LogMessage.EVERY_SHARD; // it does not say in a known way what it is about
        problem = "this connector does not know messages of this type";
        yield Kind.UNREADABLE;
      }
    };
  }

  private String typeName() {
    return base.getMsgType() == MsgType.UNRECOGNIZED
        ? Integer.toString(base.getMsgTypeValue())
        : base.getMsgType().toString();
  }

  private boolean isRows() {
    return base.getMsgType() == MsgType.Insert || base.getMsgType() == MsgType.Delete;
  }

  private void readHead() throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(bytes);
    int collectionField = COLLECTION_OF_ROWS;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (tag == WireFormat.WIRETYPE_LENGTH_DELIMITED + (BASE << 3)) {
        base = MsgBase.parseFrom(input.readByteArray());
        timestamp = base.getTimestamp();
        collectionField = collectionField(base.getMsgType());
      } else if (field == SHARD && isRows()) {
        shard = input.readString();
      } else if (field == collectionField && WireFormat.getTagWireType(tag) == 0) {
        collection = input.readInt64();
      } else if (field == TIMES_OF_ROWS && isRows()) {
        readTimes(input, tag);
        return; // the vectors follow
      } else {
        input.skipField(tag);
      }
    }
  }

  /** All rows of a message have the same time. */
  private void readTimes(CodedInputStream input, int tag) throws IOException {
    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      timestamp = input.readUInt64();
      return;
    }
    int end = input.pushLimit(input.readRawVarint32());
    boolean first = true;
    while (!input.isAtEnd()) {
      long time = input.readUInt64();
      if (!first && time != timestamp) {
        problem = "its rows do not all have one time";
      }
      timestamp = time;
      first = false;
    }
    input.popLimit(end);
  }

  private static int collectionField(MsgType type) {
    return switch (type) {
      case CreateCollection, DropCollection -> COLLECTION_OF_COLLECTIONS;
      case CreatePartition, DropPartition -> COLLECTION_OF_PARTITIONS;
      case Import -> COLLECTION_OF_IMPORT;
      default -> COLLECTION_OF_ROWS;
    };
  }
}
