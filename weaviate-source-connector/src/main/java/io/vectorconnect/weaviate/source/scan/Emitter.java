package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.weaviate.source.client.ObjectView;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes records of one range's objects, and counts those that cannot be told. */
final class Emitter {
  private static final Logger log = LoggerFactory.getLogger(Emitter.class);

  private final RecordMapper mapper;
  private final Map<String, String> sourcePartition;
  private final boolean skips;
  private long skipped;

  Emitter(RecordMapper mapper, Map<String, String> sourcePartition, boolean skips) {
    this.mapper = mapper;
    this.sourcePartition = sourcePartition;
    this.skips = skips;
  }

  /**
   * An object's record, or empty when it is left out.
   *
   * @throws DataException when it cannot be told exactly, and nothing may be left out
   */
  Optional<SourceRecord> upsert(
      ObjectView object, Map<String, String> offset, SnapshotMarker marker) {
    Struct value;
    try {
      value = mapper.value(object);
    } catch (DataException e) {
      if (!skips) {
        throw e;
      }
      skipped++;
      log.warn("Left out ({} so far): {}", skipped, e.getMessage());
      return Optional.empty();
    }
    return Optional.of(record(object.id(), mapper.valueSchema(), value, offset, marker));
  }

  /** The record that tells a delete. */
  SourceRecord tombstone(String id, SnapshotMarker marker, Map<String, String> offset) {
    return record(id, null, null, offset, marker);
  }

  private SourceRecord record(
      String id, Schema schema, Struct value, Map<String, String> offset, SnapshotMarker marker) {
    ConnectHeaders headers = new ConnectHeaders();
    marker.addTo(headers);
    return new SourceRecord(
        sourcePartition,
        offset,
        mapper.topic(),
        null,
        mapper.keySchema(),
        mapper.key(id),
        schema,
        value,
        null,
        headers);
  }

  /** How many objects were left out. */
  long skipped() {
    return skipped;
  }
}
