package io.vectorconnect.milvus.source;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.source.RecordMapper.MappedRow;
import io.vectorconnect.source.KeyRange;
import io.vectorconnect.source.KnownRows;
import io.vectorconnect.source.RangeComparison;
import io.vectorconnect.source.RangeOffsets;
import io.vectorconnect.source.Reconciliation;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.RowHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Reads one range of keys again and again, and publishes what differs from what was published: new
 * and changed rows, and a tombstone for each row that is gone.
 */
final class ReconcileReader implements RecordReader {
  /** Key of an offset: that rows of the range are in the topic of published rows. */
  private static final String RECONCILED = "reconciled";

  private final MilvusClient client;
  private final Collection collection;
  private final MilvusSourceConfig config;
  private final RangeOffsets offsets;
  private final RecordMapper mapper;
  private final PageReader pages;
  private final RowRecords records;
  private final Reconciliation reconciliation;

  private KnownRows known;
  private boolean isFirstPass;

  /**
   * In the first pass, the last key of which an offset tells that it was published. Rows above it
   * are published even where they are known: it may be another target that they are for.
   */
  private String scannedUpTo;

  private RangeComparison pass;
  private long guarantee;
  private List<MappedRow> page = List.of();
  private int row;
  private boolean isAtEnd;
  private String lastKey;
  private long nextPass = System.nanoTime();

  ReconcileReader(
      MilvusClient client,
      Collection collection,
      MilvusSourceConfig config,
      RangeOffsets offsets,
      KeyRange range,
      Reconciliation reconciliation) {
    this.client = client;
    this.collection = collection;
    this.config = config;
    this.offsets = offsets;
    this.mapper = new RecordMapper(collection, config);
    this.pages = new PageReader(client, collection, mapper, range, config);
    this.records =
        new RowRecords(config.source().topic(collection.name()), mapper, offsets.partition(range));
    this.reconciliation = reconciliation;
    this.known = reconciliation.known(collection.name(), range.index());
    Map<String, String> stored = offsets.position(range);
    if (!stored.isEmpty() && !stored.containsKey(RECONCILED)) {
      throw new ConnectException(
          "collection %s was read with another poll.strategy, so it is not known what was published; reset the connector's offsets, and empty the target, to scan again"
              .formatted(collection.name()));
    }
    this.scannedUpTo = offsets.lastKey(range);
    this.isFirstPass = !ChangeRange.isScanned(stored);
  }

  @Override
  public boolean isDone() {
    return false;
  }

  @Override
  public long idleNanos() {
    return pass == null ? Math.max(0, nextPass - System.nanoTime()) : 0;
  }

  @Override
  public List<SourceRecord> next() {
    if (pass == null) {
      begin();
    }
    if (row == page.size() && !isAtEnd) {
      readOn();
    }
    List<SourceRecord> changed = new ArrayList<>();
    while (pass != null && changed.size() < config.maxRows()) {
      String nextKey = row < page.size() ? page.get(row).key() : null;
      if (nextKey == null && !isAtEnd) {
        break;
      }
      String gone = pass.gone(nextKey);
      if (gone != null) {
        changed.add(tombstone(gone));
      } else if (nextKey != null) {
        compare(page.get(row++), changed);
      } else {
        end();
      }
    }
    reconciliation.published().flush(); // the marks before their records
    return changed;
  }

  private void begin() {
    RangeReader.checkIdentity(client, collection);
    guarantee = client.guaranteeNow();
    pass = reconciliation.compare(collection.name(), known);
    lastKey = null;
    isAtEnd = false;
  }

  private void readOn() {
    page = pages.filter(lastKey).map(this::page).orElse(List.of());
    row = 0;
    isAtEnd = page.isEmpty();
    for (MappedRow each : page) {
      pages.checkAscending(lastKey, each.key());
      lastKey = each.key();
    }
  }

  private List<MappedRow> page(String filter) {
    List<MappedRow> read = pages.page(Partitions.ANY, filter, guarantee);
    return read.isEmpty() ? pages.recount(Partitions.ANY, filter, guarantee) : read;
  }

  private void compare(MappedRow read, List<SourceRecord> changed) {
    RowHash hash = RowHash.of(read.value());
    boolean isScan = isFirstPass && isAbove(read.key(), scannedUpTo);
    if (!pass.isChanged(read.key(), hash) && !isScan) {
      return;
    }
    SourceRecord record = records.record(read, marker(), Partitions.ANY, offset(read.key()));
    changed.add(reconciliation.published().publishing(record, collection.name(), read.key(), hash));
  }

  private SourceRecord tombstone(String key) {
    Object value = collection.keyType() == KeyType.INT64 ? (Object) Long.parseLong(key) : key;
    SourceRecord record = records.tombstone(value, marker(), offset(key));
    return reconciliation.published().publishing(record, collection.name(), key, null);
  }

  private void end() {
    known = pass.rows();
    pass = null;
    page = List.of();
    row = 0;
    isFirstPass = false;
    nextPass = System.nanoTime() + config.source().pollInterval().toNanos();
  }

  private boolean isAbove(String key, String other) {
    return other == null || collection.keyType().compare(key, other) > 0;
  }

  private SnapshotMarker marker() {
    return isFirstPass ? SnapshotMarker.TRUE : SnapshotMarker.FALSE;
  }

  private Map<String, String> offset(String key) {
    if (!isFirstPass || isAbove(key, scannedUpTo)) {
      scannedUpTo = key;
    }
    Map<String, String> position = new HashMap<>();
    position.put(RangeOffsets.LAST, scannedUpTo);
    position.put(RECONCILED, "true");
    if (!isFirstPass) {
      position.put(ChangeRange.SCANNED, "true");
    }
    return offsets.offset(position);
  }
}
