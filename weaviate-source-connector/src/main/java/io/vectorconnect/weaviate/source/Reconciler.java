package io.vectorconnect.weaviate.source;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.source.KeyRange;
import io.vectorconnect.weaviate.source.Pages.Detail;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Finds new, updated and deleted objects of one range: goes over its UUIDs again and again, and
 * compares the times of their last update with those of the pass before.
 *
 * <p>What it remembers is in memory. After a restart an object that it does not know is taken for
 * changed if it was updated since the time in the offset, less the overlap; an object that was
 * deleted while the task was down is not missed by anybody.
 */
final class Reconciler implements Poller {
  /** A time that no object has: two updates within a millisecond look like one. */
  private static final long UNSETTLED = Long.MIN_VALUE;

  private final PageReader pages;
  private final Scope scope;
  private final KeyRange range;
  private final ScanOffsets offsets;
  private final Emitter emitter;
  private final LongSupplier serverTime;
  private final Settings settings;
  private final AtomicLong remembered;

  private IdTimes known = new IdTimes();
  private IdTimes current = new IdTimes();
  private int compared;
  private String after;
  private boolean passDone = true;
  private long passStart;

  /** Everything older was published: by a pass that is complete, or by the scan. */
  private long published;

  /** Whether every object that was published is known; not so after a restart, for one pass. */
  private boolean complete;

  /**
   * What bounds a reconciler.
   *
   * @param settleMillis how far back an update may still be followed by another of the same time
   * @param overlapMillis how much earlier than it shows an update may tell to have been
   * @param maxObjects how many objects all reconcilers of a task may remember
   */
  record Settings(long settleMillis, long overlapMillis, long maxObjects) {}

  /**
   * A reconciler.
   *
   * @param serverTime the server's clock
   * @param remembered counts the objects of all reconcilers of the task
   */
  Reconciler(
      PageReader pages,
      Scope scope,
      ScanOffsets offsets,
      Emitter emitter,
      LongSupplier serverTime,
      Settings settings,
      AtomicLong remembered) {
    this.pages = pages;
    this.scope = scope;
    this.range = offsets.range();
    this.offsets = offsets;
    this.emitter = emitter;
    this.serverTime = serverTime;
    this.settings = settings;
    this.remembered = remembered;
    this.published = offsets.time().orElseGet(offsets::since);
    this.passStart = offsets.since();
    this.complete = offsets.lastKey() == null;
  }

  @Override
  public void scanned(ObjectView object) {
    // The scan itself began at an unknown moment after `since`: what is younger is not settled.
    remember(known, object);
  }

  @Override
  public boolean isPassDone() {
    return passDone;
  }

  @Override
  public List<SourceRecord> next(String lastKey) {
    if (passDone) {
      beginPass();
    }
    List<? extends ObjectView> page = pages.after(after, Detail.IDS);
    String until = page.isEmpty() ? null : page.get(page.size() - 1).id();
    if (!page.isEmpty() && differs(page)) {
      // Again with values; what has changed in between is told as it is now.
      page = pages.after(after, Detail.FULL);
      until = page.isEmpty() ? null : page.get(page.size() - 1).id();
    }
    boolean end = until == null || (range.upTo() != null && until.compareTo(range.upTo()) >= 0);
    List<SourceRecord> records = compare(page, end ? null : until, lastKey);
    after = until;
    if (end) {
      endPass();
    }
    return records;
  }

  private void beginPass() {
    passStart = serverTime.getAsLong();
    passDone = false;
    after = range.above();
    compared = 0;
    current = new IdTimes();
  }

  private void endPass() {
    remembered.addAndGet(-known.size());
    known = current;
    current = new IdTimes();
    published = passStart;
    complete = true;
    passDone = true;
  }

  private boolean inRange(ObjectView object) {
    return range.upTo() == null || object.id().compareTo(range.upTo()) <= 0;
  }

  /** Whether a page holds anything but what is known, unchanged; deletes need no values. */
  private boolean differs(List<? extends ObjectView> page) {
    int at = compared;
    for (ObjectView object : page) {
      if (!inRange(object)) {
        return false;
      }
      while (at < known.size() && known.compare(at, object.id()) < 0) {
        at++;
      }
      boolean same = at < known.size() && known.compare(at, object.id()) == 0;
      if (same ? known.time(at) != object.updated() : isNew(object)) {
        return true;
      }
    }
    return false;
  }

  private List<SourceRecord> compare(
      List<? extends ObjectView> page, String until, String lastKey) {
    Map<String, String> offset = offsets.changed(lastKey, published);
    List<SourceRecord> records = new ArrayList<>();
    for (ObjectView object : page) {
      if (!inRange(object)) {
        break;
      }
      deletedBefore(object.id(), offset, records);
      boolean same = compared < known.size() && known.compare(compared, object.id()) == 0;
      if (same ? known.time(compared) != object.updated() : isNew(object)) {
        Optional<SourceRecord> record = emitter.upsert(object, offset, SnapshotMarker.FALSE);
        record.ifPresent(records::add);
      }
      compared += same ? 1 : 0;
      remember(current, object);
    }
    if (until == null) {
      while (compared < known.size()) {
        records.add(emitter.tombstone(known.id(compared++), offset));
      }
    }
    return records;
  }

  private void deletedBefore(String id, Map<String, String> offset, List<SourceRecord> records) {
    while (compared < known.size() && known.compare(compared, id) < 0) {
      records.add(emitter.tombstone(known.id(compared++), offset));
    }
  }

  private boolean isNew(ObjectView object) {
    return complete || object.updated() >= published - settings.overlapMillis();
  }

  private void remember(IdTimes times, ObjectView object) {
    if (remembered.incrementAndGet() > 2 * settings.maxObjects()) {
      throw new ConnectException(
          "reconciling %s takes the memory of more than %s=%d objects; raise it and the heap (24 bytes an object, twice during a pass), add tasks, or use poll.strategy=update_time"
              .formatted(scope, WeaviateSourceConfig.RECONCILE_MAX_OBJECTS, settings.maxObjects()));
    }
    boolean settled = object.updated() < passStart - settings.settleMillis();
    times.add(object.id(), settled ? object.updated() : UNSETTLED);
  }
}
