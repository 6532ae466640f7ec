package io.vectorconnect.hdf5.sink;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Attribute;
import io.vectorconnect.source.reconcile.RowHash;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What the last record of a file looked like, so that a task that continues can tell whether the
 * topic is still the same: an offset alone also exists in a topic that was deleted and created
 * again. Connect gives no topic ID to a sink task.
 *
 * @param timestamp the record's, in milliseconds; -1 where it has none
 * @param hash of its key and value as they reached the task
 */
record LastRecord(long timestamp, String hash) {
  private static final String TIMESTAMP = "vectorconnect.last.timestamp";
  private static final String HASH = "vectorconnect.last.hash";

  /** What a record looks like. */
  static LastRecord of(SinkRecord record) {
    RowHash hash = RowHash.ofAll(record.key(), record.value());
    long timestamp = record.timestamp() == null ? -1 : record.timestamp();
    return new LastRecord(timestamp, "%016x%016x".formatted(hash.high(), hash.low()));
  }

  /** Adds it to a file as attributes of its root. */
  void writeTo(WritableHdfFile file) {
    file.putAttribute(TIMESTAMP, timestamp);
    file.putAttribute(HASH, hash);
  }

  /** What a file says; nothing of a file that an earlier release wrote. */
  static Optional<LastRecord> readFrom(Path path) {
    try (HdfFile file = new HdfFile(path)) {
      Attribute timestamp = file.getAttribute(TIMESTAMP);
      Attribute hash = file.getAttribute(HASH);
      return timestamp == null || hash == null
          ? Optional.empty()
          : Optional.of(
              new LastRecord(
                  ((Number) timestamp.getData()).longValue(), String.valueOf(hash.getData())));
    } catch (RuntimeException e) {
      throw new ConnectException(
          "File %s cannot be read to continue behind it: %s".formatted(path, e.getMessage()), e);
    }
  }
}
