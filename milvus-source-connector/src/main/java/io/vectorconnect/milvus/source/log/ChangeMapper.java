package io.vectorconnect.milvus.source.log;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.source.config.ChangeStreamKeys;
import io.vectorconnect.milvus.source.config.ChangeStreamKeys.OnDropPartition;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.record.CurrentSchema;
import io.vectorconnect.milvus.source.record.RecordMapper;
import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import io.vectorconnect.milvus.source.scan.Partitions;
import io.vectorconnect.milvus.source.scan.RangeReader;
import io.vectorconnect.source.range.RangePlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import milvus.proto.msg.Msg;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the messages of one collection's log into records. */
final class ChangeMapper {
  private static final Logger log = LoggerFactory.getLogger(ChangeMapper.class);

  private final MilvusSourceConfig config;
  private final Collection collection;
  private final CurrentSchema schema;
  private final RangePlan plan;
  private final Map<Integer, ChangeRange> ranges = new HashMap<>();
  private final Map<Integer, RangeReader> scans = new HashMap<>();
  private final String topic;
  private final Partitions partitions;

  ChangeMapper(
      MilvusSourceConfig config,
      Collection collection,
      CurrentSchema schema,
      RangePlan plan,
      List<ChangeRange> ranges,
      List<RangeReader> scans) {
    this.config = config;
    this.collection = collection;
    this.schema = schema;
    this.plan = plan;
    this.partitions = config.partitions();
    this.topic = config.source().topic(collection.name());
    ranges.forEach(range -> this.ranges.put(range.range().index(), range));
    scans.forEach(scan -> this.scans.put(scan.range().index(), scan));
  }

  /** The range of this task in which a key lies, or null when another task has it. */
  ChangeRange range(String key) {
    if (ranges.size() == plan.size() && plan.size() == 1) {
      return ranges.get(0);
    }
    return ranges.get(plan.rangeOf(key, collection.keyType()::compare));
  }

  /** Whether every range of this task is beyond a row of a release. */
  boolean isPublished(LogChannel channel, long tick, int row) {
    return ranges.values().stream().allMatch(range -> range.position(channel).covers(tick, row));
  }

  /** The columns of an insert message. */
  RecordMapper.Columns columns(LogMessage message, Msg.InsertRequest insert) {
    RecordMapper.Columns columns =
        schema.logged(insert.getFieldsDataList(), insert.getPartitionName(), message.timestamp());
    if (columns.rows() != insert.getNumRows()) {
      throw message.refused(
          "it says to have %d rows and has %d keys".formatted(insert.getNumRows(), columns.rows()));
    }
    return columns;
  }

  /** The offset of the row that a range has just reached. */
  Map<String, String> offset(ChangeRange range) {
    return range.offset(scans.get(range.range().index()));
  }

  /** Whether changes of a partition are read. */
  boolean contains(String partition) {
    return partitions.contains(partition);
  }

  /** The record of a row that was inserted or replaced. */
  SourceRecord upsert(
      ChangeRange range, MappedRow row, String partition, Map<String, String> offset) {
    return record(range, offset, partition, row.keyStruct(), row.value());
  }

  /**
   * The record of a row that was deleted.
   *
   * @param key a Long or a String
   * @param partition where it was deleted, or {@link Partitions#ANY}
   */
  SourceRecord tombstone(
      ChangeRange range, Object key, String partition, Map<String, String> offset) {
    Schema keys = schema.mapper().keySchema();
    Struct keyStruct = new Struct(keys).put(keys.fields().get(0), key);
    return record(range, offset, partition, keyStruct, null);
  }

  private SourceRecord record(
      ChangeRange range, Map<String, String> offset, String partition, Struct key, Struct value) {
    ConnectHeaders headers = new ConnectHeaders();
    SnapshotMarker.FALSE.addTo(headers);
    Partitions.addTo(headers, partitions.told(partition));
    return new SourceRecord(
        range.partition(),
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

  /** A sign that the range is alive, whose offset says how far it is. */
  SourceRecord heartbeat(ChangeRange range) {
    return range.heartbeat(config, collection.name(), offset(range));
  }

  /**
   * Handles a message that is not about single rows.
   *
   * @throws ConnectException when rows changed that the log does not name
   */
  void handle(LogMessage message) {
    switch (message.kind()) {
      case DROP_COLLECTION ->
          throw new ConnectException(
              "collection %s was dropped; reset the connector's offsets to read a new collection of its name, or exclude it"
                  .formatted(collection.name()));
      case DROP_PARTITION -> droppedPartition(message.droppedPartition());
      case IMPORT ->
          throw message.refused(
              "rows were imported into collection %s in bulk, and the log does not contain them; reset the connector's offsets to scan again when the import has finished"
                  .formatted(collection.name()));
      case TRUNCATE ->
          throw message.refused(
              "collection %s was truncated, and the log does not name the rows that this removed; empty the target, and reset the connector's offsets to scan again"
                  .formatted(collection.name()));
      case END ->
          throw message.refused(
              "Milvus moved its log to another message queue, so the changes of collection %s continue elsewhere; choose a poll.strategy that reads from there, and reset the connector's offsets to scan again"
                  .formatted(collection.name()));
      case SCHEMA -> // the mapper compares the columns of each message with the schema
          log.info("Collection {}: its schema changes in {}", collection.name(), message.where());
      default ->
          throw message.refused(
              "%s (collection %s)".formatted(message.detail(), collection.name()));
    }
  }

  private void droppedPartition(String partition) {
    if (!contains(partition)) {
      return;
    }
    if (config.onDropPartition() == OnDropPartition.FAIL) {
      throw new ConnectException(
          "partition %s of collection %s was dropped, and Milvus's log does not name its rows; delete them from the target by hand, then set %s=ignore"
              .formatted(partition, collection.name(), ChangeStreamKeys.ON_DROP_PARTITION));
    }
    log.warn(
        "Collection {}: partition {} was dropped; its rows stay in the target",
        collection.name(),
        partition);
  }
}
