package io.vectorconnect.milvus.source.config;

import com.google.protobuf.CodedOutputStream;
import io.milvus.grpc.WALName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/**
 * The message queue in which Milvus keeps its log (Milvus: WAL), and the ID that precedes all
 * messages in it (Milvus's streaming/walimpls/impls).
 */
public enum MessageQueue {
  WOODPECKER(WALName.WoodPecker) {
    @Override
    public String earliest() { // segment 0, entry 0; written out, because an empty ID is refused
      return "CAAQAA==";
    }
  },
  PULSAR(WALName.Pulsar) {
    @Override
    public String earliest() { // ledger, entry, partition and batch are -1
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.writeUInt64(1, -1);
        output.writeUInt64(2, -1);
        output.writeInt32(3, -1);
        output.writeInt32(4, -1);
        output.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
  },
  KAFKA(WALName.Kafka) {
    @Override
    public String earliest() {
      return "0";
    }
  },
  ROCKSMQ(WALName.RocksMQ) {
    @Override
    public String earliest() {
      return "0";
    }
  };

  private final WALName wal;

  MessageQueue(WALName wal) {
    this.wal = wal;
  }

  public WALName wal() {
    return wal;
  }

  /** The ID to start after to read the whole log. */
  public abstract String earliest();
}
