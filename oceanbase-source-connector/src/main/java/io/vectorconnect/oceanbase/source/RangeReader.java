package io.vectorconnect.oceanbase.source;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.oceanbase.source.OceanBaseSourceConfig.PollStrategy;
import io.vectorconnect.oceanbase.source.Position.Phase;
import io.vectorconnect.oceanbase.source.Queries.Span;
import io.vectorconnect.oceanbase.source.RecordMapper.MappedRow;
import io.vectorconnect.oceanbase.source.TableReader.Page;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.RangeProgress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one range of keys at one SCN, and then again and again what has changed in it. */
public final class RangeReader implements RecordReader {
  private static final Logger log = LoggerFactory.getLogger(RangeReader.class);

  /** Key of an offset: the SCN at which the whole table is scanned. */
  static final String SNAPSHOT = "snapshot";

  private final Session session;
  private final Supplier<TableReader> open;
  private final String name;
  private final String topic;
  private final RangeOffsets offsets;
  private final KeyRange range;
  private final Map<String, String> sourcePartition;
  private final PollStrategy strategy;
  private final boolean thenPoll;
  private final long pollNanos;

  private final Span whole;
  private TableReader table;

  /** The table was described after this SCN: rows as of it have no other columns. */
  private long described;

  private long snapshot;
  private Position position;
  private long nextPoll;
  private final RangeProgress progress;

  /**
   * A reader that goes on where the offset says.
   *
   * @param open describes the table, as it is now
   * @param name the table
   * @param snapshot the SCN to scan at, if the range has not been begun
   */
  RangeReader(
      Session session,
      Supplier<TableReader> open,
      String name,
      RangeOffsets offsets,
      KeyRange range,
      OceanBaseSourceConfig config,
      long snapshot) {
    this.session = session;
    this.open = open;
    this.name = name;
    this.topic = config.source().topic(name);
    this.offsets = offsets;
    this.range = range;
    this.sourcePartition = offsets.partition(range);
    this.strategy = config.strategy();
    this.thenPoll = config.thenPoll();
    this.pollNanos = config.source().pollInterval().toNanos();
    this.whole = new Span(key(range.above()), key(range.upTo()));
    this.progress = new RangeProgress(offsets, range);
    Map<String, String> stored = offsets.position(range);
    this.snapshot = stored.containsKey(SNAPSHOT) ? Long.parseLong(stored.get(SNAPSHOT)) : snapshot;
    this.position = Position.fromOffset(stored).orElseGet(() -> Position.snapshot(this.snapshot));
  }

  private static Key key(String json) {
    return json == null ? null : Key.fromJson(json);
  }

  @Override
  public boolean isDone() {
    boolean pollsHere = strategy != PollStrategy.NEW_KEYS || range.isLast();
    return isBetweenLooks() && !(thenPoll && pollsHere);
  }

  private boolean isBetweenLooks() {
    return position.phase() == Phase.IDLE || position.phase() == Phase.NEW_KEYS;
  }

  @Override
  public long idleNanos() {
    return isBetweenLooks() ? Math.max(0, nextPoll - System.nanoTime()) : 0;
  }

  @Override
  public List<SourceRecord> next() {
    try {
      position = begun(position);
      long scn = position.phase() == Phase.NEW_KEYS ? session.currentScn() : position.scn();
      if (table == null) {
        describe(scn);
      }
      Page page = read(scn);
      if (!page.rows().isEmpty() && scn > described) {
        if (!table.isCurrent()) {
          describe(scn);
          page = read(scn); // with the new columns, that would be missing else
        }
        described = scn;
      }
      return publish(page);
    } catch (OceanBaseException e) {
      if (e.kind() != OceanBaseException.Kind.SNAPSHOT_LOST) {
        throw e;
      }
      beginAgain(e);
      return List.of();
    }
  }

  /**
   * Asks for the table's columns.
   *
   * @param scn the SCN to be read at; taken before, so that no column of its rows is missing
   */
  private void describe(long scn) {
    TableReader now = open.get();
    if (table != null && !now.hasKeyOf(table)) {
      throw new ConnectException(
          "the primary key of table %s was changed: where its reading stands is told by the old one; reset the connector's offsets"
              .formatted(name));
    }
    if (table != null) {
      log.info("Table {}: its columns were changed; it is read with the new ones", name);
    }
    table = now;
    described = scn;
  }

  /** The phase to be read now; a changed strategy takes over where the other one stopped. */
  private Position begun(Position stopped) {
    boolean newKeys = strategy == PollStrategy.NEW_KEYS;
    return switch (stopped.phase()) {
      case SNAPSHOT, CHANGES, DELETES -> stopped;
      case STAMPED -> byStamps() ? stopped : stopped.begin(firstOfLook(), session.currentScn());
      case IDLE, NEW_KEYS ->
          newKeys ? newKeys(stopped) : stopped.begin(firstOfLook(), session.currentScn());
    };
  }

  /** Deletes come first: a target may take the key of a new row for that of one that is gone. */
  private Phase firstOfLook() {
    return switch (strategy) {
      case RECONCILE -> Phase.DELETES;
      case TIMESTAMP_COLUMN -> Phase.STAMPED;
      default -> Phase.CHANGES;
    };
  }

  private boolean byStamps() {
    return strategy == PollStrategy.TIMESTAMP_COLUMN;
  }

