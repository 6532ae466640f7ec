package io.vectorconnect.milvus.source;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.log.ChangeRange;
import io.vectorconnect.milvus.source.log.ChangeReader;
import io.vectorconnect.milvus.source.log.DumpedLog;
import io.vectorconnect.milvus.source.log.KafkaLog;
import io.vectorconnect.milvus.source.log.LogChannel;
import io.vectorconnect.milvus.source.log.LogPosition;
import io.vectorconnect.milvus.source.log.LogStart;
import io.vectorconnect.milvus.source.log.StoredStart;
import io.vectorconnect.milvus.source.record.CurrentSchema;
import io.vectorconnect.milvus.source.record.ReadableFields;
import io.vectorconnect.milvus.source.scan.PageReader;
import io.vectorconnect.milvus.source.scan.RangeReader;
import io.vectorconnect.milvus.source.scan.ReconciledRows;
import io.vectorconnect.milvus.source.scan.RowRecords;
import io.vectorconnect.milvus.source.timestamp.RecentRows;
import io.vectorconnect.milvus.source.timestamp.TimestampField;
import io.vectorconnect.milvus.source.timestamp.TimestampLooks;
import io.vectorconnect.milvus.source.timestamp.TimestampPosition;
import io.vectorconnect.milvus.source.timestamp.WindowReader;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.TaskShare;
import io.vectorconnect.source.reconcile.ReconcileReader;
import io.vectorconnect.source.reconcile.Reconciliation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a task reads of one collection. */
record CollectionShare(
    MilvusClient client,
    MilvusSourceConfig config,
    CurrentSchema schema,
    RangeOffsets offsets,
    List<KeyRange> ranges,
    List<String> partitions,
    ReadBarrier barrier) {

  /** Key of an offset: the collection's number, which another one of its name does not have. */
  private static final String COLLECTION_ID = "collection.id";

  /** A share, as its collection is now. */
  static CollectionShare of(TaskShare.Share share, MilvusClient client, MilvusSourceConfig config) {
    Collection collection = Collection.describe(client, share.name());
    List<String> partitions = config.partitions().scans(client, collection);
    ReadableFields.require(client, collection, config);
    return new CollectionShare(
        client,
        config,
        new CurrentSchema(client, collection, config),
        config.reconciles() // it compares whatever bears the name
            ? share.offsets()
            : share.offsets().bound(bonds(collection, config)),
        share.ranges(),
        partitions,
        new ReadBarrier(client, collection));
  }

  private Collection collection() {
    return schema.collection();
  }

  /** What must be as it was to go on: another collection or partition has rows never read. */
  private static Map<String, String> bonds(Collection collection, MilvusSourceConfig config) {
    return Map.of(
        COLLECTION_ID,
        Long.toString(collection.id()),
        MilvusSourceConfig.PARTITIONS,
        String.join(",", config.partitions().include()));
  }

  /** What of the published rows matters to it. */
  Reconciliation.Scope scope() {
    return new Reconciliation.Scope(
        collection().name(),
        offsets.plan(),
        ranges.stream().map(KeyRange::index).collect(Collectors.toSet()),
        collection().keyType()::compare);
  }

  /** Readers that compare its ranges with what was published. */
  List<RecordReader> readers(Reconciliation reconciliation) {
    List<RecordReader> readers = new ArrayList<>();
    for (KeyRange range : ranges) {
      readers.add(
          new ReconcileReader<>(
              new ReconciledRows(client, schema, config, offsets, range),
              reconciliation,
              collection().name(),
              offsets,
              range,
              config.maxRows(),
              config.source().pollInterval()));
    }
    return readers;
  }

  /** Readers of its ranges, and of the changes that follow them. */
  List<RecordReader> readers() {
    if (config.readsChangeStream()) {
      return withChanges();
    }
    if (config.readsTimestamps()) {
      return withWindows();
    }
    List<RecordReader> readers = new ArrayList<>();
    ranges.forEach(range -> readers.add(scan(range, barrier, Map.of())));
    return readers;
  }

  private RangeReader scan(
      KeyRange range, ReadBarrier scanBarrier, Map<String, String> offsetMore) {
    return new RangeReader(
        client, schema, offsets, range, config, partitions, scanBarrier, offsetMore);
  }

  private List<RecordReader> withWindows() {
    TimestampField field = TimestampField.of(collection(), config);
    TimestampLooks looks =
        new TimestampLooks(client, collection(), field, config.source().pollInterval());
    List<RecordReader> readers = new ArrayList<>();
    for (KeyRange range : ranges) {
      Map<String, String> stored = offsets.position(range);
      TimestampPosition position =
          stored.isEmpty()
              ? TimestampPosition.fresh(field, looks.current().to())
              : TimestampPosition.stored(collection().name(), field, stored);
      RangeReader scan = scan(range, looks.current().barrier(), position.toOffset());
      if (position.isScanned()) {
        scan.skip();
      }
      readers.add(scan);
      readers.add(windows(range, scan, field, looks, position));
    }
    return readers;
  }

  private WindowReader windows(
      KeyRange range,
      RangeReader scan,
      TimestampField field,
      TimestampLooks looks,
      TimestampPosition position) {
    RecentRows recent =
        new RecentRows(field, field.latest(position.to()), config.timestampOverlapRows());
    scan.tell(recent::isNew);
    return new WindowReader(
        new PageReader(client, schema, range, config),
        new RowRecords(
            config.source().topic(collection().name()), schema, offsets.partition(range)),
        offsets,
        scan,
        field,
        looks,
        position,
        recent);
  }

  private List<RecordReader> withChanges() {
    List<LogChannel> channels = LogChannel.of(client.describe(collection().name()));
    List<ChangeRange> changes = changeRanges(channels);
    List<RangeReader> scans = new ArrayList<>();
    for (ChangeRange range : changes) {
      RangeReader scan = scan(range.range(), barrier, range.scanning());
      if (range.isScanned()) {
        scan.skip();
      }
      scans.add(scan);
    }
    ChangeReader changeReader =
        new ChangeReader(
            config,
            collection(),
            schema,
            channels,
            () ->
                config.readsKafka()
                    ? new KafkaLog(config)
                    : new DumpedLog(client, config.messageQueue()),
            config.readsKafka() ? LogStart.time(config, collection().id(), channels) : 0,
            offsets.plan(),
            changes,
            scans);
    List<RecordReader> readers =
        new ArrayList<>(config.readsKafka() ? scans : stored(changes, scans));
    readers.add(changeReader);
    return readers;
  }

  /** The scans, of which those of new ranges wait until their starts are stored. */
  private List<RecordReader> stored(List<ChangeRange> changes, List<RangeReader> scans) {
    List<ChangeRange> fresh =
        changes.stream().filter(range -> offsets.position(range.range()).isEmpty()).toList();
    if (fresh.isEmpty()) {
      return List.copyOf(scans);
    }
    StoredStart start =
        new StoredStart(
            () ->
                fresh.stream().map(range -> range.heartbeat(config, collection().name())).toList());
    List<RecordReader> readers = new ArrayList<>();
    readers.add(start);
    for (int i = 0; i < scans.size(); i++) {
      readers.add(fresh.contains(changes.get(i)) ? start.before(scans.get(i)) : scans.get(i));
    }
    return readers;
  }

  private List<ChangeRange> changeRanges(List<LogChannel> channels) {
    Map<LogChannel, LogPosition> start = null;
    List<ChangeRange> changes = new ArrayList<>();
    for (KeyRange range : ranges) {
      if (!offsets.position(range).isEmpty()) {
        changes.add(
            ChangeRange.stored(offsets, range, channels)
                .orElseThrow(
                    () ->
                        LogStart.missing(
                            collection().name(),
                            "the offset of range " + range.index() + " has none")));
        continue;
      }
      if (start == null) {
        start = start(channels);
      }
      changes.add(ChangeRange.fresh(offsets, range, start));
    }
    return changes;
  }

  private Map<LogChannel, LogPosition> start(List<LogChannel> channels) {
    if (config.readsKafka()) {
      return LogStart.get(config, collection().name(), collection().id(), channels);
    }
    // The scans wait for this time: their barrier is later.
    LogPosition now = DumpedLog.start(collection().name(), client.guaranteeNow());
    return channels.stream().collect(Collectors.toMap(channel -> channel, channel -> now));
  }
}
