package io.vectorconnect.milvus.source.scan;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.record.CurrentSchema;
import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.RangeProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one range of keys to its end, and the last range of a collection on from there. */
public final class RangeReader implements RecordReader {
  private static final Logger log = LoggerFactory.getLogger(RangeReader.class);

  /** Key of an offset: the partition that the last key is of. */
  static final String PARTITION = "partition";

  /** How often rows may be seen and be gone when they are looked up. */
  private static final int LOOKS = 10;

  private enum State {
    SNAPSHOT,
    POLLING,
    DONE
  }

  private final MilvusClient client;
  private final Collection collection;
  private final RangeOffsets offsets;
  private final KeyRange range;
  private final PageReader pages;
  private final RowRecords rowRecords;
  private final boolean thenPoll;
  private final Duration pollInterval;
  private final ReadBarrier barrier;

  /** Whether new keys arrive here, and nothing but this reader publishes them. */
  private final boolean open;

  private final Map<String, String> offsetMore;
  private final List<String> partitions;

  /** The partition that is read, those before it are done. */
  private int partition;

  private State state = State.SNAPSHOT;

  private Consumer<MappedRow> seen = row -> {};
  private String lastKey;
  private long nextPoll;
  private final RangeProgress progress;

  /**
   * A reader.
   *
   * @param partitions what is scanned one after another
   * @param offsetMore what each row's offset holds beside its key and partition
   */
  public RangeReader(
      MilvusClient client,
      CurrentSchema schema,
      RangeOffsets offsets,
      KeyRange range,
      MilvusSourceConfig config,
      List<String> partitions,
      ReadBarrier barrier,
      Map<String, String> offsetMore) {
    this.client = client;
    this.collection = schema.collection();
    this.rowRecords =
        new RowRecords(config.source().topic(collection.name()), schema, offsets.partition(range));
    this.partitions = partitions;
    this.offsets = offsets;
    this.range = range;
    this.pages = new PageReader(client, schema, range, config);
    this.offsetMore = offsetMore;
    this.thenPoll = range.isLast() && config.pollsForNewKeys();
    this.pollInterval = config.source().pollInterval();
    this.lastKey = offsets.lastKey(range);
    this.progress = new RangeProgress(offsets, range);
    resume(offsets.position(range).get(PARTITION));
    this.barrier = barrier;
    this.open = range.isLast() && config.readsNewKeysByKey();
  }

  /** Goes to the stored partition, or behind it when it is not there any more. */
  private void resume(String stored) {
    boolean oneByOne = !partitions.get(0).equals(Partitions.ANY);
    if (lastKey != null && oneByOne != (stored != null)) {
      throw new ConnectException(
          "collection %s was scanned %s %s; reset the connector's offsets to scan it again"
              .formatted(
                  collection.name(), oneByOne ? "without" : "with", MilvusSourceConfig.PARTITIONS));
    }
    if (stored == null || partitions.get(partition).equals(stored)) {
      return;
    }
    while (partition < partitions.size() && partitions.get(partition).compareTo(stored) < 0) {
      partition++;
    }
    if (partition == partitions.size()) {
      partition--;
      state = State.DONE; // what it was at is gone, and was the last one
    } else if (!partitions.get(partition).equals(stored)) {
      lastKey = null;
    }
  }

  /** What the offset of the last row that was read holds, beside the plan. */
  public Map<String, String> position(Map<String, String> more) {
    Map<String, String> position = new HashMap<>(more);
    if (lastKey != null) {
      position.put(RangeOffsets.LAST, lastKey);
    }
    if (!partition().equals(Partitions.ANY)) {
      position.put(PARTITION, partition());
    }
    progress.addTo(position);
    return position;
  }

  private String partition() {
    return partitions.get(partition);
  }

  public KeyRange range() {
    return range;
  }

  /** Has somebody see each row. */
  public void tell(Consumer<MappedRow> reader) {
    seen = reader;
  }

  /** Leaves out what was read to its end before. */
  public void skip() {
    state = State.DONE;
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
    List<MappedRow> page = pages.filter(lastKey).map(this::page).orElse(List.of());
    if (page.isEmpty()) {
      reachedEnd();
      return List.of();
    }
    SnapshotMarker marker = state == State.SNAPSHOT ? SnapshotMarker.TRUE : SnapshotMarker.FALSE;
    List<SourceRecord> records = new ArrayList<>(page.size());
    for (MappedRow row : page) {
      pages.checkAscending(lastKey, row.key());
      lastKey = row.key();
      seen.accept(row);
      progress.add();
      records.add(
          rowRecords.record(row, marker, partition(), offsets.offset(position(offsetMore))));
    }
    return records;
  }

  /** The next rows, or none at the end. */
  private List<MappedRow> page(String filter) {
    List<MappedRow> page = pages.page(partition(), filter, barrier);
    return open ? confirmed(page, filter) : page;
  }

  /**
   * The next rows up to the last key that was seen. Shards are not equally far: a page may show a
   * new key of one shard, and not yet a smaller key that was written before it to another shard.
   * The scan would pass over that row for good. A strong read that begins after the page sees it.
   *
   * @throws ConnectException when the server shows rows and does not find them by their keys
   */
  private List<MappedRow> confirmed(List<MappedRow> seen, String filter) {
    List<MappedRow> page = seen;
    for (int i = 0; i < LOOKS && !page.isEmpty(); i++) {
      String last = page.get(page.size() - 1).key();
      List<MappedRow> found =
          pages
              .filter(lastKey, last)
              .map(upToLast -> pages.strongPage(partition(), upToLast))
              .orElse(List.of());
      if (!found.isEmpty()) {
        return found;
      }
      page = pages.strongPage(partition(), filter); // all of these may have been deleted since
    }
    if (page.isEmpty()) {
      return page;
    }
    throw new ConnectException(
        "Milvus returns rows of collection %s and does not find them by their keys; give them other keys (Milvus Lite does not find characters above U+FFFF; use a server), or exclude the collection"
            .formatted(collection.name()));
  }

  private void reachedEnd() {
    checkIdentity(client, collection);
    Partitions.requireLoaded(client, collection, Partitions.list(partition()));
    if (state == State.SNAPSHOT && partition + 1 < partitions.size()) {
      partition++;
      lastKey = null;
      return;
    }
    if (state == State.SNAPSHOT) {
      offsets.confirm();
      log.info(
          "Collection {}, range {} of {}: read to its end, {}",
          collection.name(),
          range.index() + 1,
          offsets.plan().size(),
          progress);
      state = thenPoll ? State.POLLING : State.DONE;
    }
    if (state == State.POLLING) {
      nextPoll = System.nanoTime() + pollInterval.toNanos();
    }
  }

  /** A collection that was dropped and created again would be read from the wrong place. */
  public static void checkIdentity(MilvusClient client, Collection collection) {
    if (client.describe(collection.name()).getCollectionID() != collection.id()) {
      throw createdAgain(collection);
    }
  }

  public static ConnectException createdAgain(Collection collection) {
    return new ConnectException(
        "collection %s was dropped and created again; reset the connector's offsets to read the new one"
            .formatted(collection.name()));
  }
}
