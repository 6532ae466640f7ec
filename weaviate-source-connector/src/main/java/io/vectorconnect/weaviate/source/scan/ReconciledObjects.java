package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.reconcile.ReconcileReader;
import io.vectorconnect.source.reconcile.RowHash;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.client.Pages.Detail;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Objects of one range of UUIDs, whose states the time of the last update tells apart.
 *
 * <p>Two updates within a millisecond look like one. So a young state is one that has not settled
 * yet, which is another than the same settled: it is published once more in a later pass.
 */
final class ReconciledObjects implements ReconcileReader.Rows<ObjectView> {
  private static final long SETTLED = 1;
  private static final long UNSETTLED = 2;

  private final PageReader pages;
  private final Scope scope;
  private final KeyRange range;
  private final Emitter emitter;
  private final Tenants tenants;
  private final LongSupplier serverTime;
  private final long settleMillis;

  private long begin;

  /** Whether the last page was worth to be read with values: then the next one is, too. */
  private boolean isBusy = true;

  /**
   * The objects of a range.
   *
   * @param serverTime the server's clock, in milliseconds since 1970
   * @param settleTime how long an update may be followed by another of the same time
   */
  ReconciledObjects(
      PageReader pages,
      Scope scope,
      KeyRange range,
      Emitter emitter,
      Tenants tenants,
      LongSupplier serverTime,
      Duration settleTime) {
    this.pages = pages;
    this.scope = scope;
    this.range = range;
    this.emitter = emitter;
    this.tenants = tenants;
    this.serverTime = serverTime;
    this.settleMillis = settleTime.toMillis();
  }

  @Override
  public void begin() {
    begin = serverTime.getAsLong();
  }

  @Override
  public List<ObjectView> page(String after, ReconcileReader.Known known) {
    String from = after == null ? range.above() : after;
    if (!isBusy) {
      List<ObjectView> ids = read(from, Detail.IDS);
      if (!hasChanges(ids, known)) {
        return ids;
      }
    }
    List<ObjectView> page = read(from, Detail.FULL); // what has changed since is told as it is now
    isBusy = hasChanges(page, known);
    return page;
  }

  private boolean hasChanges(List<ObjectView> page, ReconcileReader.Known known) {
    return page.stream().anyMatch(object -> !known.isSame(object.id(), hash(object)));
  }

  private List<ObjectView> read(String from, Detail detail) {
    try {
      return tenants.active(
          scope,
          () ->
              pages.after(from, detail).stream()
                  .filter(o -> range.upTo() == null || o.id().compareTo(range.upTo()) <= 0)
                  .map(ObjectView.class::cast)
                  .toList());
    } catch (WeaviateException e) {
      throw e.within(scope.told() + ": ");
    }
  }

  @Override
  public String key(ObjectView object) {
    return object.id();
  }

  @Override
  public RowHash hash(ObjectView object) {
    boolean isSettled = object.updated() < begin - settleMillis;
    return new RowHash(object.updated(), isSettled ? SETTLED : UNSETTLED);
  }

  @Override
  public Optional<SourceRecord> record(
      ObjectView object, SnapshotMarker marker, Map<String, String> offset) {
    return emitter.upsert(object, offset, marker);
  }

  @Override
  public SourceRecord tombstone(String id, SnapshotMarker marker, Map<String, String> offset) {
    return emitter.tombstone(id, marker, offset);
  }

  @Override
  public void close() {
    tenants.releaseQuietly(scope);
  }
}
