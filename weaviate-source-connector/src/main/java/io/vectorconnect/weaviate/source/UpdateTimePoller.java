package io.vectorconnect.weaviate.source;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.source.PageSize;
import io.vectorconnect.weaviate.source.WeaviateException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Finds new and updated objects by the time of their last update.
 *
 * <p>A pass asks for what is not older than the newest time seen, less an overlap: a write takes a
 * moment to show, and the nodes' clocks differ. What was seen already within the overlap is passed
 * over, so memory holds as many entries as there are writes in that time.
 */
final class UpdateTimePoller implements Poller {
  private final GrpcPages pages;
  private final Function<ObjectView, Optional<? extends ObjectView>> complete;
  private final Scope scope;
  private final ScanOffsets offsets;
  private final PageSize size;
  private final Emitter emitter;
  private final long overlap;
  private final Map<String, Long> seen = new HashMap<>();

  private long position;
  private boolean passDone = true;
  private long from;
  private int skip;

  /**
   * A poller.
   *
   * @param complete adds to an object what gRPC does not tell, or finds that it is gone
   */
  UpdateTimePoller(
      GrpcPages pages,
      Function<ObjectView, Optional<? extends ObjectView>> complete,
      Scope scope,
      ScanOffsets offsets,
      PageSize size,
      Emitter emitter,
      Duration overlap) {
    this.pages = pages;
    this.complete = complete;
    this.scope = scope;
    this.offsets = offsets;
    this.size = size;
    this.emitter = emitter;
    this.overlap = overlap.toMillis();
    this.position = offsets.time().orElseGet(offsets::since);
  }

  @Override
  public void scanned(ObjectView object) {
    // Nothing to remember: times tell.
  }

  @Override
  public boolean isPassDone() {
    return passDone;
  }

  @Override
  public List<SourceRecord> next(String lastKey) {
    if (passDone) {
      from = position - overlap;
      skip = 0;
      seen.values().removeIf(time -> time < from);
    }
    int rows = size.rows();
    Page page = page(rows);
    size.seen(page.objects().size(), page.bytes());
    List<SourceRecord> records = new ArrayList<>();
    for (ObjectView object : page.objects()) {
      Long before = seen.put(object.id(), object.updated());
      position = Math.max(position, object.updated());
      if (before == null || before != object.updated()) {
        Map<String, String> offset = offsets.changed(lastKey, position);
        complete
            .apply(object)
            .flatMap(whole -> emitter.upsert(whole, offset, SnapshotMarker.FALSE))
            .ifPresent(records::add);
      }
    }
    advance(page, rows);
    return records;
  }

  /** Goes on at the last time of a full page: more objects may have it. */
  private void advance(Page page, int rows) {
    int count = page.objects().size();
    passDone = count < rows;
    if (!passDone) {
      long last = page.objects().get(count - 1).updated();
      skip = last == from ? skip + count : 0;
      from = last;
    }
  }

  private Page page(int rows) {
    try {
      return pages.updatedSince(scope, from, skip, rows);
    } catch (WeaviateException e) {
      if (e.kind() == Kind.TOO_LARGE && size.halve()) {
        return pages.updatedSince(scope, from, skip, size.rows());
      }
      if (e.kind() == Kind.TOO_LARGE) {
        throw new ConnectException(
            "%s has more objects of one update time than the server lists; use poll.strategy=reconcile. %s"
                .formatted(scope, e.getMessage()),
            e);
      }
      throw e;
    }
  }
}
