package io.vectorconnect.milvus.source;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.milvus.source.RecordMapper.MappedRow;
import java.util.Map;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The records of the rows of one range.
 *
 * @param topic where they go
 * @param mapper of the collection
 * @param sourcePartition the range's
 */
record RowRecords(String topic, RecordMapper mapper, Map<String, String> sourcePartition) {
  /**
   * The record of a row.
   *
   * @param partition where it was read, or {@link Partitions#ANY}
   * @param offset that it was published
   */
  SourceRecord record(
      MappedRow row, SnapshotMarker marker, String partition, Map<String, String> offset) {
    ConnectHeaders headers = new ConnectHeaders();
    marker.addTo(headers);
    Partitions.addTo(headers, partition);
    return new SourceRecord(
        sourcePartition,
        offset,
        topic,
        null,
        mapper.keySchema(),
        row.keyStruct(),
        mapper.valueSchema(),
        row.value(),
        null,
        headers);
  }
}
