package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.source.PageSize;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.weaviate.source.client.Changes;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.client.Page;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.schema.SchemaGuard;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Finds new and updated objects of one range by the time of their last update. Each range has its
 * own, in the task that scans the range: two tasks that publish one object could put its older
 * state behind its newer one.
 *
 * <p>A pass asks for what is not older than the newest time seen, less an overlap: a write takes a
 * moment to show, and the nodes' clocks differ. What was seen already within the overlap is passed
 * over, so memory holds as many entries as there are writes in that time. The passes list times and
 * UUIDs, of all ranges; whole objects are fetched only where they are new and of this range.
 */
final class UpdateTimePoller {
  private final Changes changes;
  private final Scope scope;
  private final KeyRange range;
  private final ScanOffsets offsets;
  private final PageSize size;
  private final Emitter emitter;
  private final SchemaGuard guard;
  private final long overlap;
  private final Map<String, Long> seen = new HashMap<>();

  private long position;
  private boolean passDone = true;
  private long from;
  private int skip;

  /**
   * A page of UUIDs and times.
   *
   * @param objects they
   * @param full whether it has as many as were asked for
   */
  private record Look(List<? extends ObjectView> objects, boolean full) {}

  UpdateTimePoller(
      Changes changes,
      Scope scope,
      ScanOffsets offsets,
      PageSize size,
      Emitter emitter,
      SchemaGuard guard,
      Duration overlap) {
    this.changes = changes;
    this.scope = scope;
    this.range = offsets.range();
    this.offsets = offsets;
    this.size = size;
    this.emitter = emitter;
    this.guard = guard;
    this.overlap = overlap.toMillis();
    this.position = offsets.time().orElseGet(offsets::since);
  }

  /** Whether the pass is at its end, so that there may be a pause. */
  boolean isPassDone() {
    return passDone;
  }

  /**
   * The next changes of the pass that is under way, or of a new one.
   *
   * @param lastKey the last UUID of the scan, which every offset goes on to tell
   */
  List<SourceRecord> next(String lastKey) {
    if (passDone) {
      from = position - overlap;
      skip = 0;
      seen.values().removeIf(time -> time < from);
    }
    Look look = look();
    // All that may fail for a while comes before anything is noted as seen.
    Map<String, ObjectView> whole = whole(look.objects().stream().filter(this::isNew).toList());
    List<SourceRecord> records = new ArrayList<>(whole.size());
    for (ObjectView object : look.objects()) {
      position = Math.max(position, object.updated());
      ObjectView now = whole.get(object.id());
      if (now != null) {
        seen.put(now.id(), now.updated());
        emitter
            .upsert(now, offsets.changed(lastKey, position), SnapshotMarker.FALSE)
            .ifPresent(records::add);
      }
    }
    advance(look);
    return records;
  }

  private boolean isNew(ObjectView object) {
    String id = object.id();
    boolean inRange =
        (range.above() == null || id.compareTo(range.above()) > 0)
            && (range.upTo() == null || id.compareTo(range.upTo()) <= 0);
    Long before = inRange ? seen.get(id) : null;
    return inRange && (before == null || before != object.updated());
  }

  /** Goes on at the last time of a full page: more objects may have it. */
  private void advance(Look look) {
    passDone = !look.full();
    if (!passDone) {
      int count = look.objects().size();
      long last = look.objects().get(count - 1).updated();
      skip = last == from ? skip + count : 0;
      from = last;
    }
  }

  private Look look() {
    while (true) {
      int rows = size.rows();
      try {
        List<? extends ObjectView> objects =
            changes.updatedSince(scope, from, skip, rows).objects();
        size.arrived();
        return new Look(objects, objects.size() >= rows);
      } catch (WeaviateException e) {
        if (e.kind() == Kind.TOO_LARGE && rows == 1) {
          throw new ConnectException(
              "%s has more objects of one update time than the server lists; use poll.strategy=reconcile. %s"
                  .formatted(scope, e.getMessage()),
              e);
        }
        // Where some are skipped, it is they that count.
        PageReader.makeSmaller(e, scope, size, skip > 0 ? size::shrink : size::halve);
      }
    }
  }

  private Map<String, ObjectView> whole(List<? extends ObjectView> objects) {
    Map<String, ObjectView> whole = new HashMap<>();
    List<String> ids = objects.stream().map(ObjectView::id).distinct().toList();
    int done = 0;
    while (done < ids.size()) {
      List<String> part = ids.subList(done, Math.min(ids.size(), done + size.rows()));
      try {
        Page page = changes.objects(scope, part);
        size.seen(page.objects().size(), page.bytes());
        page.objects().forEach(object -> whole.put(object.id(), object));
        done += part.size();
      } catch (WeaviateException e) {
        PageReader.makeSmaller(e, scope, size, size::halve);
      }
    }
    if (!whole.isEmpty()) {
      guard.check();
    }
    return whole;
  }
}
