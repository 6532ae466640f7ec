package io.vectorconnect.milvus.source.scan;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.record.CurrentSchema;
import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.reconcile.ReconcileReader;
import io.vectorconnect.source.reconcile.RowHash;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.source.SourceRecord;

/** Rows of one range of keys, each pass as they are at its beginning. */
public final class ReconciledRows implements ReconcileReader.Rows<MappedRow> {
  private final MilvusClient client;
  private final Collection collection;
  private final PageReader pages;
  private final RowRecords records;
  private ReadBarrier barrier;

  public ReconciledRows(
      MilvusClient client,
      CurrentSchema schema,
      MilvusSourceConfig config,
      RangeOffsets offsets,
      KeyRange range) {
    this.client = client;
    this.collection = schema.collection();
    this.pages = new PageReader(client, schema, range, config);
    this.records =
        new RowRecords(config.source().topic(collection.name()), schema, offsets.partition(range));
  }

  @Override
  public void begin() {
    RangeReader.checkIdentity(client, collection);
    barrier = new ReadBarrier(client, collection);
  }

  @Override
  public List<MappedRow> page(String after, ReconcileReader.Known known) {
    List<MappedRow> page =
        pages
            .filter(after)
            .map(filter -> pages.page(Partitions.ANY, filter, barrier))
            .orElse(List.of());
    String last = after;
    for (MappedRow row : page) {
      pages.checkAscending(last, row.key());
      last = row.key();
    }
    return page;
  }

  @Override
  public String key(MappedRow row) {
    return row.key();
  }

  @Override
  public RowHash hash(MappedRow row) {
    return RowHash.of(row.value());
  }

  @Override
  public Optional<SourceRecord> record(
      MappedRow row, SnapshotMarker marker, Map<String, String> offset) {
    return Optional.of(records.record(row, marker, Partitions.ANY, offset));
  }

  @Override
  public SourceRecord tombstone(String key, SnapshotMarker marker, Map<String, String> offset) {
    Object value = collection.keyType() == KeyType.INT64 ? (Object) Long.parseLong(key) : key;
    return records.tombstone(value, marker, offset);
  }
}
