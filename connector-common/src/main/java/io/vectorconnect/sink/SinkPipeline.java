package io.vectorconnect.sink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of a sink task: one batch is filled from {@code put()} while the batch before it is
 * written in the background, so that converting records and loading the database overlap.
 *
 * <p>Offsets are given back to Connect only for records that are written or reported. A transient
 * failure is retried in the background; meanwhile {@code put()} takes records until the next batch
 * is full and then answers {@link RetriableException}, so that the consumer keeps its membership.
 * Any other failure is thrown from the next {@code put()}, never from {@code preCommit}, where
 * Connect would only log it.
 *
 * @param <B> the sink's batch
 */
public final class SinkPipeline<B extends Batch> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SinkPipeline.class);

  /**
   * How long one call waits for a busy writer before it hands back to the consumer. A {@code put()}
   * and the {@code preCommit()} after it fit in the 5 seconds that Connect gives a task to stop.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** When nothing arrives for so long, the topic is taken to be idle. */
  private static final Duration IDLE = Duration.ofMillis(50);

  /** How soon to look again whether the writer is free, where a batch waits for it. */
  private static final Duration SOON = Duration.ofMillis(5);

  private final TargetWriter<B> writer;
  private final WriteSettings settings;
  private final SinkTaskContext context;
  private final ErrantRecords errant;
  private final Ownership ownership = new Ownership();
  private final ExecutorService background =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "vector-sink-writer");
            thread.setDaemon(true);
            return thread;
          });

  private B batch;
  private OffsetSpans batchOffsets = new OffsetSpans();

  /** How many records of each topic are in the batch, tombstones not counted. */
  private Map<String, Long> batchTopics = new HashMap<>();

  /** Why nothing more may be written, or null. */
  private ConnectException failure;

  private long batchSince;
  private Write underWay;
  private long unpreparedSince;

  /** Partitions whose position in the target is known; used only where the target keeps them. */
  private final Set<TopicPartition> positioned = new HashSet<>();

  private final PositionCheck positionCheck = new PositionCheck();
  private final ReportedOffsets reported = new ReportedOffsets();

  /** Partitions that wait for records of other ones. */
  private final HeldPartitions held;

  /** Where unwritten records began of which the target keeps no position. */
  private final Map<TopicPartition, Long> lost = new HashMap<>();

  /** Partitions that were set back, until the consumer has followed. */
  private final Set<TopicPartition> setBack = new HashSet<>();

  /**
   * Where partitions are to be read from again. Until the next {@code put()} the consumer may still
   * deliver what it has.
   */
  private final Map<TopicPartition, Long> setBackInPoll = new HashMap<>();

  /** Offsets of finished writes that Connect has not been told yet. */
  private final Map<TopicPartition, OffsetAndMetadata> written = new HashMap<>();

  /** Takes ownership of the writer. */
  public SinkPipeline(TargetWriter<B> writer, WriteSettings settings, SinkTaskContext context) {
    this.writer = writer;
    this.settings = settings;
    this.context = context;
    this.errant = new ErrantRecords(context, settings.allRefused());
    this.held = new HeldPartitions(settings);
    writer.guardedBy(ownership);
    this.batch = writer.newBatch();
  }

  /**
   * Buffers records, and starts a write when the batch is full or old enough, or the topic is idle.
   *
   * @throws RetriableException before any of the records is taken
   */
  public void put(Collection<SinkRecord> delivered) {
    if (failure != null) {
      throw failure;
    }
    ownership.heard();
    setBack.clear();
    makeRoom();
    takeUnlessSetBack(delivered);
    held.resume(context); // not before: after a failure Connect pauses all partitions itself
    if (held.isAnyPaused()) {
      context.timeout(IDLE.toMillis());
    }
  }

  private void makeRoom() {
    collect(Duration.ZERO);
    if (isFull() && !submit(PATIENCE)) {
      context.timeout(settings.backoff().toMillis());
      throw new RetriableException("the database is still busy with the batch before");
    }
  }

  private void takeUnlessSetBack(Collection<SinkRecord> delivered) {
    if (setBackInPoll.isEmpty()) {
      take(delivered);
      return;
    }
    Map<TopicPartition, Long> again = Map.copyOf(setBackInPoll);
    setBack.addAll(again.keySet());
    take(
        delivered.stream()
            .filter(record -> !again.containsKey(OffsetSpans.partition(record)))
            .toList());
    setBack(again); // once more: these may have been delivered after the consumer had followed
    again.forEach(setBackInPoll::remove); // but not those that were held back just now
  }

  private void take(Collection<SinkRecord> delivered) {
    Set<TopicPartition> fresh = unpositioned();
    PositionCheck.Result checked = positionCheck.check(fromPositions(fresh, delivered));
    Collection<SinkRecord> records = checked.due();
    List<Change> changes = new ArrayList<>(records.size());
    for (SinkRecord record : records) {
      changes.add(change(record));
    }
    if (!records.isEmpty() || !context.assignment().isEmpty()) {
      attempt(() -> writer.prepare(changes.stream().filter(Objects::nonNull).toList()));
    }
    // Not before: after a failure Connect delivers the very same records once more.
    positioned.addAll(fresh);
    lost.clear();
    positionCheck.done(checked, fresh);
    if (!checked.again().isEmpty()) {
      Map<TopicPartition, Long> beginnings = new HashMap<>();
      checked.again().forEach(partition -> beginnings.put(partition, 0L));
      setBack(beginnings);
    }
    addAll(records, changes);
    if (batchOffsets.isEmpty()) {
      if (underWay != null) {
        context.timeout(Ownership.LEASE.toMillis() / 2); // so that the writer hears of the consumer
      }
      return;
    }
    long age = System.nanoTime() - batchSince;
    if (isFull()
        || (underWay == null && batch.bytes() >= writer.worthWriting())
        || records.isEmpty()
        || age >= settings.linger().toNanos()) {
      submit(Duration.ZERO);
    }
    Duration patience = batch.bytes() >= writer.worthWriting() ? SOON : IDLE;
    context.timeout(Math.max(1, Math.min(patience.toMillis(), settings.linger().toMillis())));
  }

  /** Partitions whose positions the target keeps, and that were not looked up yet. */
  private Set<TopicPartition> unpositioned() {
    if (!writer.keepsPositions()) {
      return Set.of();
    }
    Set<TopicPartition> fresh = new HashSet<>(context.assignment());
    fresh.removeAll(positioned);
    return fresh;
  }

  /**
   * Sets the consumer to the positions that the target keeps, where it was not done yet. What was
   * delivered from elsewhere is passed over; it comes again if it is due.
   */
  private Collection<SinkRecord> fromPositions(
      Set<TopicPartition> fresh, Collection<SinkRecord> delivered) {
    if (fresh.isEmpty()) {
      return delivered;
    }
    Map<TopicPartition, Position> stored = new HashMap<>();
    attempt(() -> stored.putAll(writer.positions(fresh)));
    stored.keySet().retainAll(fresh);
    Map<TopicPartition, Long> starts = positionCheck.starts(stored, delivered);
    // The target knows no position of a partition of which it has no record yet.
    lost.forEach(starts::putIfAbsent);
    starts.keySet().retainAll(fresh);
    setBack(starts);
    if (!stored.isEmpty()) {
      log.info("Going on from the positions that the target holds: {}", stored);
    }
    return delivered.stream()
        .filter(record -> !starts.containsKey(OffsetSpans.partition(record)))
        .toList();
  }

  private void setBack(Map<TopicPartition, Long> offsets) {
    context.offset(offsets);
    setBack.addAll(offsets.keySet());
    written.keySet().removeAll(offsets.keySet());
  }

  /** What a record says, or null when it cannot be read. */
  private static Change change(SinkRecord record) {
    try {
      return Change.of(record);
    } catch (RuntimeException | StackOverflowError e) {
      return null; // it is told when the record is taken
    }
  }

  /** Work with the target, before any record of this call is taken. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws TransientWriteException;
  }

  private void attempt(Attempt work) {
    try {
      work.run();
      unpreparedSince = 0;
    } catch (TransientWriteException e) {
      if (!e.isBusy()) {
        long now = System.nanoTime();
        unpreparedSince = unpreparedSince == 0 ? now : unpreparedSince;
        if (now - unpreparedSince >= settings.retryTimeout().toNanos()) {
          throw gaveUp(e);
        }
      }
      context.timeout(settings.backoff().toMillis());
      throw new RetriableException(e.getMessage(), e);
    }
  }

  private void addAll(Collection<SinkRecord> records, List<Change> changes) {
    ErrantRecords refused = errant.ofBatch(Map.of(), Set::of, reported);
    int i = 0;
    try {
      for (SinkRecord record : records) {
        add(record, changes.get(i++), refused);
      }
    } catch (Error e) { // out of memory: refused records of this call were not reported yet
      failure = new ConnectException("a batch is incomplete, because taking a record failed", e);
      throw e;
    }
    Set<String> onTheirWay = new HashSet<>(batchTopics.keySet());
    if (underWay != null) {
      onTheirWay.addAll(underWay.topics.keySet());
    }
    try {
      refused.settle(onTheirWay);
    } catch (ConnectException e) {
      failure = e; // the batch has offsets of records that were not reported
      throw e;
    }
  }

  private void add(SinkRecord record, Change change, ErrantRecords refused) {
    if (batchOffsets.isEmpty()) {
      batchSince = System.nanoTime();
    }
    try {
      RecordFailure.locate(
          () -> {
            writer.add(batch, change == null ? Change.of(record) : change);
            return null;
          });
      if (ErrantRecords.counts(record)) {
        batchTopics.merge(record.originalTopic(), 1L, Long::sum);
      }
    } catch (DataException e) {
      refused.report(record, e);
    }
    batchOffsets.add(record);
  }

  private boolean isFull() {
    return batch.rows() >= settings.maxRows() || batch.bytes() >= settings.maxBytes();
  }

  /** Starts writing the current batch; false when the batch before is not done in time. */
  private boolean submit(Duration patience) {
    if (!collect(patience)) {
      return false;
    }
    if (batchOffsets.isEmpty()) {
      return true; // it was dropped: its records come again
    }
    underWay = new Write(batch, batchOffsets, batchTopics);
    underWay.done = background.submit(underWay);
    beginBatch();
    return true;
  }

  /**
   * Waits for the write under way; false when it is not done in time.
   *
   * @throws ConnectException what it failed with; it stays in place, so that every later call fails
   *     alike and nothing is committed
   */
  private boolean collect(Duration patience) {
    if (underWay == null) {
      return true;
    }
    try {
      underWay.done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LostPositionException moved) {
        log.warn("{}; going back to what the target holds", moved.getMessage());
        lost.putAll(dropUnwritten());
        positioned.clear();
        return true;
      }
      throw e.getCause() instanceof ConnectException failure
          ? failure
          : new ConnectException("writing a batch failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("interrupted while a batch was being written", e);
    }
    Map<TopicPartition, Long> next = underWay.offsets.next();
    Map<TopicPartition, Long> heldBack = underWay.rows.heldBack();
    underWay = null;
    next.keySet().removeAll(heldBack.keySet());
    next.forEach((partition, offset) -> written.put(partition, new OffsetAndMetadata(offset)));
    held.written(next);
    reported.written(next);
    if (!heldBack.isEmpty()) {
      holdBack(heldBack);
    }
    return true;
  }

  /**
   * Reads partitions again from a record that could not be written yet. What is buffered of them
   * comes behind it, so it has to be read again too.
   */
  private void holdBack(Map<TopicPartition, Long> heldBack) {
    held.hold(heldBack, context);
    Map<TopicPartition, Long> again =
        Collections.disjoint(batchOffsets.first().keySet(), heldBack.keySet())
            ? new HashMap<>()
            : dropUnwritten();
    again.putAll(heldBack);
    setBackInPoll.putAll(again);
    written.keySet().removeAll(again.keySet());
  }

  /**
   * Writes what is buffered, if the database takes it now, and tells which offsets are safe.
   *
   * @param current the offsets of everything that Connect has handed over
   */
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> current) {
    Map<TopicPartition, OffsetAndMetadata> safe = new HashMap<>(current);
    if (flush()) {
      written.keySet().removeAll(current.keySet()); // so that no later answer is behind this one
    } else {
      safe.keySet().retainAll(written.keySet());
      safe.replaceAll((partition, offset) -> written.get(partition));
    }
    safe.keySet().removeAll(setBack); // Connect still thinks that it has gone on from there
    safe.keySet().removeAll(setBackInPoll.keySet());
    if (writer.keepsPositions()) {
      safe.keySet().removeAll(unpositioned());
      safe.keySet().removeAll(positionCheck.pending());
    }
    return safe;
  }

  /** Whether everything is written; a failure stays for the next {@code put()}. */
  private boolean flush() {
    if (failure != null) {
      return false;
    }
    try {
      return collect(PATIENCE)
          && (batchOffsets.isEmpty() || (submit(Duration.ZERO) && collect(PATIENCE)));
    } catch (ConnectException e) {
      log.warn("Offsets stay where they are, a batch is not written: {}", e.getMessage());
      return false;
    }
  }

  /**
   * Partitions came to this task. The target learns it before a record of them is polled: later,
   * this could be a task that was stopped for a while, and that takes them from their next owner.
   */
  public void openPartitions() {
    writer.partitionsOpened();
    if (writer.keepsPositions()) {
      try {
        writer.positions(unpositioned());
      } catch (TransientWriteException | ConnectException e) {
        log.debug("The target is asked again before the first records are taken", e);
      }
    }
  }

  /**
   * Partitions go to another task, or already went there. Connect has asked for offsets just before
   * if they are still this task's; if they were taken from it, their new owner may have written
   * newer rows. So nothing is written here: what is unwritten is dropped, and the partitions that
   * stay are read again from there.
   */
  public void closePartitions(Collection<TopicPartition> partitions) {
    if (isUnwritten()) {
      Map<TopicPartition, Long> unwritten = dropUnwritten();
      unwritten.keySet().removeAll(partitions);
      setBack(unwritten);
      setBackInPoll.putAll(unwritten);
      log.warn("Dropped the unwritten batch at a rebalance; it will be read again");
    }
    written.keySet().removeAll(partitions);
    positioned.removeAll(partitions);
    lost.keySet().removeAll(partitions);
    positionCheck.forget(partitions);
    reported.forget(partitions);
    setBackInPoll.keySet().removeAll(partitions);
    writer.partitionsClosed();
  }

  private boolean isUnwritten() {
    try {
      return !collect(Duration.ZERO) || !batchOffsets.isEmpty();
    } catch (ConnectException e) {
      log.warn("A batch is not written: {}", e.getMessage());
      return true;
    }
  }

  /** Forgets what is buffered and under way; gives the offsets where it began. */
  private Map<TopicPartition, Long> dropUnwritten() {
    Map<TopicPartition, Long> unwritten = new HashMap<>(batchOffsets.first());
    if (underWay != null) {
      unwritten.putAll(underWay.offsets.first());
      underWay.abandoned = true;
      writer.abort();
      underWay = null;
    }
    beginBatch();
    return unwritten;
  }

  private void beginBatch() {
    batch = writer.newBatch();
    batchOffsets = new OffsetSpans();
    batchTopics = new HashMap<>();
  }

  @Override
  public void close() {
    if (underWay != null) {
      underWay.abandoned = true;
    }
    background.shutdownNow();
    errant.logRest();
    writer.close();
  }

  private ConnectException gaveUp(TransientWriteException e) {
    return new ConnectException(
        "gave up after retry.timeout.ms=%d: %s"
            .formatted(settings.retryTimeout().toMillis(), e.getMessage()),
        e);
  }

  /** One batch on its way, tried until it is written, refused for good, or abandoned. */
  private final class Write implements Callable<Void> {
    private final B rows;
    private final OffsetSpans offsets;
    private final Map<String, Long> topics;
    private final ErrantRecords refused;
    private volatile boolean abandoned;
    private Future<?> done;

    Write(B rows, OffsetSpans offsets, Map<String, Long> topics) {
      this.rows = rows;
      this.offsets = offsets;
      this.topics = topics;
      this.refused = errant.ofBatch(topics, this::heldBackTopics, reported);
    }

    @Override
    public Void call() throws LostPositionException {
      long failedSince = 0;
      long pause = settings.backoff().toMillis();
      while (!abandoned) {
        try {
          errant.await(); // those that could not even be added to the batch
          writer.write(rows, offsets.next(), refused);
          refused.await();
          return null;
        } catch (TransientWriteException e) {
          // Not the time before: a server that works may do so for as long as it takes.
          failedSince = failedSince == 0 ? System.nanoTime() : failedSince;
          if (System.nanoTime() - failedSince >= settings.retryTimeout().toNanos()) {
            throw gaveUp(e);
          }
          log.warn("{}; {} rows are tried again in {} ms", e.getMessage(), rows.rows(), pause);
        }
        sleep(pause);
        pause = Math.min(pause * 2, settings.maxBackoff().toMillis());
      }
      return null;
    }

    private Set<String> heldBackTopics() {
      return rows.heldBack().keySet().stream()
          .map(TopicPartition::topic)
          .collect(Collectors.toSet());
    }

    private void sleep(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ConnectException("stopped while waiting to write again", e);
      }
    }
  }
}
