package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeProgress;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.client.Pages.Detail;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one range of UUIDs to its end, and then what changes. */
public final class RangeReader implements RecordReader {
  private static final Logger log = LoggerFactory.getLogger(RangeReader.class);

  private enum State {
    SNAPSHOT,
    POLLING,
    DONE
  }

  private final Scope scope;
  private final KeyRange range;
  private final ScanOffsets offsets;
  private final PageReader pages;
  private final Emitter emitter;
  private final Optional<UpdateTimePoller> poller;
  private final Duration pollInterval;
  private final Tenants tenants;

  private State state = State.SNAPSHOT;
  private String lastKey;
  private boolean beyond;
  private long nextPoll;
  private final RangeProgress progress;

  RangeReader(
      Scope scope,
      ScanOffsets offsets,
      PageReader pages,
      Emitter emitter,
      Optional<UpdateTimePoller> poller,
      Duration pollInterval,
      Tenants tenants) {
    this.scope = scope;
    this.range = offsets.range();
    this.offsets = offsets;
    this.pages = pages;
    this.emitter = emitter;
    this.poller = poller;
    this.pollInterval = pollInterval;
    this.tenants = tenants;
    this.lastKey = offsets.lastKey();
    this.progress = offsets.progress();
  }

  @Override
  public boolean isDone() {
    return state == State.DONE;
  }

  @Override
  public long idleNanos() {
    return state == State.POLLING ? Math.max(0, nextPoll - System.nanoTime()) : 0;
  }

  @Override
  public List<SourceRecord> next() {
    try {
      return tenants.active(scope, this::read);
    } catch (WeaviateException e) {
      throw e.within(scope.told() + ": ");
    }
  }

  private List<SourceRecord> read() {
    if (state == State.POLLING) {
      List<SourceRecord> changes = poller.orElseThrow().next(lastKey == null ? start() : lastKey);
      if (poller.orElseThrow().isPassDone()) {
        nextPoll = System.nanoTime() + pollInterval.toNanos();
      }
      return changes;
    }
    String after = lastKey == null ? range.above() : lastKey;
    List<? extends ObjectView> objects = beyond ? List.of() : pages.after(after, Detail.FULL);
    if (objects.isEmpty()) {
      // Only an empty page is the end.
      reachedEnd();
      return List.of();
    }
    List<SourceRecord> records = new ArrayList<>(objects.size());
    for (ObjectView object : objects) {
      if (range.upTo() != null && object.id().compareTo(range.upTo()) > 0) {
        beyond = true;
        break;
      }
      lastKey = object.id();
      progress.add();
      Map<String, String> offset = offsets.scanned(lastKey);
      progress.addTo(offset);
      emitter.upsert(object, offset, SnapshotMarker.TRUE).ifPresent(records::add);
    }
    return records;
  }

  /** What an offset says that knows of no object: everything in the range is still to come. */
  private String start() {
    return range.above() == null ? Uuids.text(java.math.BigInteger.ZERO) : range.above();
  }

  @Override
  public void close() {
    tenants.releaseQuietly(scope);
  }

  private void reachedEnd() {
    offsets.confirm();
    State next = poller.isPresent() ? State.POLLING : State.DONE;
    if (next == State.DONE) {
      tenants.release(scope); // asked again when this fails for now
    }
    state = next;
    log.info(
        "{}, range {} of {}: read to its end, {}; {} of them left out",
        scope,
        range.index() + 1,
        offsets.ranges(),
        progress,
        emitter.skipped());
  }
}
