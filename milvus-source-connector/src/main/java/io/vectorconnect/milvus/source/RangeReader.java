package io.vectorconnect.milvus.source;

import io.milvus.grpc.QueryResults;
import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.RecordMapper.MappedRow;
import io.vectorconnect.source.KeyRange;
import io.vectorconnect.source.PageSize;
import io.vectorconnect.source.RangeOffsets;
import io.vectorconnect.source.RecordReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one range of keys to its end, and the last range of a collection on from there. */
final class RangeReader implements RecordReader {
  private static final Logger log = LoggerFactory.getLogger(RangeReader.class);

  private static final int RECOUNTS = 3;

  /** Key of an offset: the partition that the last key is of. */
  static final String PARTITION = "partition";

  private enum State {
    SNAPSHOT,
    POLLING,
    DONE
  }

  private final MilvusClient client;
  private final Collection collection;
  private final RecordMapper mapper;
  private final RangeOffsets offsets;
  private final KeyRange range;
  private final PageSize pageSize;
  private final String topic;
  private final boolean thenPoll;
  private final Duration pollInterval;
  private final Map<String, String> sourcePartition;
  private final long guarantee;
  private final Map<String, String> offsetMore;
  private final List<String> partitions;

  /** The partition that is read, those before it are done. */
  private int partition;

  private State state = State.SNAPSHOT;
  private String lastKey;
  private long nextPoll;
  private long rows;

  /**
   * A reader.
   *
   * @param partitions what is scanned one after another
   * @param offsetMore what each row's offset holds beside its key and partition
   */
  RangeReader(
      MilvusClient client,
      Collection collection,
      RangeOffsets offsets,
      KeyRange range,
      MilvusSourceConfig config,
      List<String> partitions,
      long snapshotGuarantee,
      Map<String, String> offsetMore) {
    this.client = client;
    this.collection = collection;
    this.topic = config.source().topic(collection.name());
    this.mapper = new RecordMapper(collection, config);
    this.partitions = partitions;
    this.offsets = offsets;
    this.range = range;
    this.pageSize = config.source().pageSize();
    this.offsetMore = offsetMore;
    this.thenPoll = range.isLast() && config.pollsForNewKeys();
    this.pollInterval = config.source().pollInterval();
    this.sourcePartition = offsets.partition(range);
    this.lastKey = offsets.lastKey(range);
    resume(offsets.position(range).get(PARTITION));
    // Where new keys arrive, rows younger than a guarantee could show on one shard and not yet on
    // another, and the keyset would pass over the latter: there every read is a strong one.
    this.guarantee = range.isLast() ? MilvusClient.STRONG : snapshotGuarantee;
  }

