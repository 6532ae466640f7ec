package io.vectorconnect.milvus.source;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.source.KeyRange;
import io.vectorconnect.source.RangeOffsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a task reads of one collection. */
record CollectionShare(
    MilvusClient client,
    MilvusSourceConfig config,
    Collection collection,
    RangeOffsets offsets,
    List<String> partitions,
    long guarantee) {

  /** Readers of these ranges, and of the changes that follow them. */
  List<Reader> readers(List<KeyRange> ranges) {
    if (config.readsChangeStream()) {
      return withChanges(ranges);
    }
    List<Reader> readers = new ArrayList<>();
    ranges.forEach(range -> readers.add(scan(range, Map.of())));
    return readers;
  }

  private RangeReader scan(KeyRange range, Map<String, String> offsetMore) {
    return new RangeReader(
        client, collection, offsets, range, config, partitions, guarantee, offsetMore);
  }

  private List<Reader> withChanges(List<KeyRange> keyRanges) {
    List<LogChannel> channels = LogChannel.of(client.describe(collection.name()));
    List<ChangeRange> ranges = changeRanges(keyRanges, channels);
    List<RangeReader> scans = new ArrayList<>();
    for (ChangeRange range : ranges) {
      RangeReader scan = scan(range.range(), range.scanning());
      if (range.isScanned()) {
        scan.skip();
      }
      scans.add(scan);
    }
    List<Reader> readers = new ArrayList<>(scans);
    RecordMapper mapper = new RecordMapper(collection, config);
    readers.add(
        new ChangeReader(config, collection, mapper, channels, offsets.plan(), ranges, scans));
    return readers;
  }

  private List<ChangeRange> changeRanges(List<KeyRange> keyRanges, List<LogChannel> channels) {
    Map<LogChannel, Long> start = null;
    List<ChangeRange> ranges = new ArrayList<>();
    for (KeyRange range : keyRanges) {
      if (offsets.isStored(range)) {
        ranges.add(
            ChangeRange.stored(offsets, range, channels)
                .orElseThrow(
                    () ->
                        LogStart.missing(
                            collection.name(),
                            "the offset of range " + range.index() + " has none")));
        continue;
      }
      if (start == null) {
        start = LogStart.get(config, collection.name(), collection.id(), channels);
      }
      ranges.add(ChangeRange.fresh(offsets, range, start));
    }
    return ranges;
  }
}
