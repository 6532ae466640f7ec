package io.vectorconnect.milvus.source.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * The transaction that a message is part of, as its header {@code _tx} says (Milvus's
 * messages.proto: TxnContext, field 1 the ID, field 2 the time to live).
 *
 * @param id its ID
 * @param keepAliveMillis how long after its last message it expires; negative when it never does
 */
record LogTransaction(long id, long keepAliveMillis) {
  private static final int ID = 1;
  private static final int KEEP_ALIVE = 2;

  /** Below the milliseconds of a time tick. */
  private static final int LOGICAL_BITS = 18;

  static LogTransaction parse(byte[] context) throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(context);
    long id = 0;
    long keepAlive = 0;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case ID -> id = input.readInt64();
        case KEEP_ALIVE -> keepAlive = input.readInt64();
        default -> input.skipField(tag);
      }
    }
    return new LogTransaction(id, keepAlive);
  }

  /** Whether the transaction has expired at a time tick. */
  boolean isExpired(long lastMessage, long tick) {
    return keepAliveMillis >= 0 && lastMessage + (keepAliveMillis << LOGICAL_BITS) <= tick;
  }
}
