package io.vectorconnect.source.reconcile;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one range of keys again and again, and publishes what differs from what was published: new
 * and changed rows, and a tombstone for each row that is gone.
 *
 * @param <R> rows as the store gives them
 */
public final class ReconcileReader<R> implements RecordReader {
  private static final Logger log = LoggerFactory.getLogger(ReconcileReader.class);

  /** Key of an offset: that rows of the range are in the topic of published rows. */
  private static final String RECONCILED = "reconciled";

  /** Tells rows that are as they were published. */
  @FunctionalInterface
  public interface Known {
    /** Whether the row with this key need not be published; asked for the page under way. */
    boolean isSame(String key, RowHash hash);
  }

  /**
   * The rows of the range.
   *
   * @param <R> as the store gives them
   */
  public interface Rows<R> {
    /** A pass over all of them begins. */
    void begin();

    /**
     * The next rows in the order of their keys, or none at the end of the range; of those that are
     * {@link Known} key and hash are enough.
     *
     * @param after the last key before, or null at the beginning
     */
    List<R> page(String after, Known known);

    /** A row's key, as text. */
    String key(R row);

    /** What tells two states of a row apart. */
    RowHash hash(R row);

    /** A row's record, or empty when it is left out on purpose. */
    Optional<SourceRecord> record(R row, SnapshotMarker marker, Map<String, String> offset);

    /** The record of a row that is gone. */
    SourceRecord tombstone(String key, SnapshotMarker marker, Map<String, String> offset);

    /** Frees what they hold. */
    default void close() {}
  }

  private final Rows<R> rows;
  private final Reconciliation reconciliation;
  private final String name;
  private final RangeOffsets offsets;
  private final KeyRange range;
  private final Comparator<String> order;
  private final int maxRows;
  private final Duration pollInterval;

  private KnownRows known;
  private boolean isFirstPass;

  /**
   * In the first pass, the last key of which an offset tells that it was published. Rows above it
   * are published even where they are known: it may be another target that they are for.
   */
  private String scannedUpTo;

  private RangeComparison pass;
  private List<R> page = List.of();
  private int row;
  private boolean isAtEnd;
  private String lastKey;
  private long nextPass = System.nanoTime();

  /**
   * A reader of one range.
   *
   * @param name what the rows are of: the name of one of the reconciliation's scopes
   * @param maxRows how many records a call may make
   * @throws ConnectException when an offset is there, and the rows were not kept
   */
  public ReconcileReader(
      Rows<R> rows,
      Reconciliation reconciliation,
      String name,
      RangeOffsets offsets,
      KeyRange range,
      int maxRows,
      Duration pollInterval) {
    this.rows = rows;
    this.reconciliation = reconciliation;
    this.name = name;
    this.offsets = offsets;
    this.range = range;
    this.order = reconciliation.order(name);
    this.maxRows = maxRows;
    this.pollInterval = pollInterval;
    Map<String, String> stored = offsets.position(range);
    if (!stored.isEmpty() && !stored.containsKey(RECONCILED)) {
      throw new ConnectException(
          "%s was read with another poll.strategy, so it is not known what was published; reset the connector's offsets, and empty the target, to scan again"
              .formatted(name));
    }
    this.known = reconciliation.known(name, range.index());
    this.scannedUpTo = offsets.lastKey(range);
    this.isFirstPass = !stored.containsKey(RangeOffsets.SCANNED);
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
      page = rows.page(lastKey, (key, hash) -> !isScan(key) && pass.isSame(key, hash));
      row = 0;
      isAtEnd = page.isEmpty();
      lastKey = isAtEnd ? lastKey : rows.key(page.get(page.size() - 1));
    }
    List<SourceRecord> changed = new ArrayList<>();
    while (pass != null && changed.size() < maxRows) {
      String nextKey = row < page.size() ? rows.key(page.get(row)) : null;
      if (nextKey == null && !isAtEnd) {
        break;
      }
      String gone = pass.gone(nextKey);
      if (gone != null) {
        changed.add(publishing(rows.tombstone(gone, marker(), offset(gone)), gone, null));
      } else if (nextKey != null) {
        compare(page.get(row++), nextKey).ifPresent(changed::add);
      } else if (isFirstPass && !changed.isEmpty()) {
        break; // the end may have to be asked for again, and these records are not made twice
      } else {
        end();
      }
    }
    reconciliation.published().flush(); // the marks before their records
    return changed;
  }

  private void begin() {
    rows.begin();
    pass = reconciliation.compare(name, known);
    lastKey = null;
    isAtEnd = false;
  }

  private Optional<SourceRecord> compare(R read, String key) {
    RowHash hash = rows.hash(read);
    boolean isScan = isScan(key);
    if (!pass.isChanged(key, hash) && !isScan) {
      return Optional.empty();
    }
    return rows.record(read, marker(), offset(key)).map(record -> publishing(record, key, hash));
  }

  private SourceRecord publishing(SourceRecord record, String key, RowHash hash) {
    return reconciliation.published().publishing(record, name, key, hash);
  }

  private void end() {
    if (isFirstPass) {
      offsets.confirm();
    }
    known = pass.rows();
    if (isFirstPass) {
      log.info(
          "{}, range {} of {}: read to its end, {} rows",
          name,
          range.index() + 1,
          offsets.plan().size(),
          known.size());
    }
    pass = null;
    page = List.of();
    row = 0;
    isFirstPass = false;
    nextPass = System.nanoTime() + pollInterval.toNanos();
  }

  private boolean isScan(String key) {
    return isFirstPass && isAbove(key, scannedUpTo);
  }

  private boolean isAbove(String key, String other) {
    return other == null || order.compare(key, other) > 0;
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
      position.put(RangeOffsets.SCANNED, "true");
    }
    return offsets.offset(position);
  }

  @Override
  public void close() {
    rows.close();
  }
}