  /** Goes to the stored partition, or behind it when it is not there any more. */
  private void resume(String stored) {
    boolean oneByOne = !partitions.get(0).equals(Partitions.ANY);
    if (lastKey != null && oneByOne != (stored != null)) {
      throw new ConnectException(
          "collection %s was scanned %s %s; reset the connector's offsets to scan it anew"
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
  Map<String, String> position(Map<String, String> more) {
    Map<String, String> position = new HashMap<>(more);
    if (lastKey != null) {
      position.put(RangeOffsets.LAST, lastKey);
    }
    if (!partition().equals(Partitions.ANY)) {
      position.put(PARTITION, partition());
    }
    return position;
  }

  private String partition() {
    return partitions.get(partition);
  }

  KeyRange range() {
    return range;
  }

  /** Leaves out what was read to its end before. */
  void skip() {
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
    Optional<String> filter = filter();
    List<MappedRow> page = filter.map(this::page).orElse(List.of());
    if (page.isEmpty() && state == State.SNAPSHOT && filter.isPresent()) {
      page = recount(filter.get());
    }
    if (page.isEmpty()) {
      // Only an empty page is the end: rows whose key was inserted twice shorten a page.
      reachedEnd();
      return List.of();
    }
    SnapshotMarker marker = state == State.SNAPSHOT ? SnapshotMarker.TRUE : SnapshotMarker.FALSE;
    List<SourceRecord> records = new ArrayList<>(page.size());
    for (MappedRow row : page) {
      checkAscending(row.key());
      lastKey = row.key();
      records.add(record(row, marker));
    }
    rows += records.size();
    return records;
  }

  private List<MappedRow> page(String filter) {
    while (true) {
      try {
        QueryResults results =
            client.page(
                collection.name(),
                Partitions.list(partition()),
                filter,
                pageSize.rows(),
                guarantee);
        List<MappedRow> page = mapper.map(results, partition());
        pageSize.seen(page.size(), results.getSerializedSize());
        return page;
      } catch (MilvusException e) {
        if (e.kind() != MilvusException.Kind.TOO_LARGE || !pageSize.halve()) {
          throw e;
        }
        log.info(
            "Reading {} in pages of {} rows: {}",
            collection.name(),
            pageSize.rows(),
            e.getMessage());
      }
    }
  }

  /**
   * Makes sure that an empty page is the end, by a count. Rows may arrive between the two, but what
   * is counted and never returned is lost: Milvus 2.3 takes the key 2^63 - 1 for a mark of its own.
   */
  private List<MappedRow> recount(String filter) {
    long counted = 0;
    for (int i = 0; i < RECOUNTS; i++) {
      counted = client.count(collection.name(), Partitions.list(partition()), filter, guarantee);
      List<MappedRow> page = counted == 0 ? List.of() : page(filter);
      if (counted == 0 || !page.isEmpty()) {
        return page;
      }
    }
    throw new ConnectException(
        "Milvus counts %d rows of collection %s where %s, and returns none of them; give them other keys, or exclude the collection"
            .formatted(counted, collection.name(), filter));
  }

  private Optional<String> filter() {
    String field = collection.key().getName();
    KeyType type = collection.keyType();
    String above = lastKey != null ? lastKey : range.above();
    String lower = type.any(field);
    if (above != null) {
      Optional<String> bound = type.above(field, above);
      if (bound.isEmpty()) {
        return bound;
      }
      lower = bound.get();
    }
    return Optional.of(
        range.upTo() == null
            ? lower
            : "(%s) and %s".formatted(lower, type.upTo(field, range.upTo())));
  }

  private void checkAscending(String key) {
    if (lastKey != null && collection.keyType().compare(lastKey, key) >= 0) {
      throw new ConnectException(
          "Milvus returned rows of collection %s out of the order of their keys; going on could lose rows (Milvus Lite is known for it; use a server)"
              .formatted(collection.name()));
    }
  }

  private void reachedEnd() {
    if (state == State.SNAPSHOT && partition + 1 < partitions.size()) {
      partition++;
      lastKey = null;
      return;
    }
    if (state == State.SNAPSHOT) {
      log.info(
          "Collection {}, range {} of {}: read to its end, {} rows",
          collection.name(),
          range.index() + 1,
          offsets.plan().size(),
          rows);
      state = thenPoll ? State.POLLING : State.DONE;
    }
    if (state == State.POLLING) {
      checkIdentity();
      nextPoll = System.nanoTime() + pollInterval.toNanos();
    }
  }

  /** A collection that was dropped and created again would be read from the wrong place. */
  private void checkIdentity() {
    if (client.describe(collection.name()).getCollectionID() != collection.id()) {
      throw new ConnectException(
          "collection %s was dropped and created again; reset the connector's offsets to read the new one"
              .formatted(collection.name()));
    }
  }

  private SourceRecord record(MappedRow row, SnapshotMarker marker) {
    ConnectHeaders headers = new ConnectHeaders();
    marker.addTo(headers);
    Partitions.addTo(headers, partition());
    return new SourceRecord(
        sourcePartition,
        offsets.offset(position(offsetMore)),
        topic,
        null,
        mapper.keySchema(),
        row.keyStruct(),
        mapper.valueSchema(),
        row.value(),
        null,
        headers);
  }
}