  private static Position newKeys(Position behind) {
    return new Position(Phase.NEW_KEYS, behind.since(), 0, behind.last(), behind.stamps());
  }

  private Page read(long scn) {
    if (position.phase() == Phase.STAMPED) {
      return table.stamped(position, whole);
    }
    Span span = new Span(position.last() == null ? whole.above() : position.last(), whole.upTo());
    return switch (position.phase()) {
      case CHANGES -> table.changes(position.since(), position.upper(), span);
      case DELETES -> table.deletes(position.since(), position.upper(), span);
      case SNAPSHOT, NEW_KEYS, IDLE, STAMPED -> table.page(scn, span);
    };
  }

  private List<SourceRecord> publish(Page page) {
    if (page.end() && position.phase() == Phase.SNAPSHOT) {
      offsets.confirm();
    }
    SnapshotMarker marker =
        position.phase() == Phase.SNAPSHOT ? SnapshotMarker.TRUE : SnapshotMarker.FALSE;
    List<Position> behindRows = new ArrayList<>(page.rows().size());
    Position behind = position;
    for (int i = 0; i < page.rows().size(); i++) {
      behind = table.seen(behind, page.rows().get(i)).after(page.marks().get(i));
      behindRows.add(behind);
    }
    behind = page.last() == null ? behind : behind.after(page.last());
    if (page.end()) {
      behind = afterPhase(behind);
    }
    List<SourceRecord> records = new ArrayList<>(page.rows().size());
    for (int i = 0; i < page.rows().size(); i++) {
      // The last record says also that its phase is over: nobody need ask the old snapshot again.
      boolean isLast = i == page.rows().size() - 1;
      records.add(record(page.rows().get(i), isLast ? behind : behindRows.get(i), marker));
    }
    if (page.end()) {
      reachedEnd();
    }
    position = behind;
    return records;
  }

  /** What comes after a phase that was read to its end. */
  private Position afterPhase(Position ended) {
    return switch (ended.phase()) {
      case SNAPSHOT -> afterScan(ended);
      case DELETES -> ended.begin(Phase.CHANGES, ended.upper());
      case CHANGES, STAMPED -> ended.idle(ended.upper());
      case IDLE, NEW_KEYS -> ended;
    };
  }

  private Position afterScan(Position ended) {
    if (!thenPoll && ended.upper() != 0) {
      // Read at two SCNs, and no look will follow: one brings all rows to the later of the two.
      return ended.begin(Phase.CHANGES, ended.upper());
    }
    return strategy == PollStrategy.NEW_KEYS ? newKeys(ended) : ended.idle(ended.since());
  }

  private void reachedEnd() {
    if (position.phase() == Phase.SNAPSHOT) {
      log.info(
          "Table {}, range {} of {}: read to its end at SCN {}, {}",
          name,
          range.index() + 1,
          offsets.plan().size(),
          position.scn(),
          progress);
    }
    nextPoll = System.nanoTime() + pollNanos;
  }

  /**
   * The server does not keep a snapshot any more, or the table was altered. Rows are upserts: they
   * may come again. Deletes are known only by comparing two snapshots, and cannot be made up for.
   */
  private void beginAgain(OceanBaseException e) {
    boolean tellsDeletes = thenPoll && strategy == PollStrategy.RECONCILE;
    if (position.phase() == Phase.DELETES || (tellsDeletes && position.last() != null)) {
      throw new ConnectException(
          "the server does not keep the snapshots between which deletes from table %s were to be found (undo_retention is too short, or the table was altered); reset the connector's offsets and empty the target, to load it anew"
              .formatted(name),
          e);
    }
    long scn = session.currentScn();
    if (table != null && !table.isCurrent()) {
      describe(scn);
    }
    switch (position.phase()) {
      case SNAPSHOT -> scanAt(scn);
      case NEW_KEYS -> log.warn("Table {}: was altered while it was read; read again", name);
      default -> {
        log.warn("Table {}: looks for changes after SCN {} anew", name, position.since());
        position = position.begin(thenPoll ? firstOfLook() : Phase.CHANGES, scn);
      }
    }
  }

  /**
   * Goes on with the scan at another SCN. What was published is older than the rest then; it is the
   * first SCN after which changes are looked for, so that all of it is made up for.
   */
  private void scanAt(long scn) {
    log.warn(
        "Table {}, range {} of {}: the server does not keep SCN {} any more, or the table was altered; the scan goes on at SCN {}. Rows deleted in between are not told; to avoid it, raise undo_retention",
        name,
        range.index() + 1,
        offsets.plan().size(),
        position.scn(),
        scn);
    snapshot = scn;
    position = position.last() == null ? Position.snapshot(scn) : position.readAt(scn);
  }

  private SourceRecord record(MappedRow row, Position behind, SnapshotMarker marker) {
    ConnectHeaders headers = new ConnectHeaders();
    marker.addTo(headers);
    Map<String, String> offset = new HashMap<>(behind.toOffset());
    offset.put(SNAPSHOT, Long.toString(snapshot));
    if (marker == SnapshotMarker.TRUE) {
      progress.add();
      progress.addTo(offset);
    }
    return new SourceRecord(
        sourcePartition,
        offsets.offset(offset),
        topic,
        null,
        table.mapper().keySchema(),
        row.keyStruct(),
        row.value() == null ? null : table.mapper().valueSchema(),
        row.value(),
        null,
        headers);
  }
}
