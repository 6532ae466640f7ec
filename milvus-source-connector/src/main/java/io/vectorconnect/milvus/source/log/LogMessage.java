package io.vectorconnect.milvus.source.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.IDs;
import java.io.IOException;
import java.util.Optional;
import milvus.proto.msg.Msg;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * One message of Milvus's log. {@link OldLogDecoder} makes it from the form of Milvus 2.3 to 2.5,
 * {@link StreamingLogDecoder} from the form of Milvus 2.6 and later. Only the head is parsed; the
 * body stays bytes until {@link #insert} or {@link #delete}.
 *
 * @param place where it is
 * @param kind what it does
 * @param type the name or number of its type, for an error message
 * @param timestamp Milvus's time of the change: milliseconds since 1970 shifted left by 18 bits,
 *     plus a counter
 * @param shard the shard that it belongs to (Milvus: virtual channel); empty when it does not name
 *     one
 * @param collection the ID of its collection; 0 when it does not name one
 * @param transaction the transaction that it is part of
 * @param body its protobuf message, empty where it has none
 * @param lastConfirmed where to start reading to find everything that is later than this message,
 *     and the transactions that are open at it; empty when the log does not say
 * @param detail why it cannot be read ({@link Kind#UNREADABLE}); empty for every other kind
 */
record LogMessage(
    LogPlace place,
    Kind kind,
    String type,
    long timestamp,
    String shard,
    long collection,
    Optional<LogTransaction> transaction,
    ByteString body,
    Optional<String> lastConfirmed,
    String detail) {

  /** What a message does. */
  enum Kind {
    /** Everything up to its time is in the log. */
    TICK,
    INSERT,
    DELETE,
    DROP_COLLECTION,
    /** Drops a partition and its rows, without deletes. */
    DROP_PARTITION,
    /** Changes the fields of the collection. */
    SCHEMA,
    BEGIN,
    COMMIT,
    ROLLBACK,
    /** Adds rows that are not in the log. */
    IMPORT,
    /** Removes all rows, without deletes. */
    TRUNCATE,
    /** The log continues in another message queue. */
    END,
    /** May change rows, but cannot be read. */
    UNREADABLE,
    /** Does not change rows. */
    NOTHING
  }

  /** The shard of a message that concerns every collection of its channel. */
  static final String EVERY_SHARD = "*";

  /** Whether it inserts or deletes rows. */
  boolean isRows() {
    return kind == Kind.INSERT || kind == Kind.DELETE;
  }

  /** Whether it begins or ends a transaction. */
  boolean isBoundary() {
    return kind == Kind.BEGIN || kind == Kind.COMMIT || kind == Kind.ROLLBACK;
  }

  /** Whether it concerns a collection's shard. */
  boolean concerns(LogChannel channel, long collectionId) {
    return switch (kind) {
      case TICK, NOTHING -> false;
      default ->
          shard.isEmpty()
              ? collection == collectionId
              : shard.equals(channel.shard()) || shard.equals(EVERY_SHARD);
    };
  }

  /** The same message, which takes effect at another time. */
  LogMessage at(long time) {
    return new LogMessage(
        place, kind, type, time, shard, collection, Optional.empty(), body, lastConfirmed, detail);
  }

  /** The same message with another place. */
  LogMessage in(LogPlace other) {
    return new LogMessage(
        other, kind, type, timestamp, shard, collection, transaction, body, lastConfirmed, detail);
  }

  int size() {
    return body.size();
  }

  /**
   * The whole of an insert message. Its own timestamps are those of the proxy; the time of the
   * change is {@link #timestamp}.
   *
   * @throws ConnectException when it is not in columns, or has fields that this connector does not
   *     know
   */
  Msg.InsertRequest insert() {
    try {
      Msg.InsertRequest insert = Msg.InsertRequest.parseFrom(body);
      if (insert.getVersion() != Msg.InsertDataVersion.ColumnBased) {
        throw refused("its rows are not in columns");
      }
      requireKnown(insert);
      return insert;
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(place, type, e);
    }
  }

  /**
   * The whole of a delete message.
   *
   * @throws ConnectException when it does not name its keys, or has fields that this connector does
   *     not know
   */
  Msg.DeleteRequest delete() {
    try {
      Msg.DeleteRequest delete = Msg.DeleteRequest.parseFrom(body);
      requireKnown(delete);
      if (!delete.hasPrimaryKeys()) {
        throw refused("it deletes rows without naming their keys");
      }
      return delete;
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(place, type, e);
    }
  }

  /** How many rows it inserts or deletes; 0 for every other message. */
  int rowCount() {
    return switch (kind) {
      case INSERT -> Math.toIntExact(insert().getNumRows());
      case DELETE -> {
        IDs keys = delete().getPrimaryKeys();
        yield keys.hasIntId() ? keys.getIntId().getDataCount() : keys.getStrId().getDataCount();
      }
      default -> 0;
    };
  }

  /** The name of the partition that a message drops. */
  String droppedPartition() {
    try {
      return Msg.DropPartitionRequest.parseFrom(body).getPartitionName();
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(place, type, e);
    }
  }

  /** The schema that a message gives to its collection. */
  CollectionSchema schema() {
    try {
      return CollectionSchema.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(place, type, e);
    }
  }

  private void requireKnown(com.google.protobuf.Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw refused(
          "it has fields %s, which this connector does not know"
              .formatted(message.getUnknownFields().asMap().keySet()));
    }
  }

  /** The error of bytes that are not the message that they should be. */
  static ConnectException unreadable(LogPlace place, String type, IOException cause) {
    return new ConnectException(
        where(place, type) + " cannot be read: " + cause.getMessage(), cause);
  }

  /** An exception that names this message. */
  ConnectException refused(String why) {
    return refused(place, type, why);
  }

  static ConnectException refused(LogPlace place, String type, String why) {
    return new ConnectException(where(place, type) + " is not understood: " + why);
  }

  /** The message in words, for an error message. */
  String where() {
    return where(place, type);
  }

  private static String where(LogPlace place, String type) {
    return "message of type %s at %s of Milvus's log in topic %s"
        .formatted(type, place.name(), place.topic());
  }
}
