package io.vectorconnect.hdf5.sink;

import io.vectorconnect.sink.ErrantRecords;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A partition that continues behind its files. Its consumer reads the last record of the files once
 * more, to compare it with what the file says about it.
 *
 * @param file the last file
 * @param last the offset of its last record
 * @param expected what that record was; nothing where an earlier release wrote the file
 */
record Continuation(Path file, long last, Optional<LastRecord> expected) {
  /**
   * Checks the first record at or behind the last one of the files.
   *
   * @return whether it is that record, which must not be written again
   * @throws ConnectException when it does not prove that the topic is the same
   */
  boolean check(SinkRecord record, Hdf5SinkConfig.Unverified unverified) {
    boolean isLast = record.originalKafkaOffset() == last;
    if (isLast && expected.isPresent()) {
      if (!expected.get().equals(LastRecord.of(record))) {
        throw problem(record, "its record at offset %d is another one".formatted(last));
      }
      return true;
    }
    if (unverified == Hdf5SinkConfig.Unverified.FAIL) {
      String reason =
          isLast
              ? "the file, of an earlier release, does not say which record is at offset " + last
              : "the topic no longer has the record at offset " + last;
      throw problem(record, "it cannot be checked: " + reason);
    }
    return isLast;
  }

  private ConnectException problem(SinkRecord record, String reason) {
    return new ConnectException(
        "%s: file %s may be of another topic of this name, which was deleted and created again: %s. Move the files of that topic away or set another %s; if the topic is the same, set %s=continue to go on behind offset %d"
            .formatted(
                ErrantRecords.coordinates(record),
                file,
                reason,
                Hdf5SinkConfig.FOLDER,
                Hdf5SinkConfig.UNVERIFIED,
                last));
  }
}
