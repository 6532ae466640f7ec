package io.vectorconnect.transforms;

import io.vectorconnect.sink.ErrantRecords;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;

/** Where a record came from, for messages. */
final class RecordPlace {
  private RecordPlace() {}

  /** Topic, and partition and offset, or the offset at the source. */
  static String of(ConnectRecord<?> record) {
    if (record instanceof SinkRecord sink) {
      return ErrantRecords.coordinates(sink);
    }
    return "topic %s, %s"
        .formatted(
            record.topic(),
            record instanceof SourceRecord source
                ? "source offset " + source.sourceOffset()
                : "partition " + record.kafkaPartition());
  }
}
