package io.vectorconnect.milvus.source.scan;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.milvus.source.record.CurrentSchema;
import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The records of the rows of one range.
 *
 * @param topic where they go
 * @param schema of the collection, which tombstones need
 * @param sourcePartition the range's
 */
public record RowRecords(String topic, CurrentSchema schema, Map<String, String> sourcePartition) {
  /**
   * The record of a row.
   *
   * @param partition where it was read, or {@link Partitions#ANY}
   * @param offset that it was published
   */
  public SourceRecord record(
      MappedRow row, SnapshotMarker marker, String partition, Map<String, String> offset) {
    return record(row.keyStruct(), row.value(), marker, partition, offset);
  }

  /**
   * The record of a row that is gone.
   *
   * @param key a Long or a String
   */
  SourceRecord tombstone(Object key, SnapshotMarker marker, Map<String, String> offset) {
    Schema keys = schema.mapper().keySchema();
    Struct keyStruct = new Struct(keys).put(keys.fields().get(0), key);
    return record(keyStruct, null, marker, Partitions.ANY, offset);
  }

  private SourceRecord record(
      Struct key,
      Struct value,
      SnapshotMarker marker,
      String partition,
      Map<String, String> offset) {
    ConnectHeaders headers = new ConnectHeaders();
    marker.addTo(headers);
    Partitions.addTo(headers, partition);
    return new SourceRecord(
        sourcePartition,
        offset,
        topic,
        null,
        key.schema(),
        key,
        value == null ? null : value.schema(),
        value,
        null,
        headers);
  }
}
