package io.vectorconnect.sink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** A database in memory, whose failures are provoked. */
final class FakeTarget implements TargetWriter<FakeTarget.Rows> {
  static final String BAD = "bad";

  /** The value of a record that makes the encoder fail in a way that nobody thought of. */
  static final String UNREADABLE = "unreadable";

  static final String REFUSED = "refused";

  /** The value of a record that waits until {@link #parentIsThere}. */
  static final String CHILD = "child";

  /** What a write does before the rows are in. */
  interface WriteTrouble {
    void happen() throws TransientWriteException, LostPositionException;
  }

  /** The same, of any request. */
  interface Trouble extends WriteTrouble {
    @Override
    void happen() throws TransientWriteException;
  }

  public static final class Rows implements Batch {
    final List<SinkRecord> records = new ArrayList<>();
    private final Map<TopicPartition, Long> heldBack = new HashMap<>();

    @Override
    public Map<TopicPartition, Long> heldBack() {
      return heldBack;
    }

    @Override
    public int rows() {
      return records.size();
    }

    @Override
    public long bytes() {
      return records.size() * 100L;
    }
  }

  /** Offsets of the rows that are in, in the order in which they came. */
  final List<Long> written = Collections.synchronizedList(new ArrayList<>());

  /** How many rows every write had. */
  final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());

  final List<Long> added = new ArrayList<>();
  final List<Long> prepared = new ArrayList<>();
  final AtomicInteger attempts = new AtomicInteger();
  final CountDownLatch aborted = new CountDownLatch(1);
  volatile WriteTrouble writeTrouble = () -> {};
  volatile boolean parentIsThere;
  Trouble prepareTrouble = () -> {};

  /** What adding a record throws, or null. */
  RuntimeException addTrouble;

  boolean closed;

  /** What the target holds, if it keeps positions; null if it does not. */
  Map<TopicPartition, Position> positions;

  static TransientWriteException lost() {
    return new TransientWriteException("connection lost", null);
  }

  private static Object field(SinkRecord record) {
    return ((Map<?, ?>) record.value()).get("f");
  }

  @Override
  public Rows newBatch() {
    return new Rows();
  }

  @Override
  public void prepare(Collection<Change> changes) throws TransientWriteException {
    prepareTrouble.happen();
    changes.forEach(change -> prepared.add(change.record().kafkaOffset()));
  }

  @Override
  public void add(Rows batch, Change change) {
    SinkRecord record = change.record();
    if (addTrouble != null) {
      throw addTrouble;
    }
    added.add(record.kafkaOffset());
    if (UNREADABLE.equals(field(record))) {
      throw new NumberFormatException("secret");
    }
    if (BAD.equals(field(record))) {
      throw new DataException("expected a good value");
    }
    batch.records.add(record);
  }

  @Override
  public boolean keepsPositions() {
    return positions != null;
  }

  @Override
  public Map<TopicPartition, Position> positions(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Position> stored = new HashMap<>(positions);
    stored.keySet().retainAll(partitions);
    return stored;
  }

  @Override
  public void write(Rows batch, Map<TopicPartition, Long> next, ErrantRecords errant)
      throws TransientWriteException, LostPositionException {
    attempts.incrementAndGet();
    writeTrouble.happen();
    batches.add(batch.rows());
    for (SinkRecord record : batch.records) {
      if (CHILD.equals(field(record)) && !parentIsThere) {
        batch.heldBack.putIfAbsent(OffsetSpans.partition(record), record.kafkaOffset());
      }
      if (batch.heldBack.containsKey(OffsetSpans.partition(record))) {
        continue;
      }
      if (REFUSED.equals(field(record))) {
        errant.report(record, new DataException("the database refuses it"));
      } else {
        written.add(record.kafkaOffset());
      }
    }
  }

  @Override
  public void abort() {
    aborted.countDown();
  }

  @Override
  public void close() {
    closed = true;
  }
}
