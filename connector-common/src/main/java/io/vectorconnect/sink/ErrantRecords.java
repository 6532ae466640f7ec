package io.vectorconnect.sink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * Where records go that the target cannot take: the dead-letter queue, or the task's failure.
 *
 * <p>As long as no record of a topic was written, refused ones are held back until their whole
 * batch is through. If it contains nothing but refused records, and there are enough of them, the
 * task fails and the queue gets none of them.
 */
public final class ErrantRecords {
  private record Refusal(SinkRecord record, DataException reason) {
    String topic() {
      return record.originalTopic();
    }
  }

  private final DeadLetters queue;
  private final FirstRecords first;

  /** How many records of each topic the batch has; empty where there is no batch. */
  private final Map<String, Long> rows;

  /** Topics of which records of the batch wait; asked when the batch was tried. */
  private final Supplier<Set<String>> waiting;

  private final ReportedOffsets reported;
  private boolean isHolding;
  private final List<Refusal> held = new ArrayList<>();

  /** The errant records of a task, for a sink that writes no batches. */
  public ErrantRecords(SinkTaskContext context, AllRefused policy) {
    this.queue = new DeadLetters(context.errantRecordReporter());
    this.first = new FirstRecords(policy);
    this.rows = Map.of();
    this.waiting = Set::of;
    this.reported = ReportedOffsets.NONE;
  }

  private ErrantRecords(
      ErrantRecords task,
      Map<String, Long> rows,
      Supplier<Set<String>> waiting,
      ReportedOffsets reported) {
    this.queue = task.queue;
    this.first = task.first;
    this.rows = rows;
    this.waiting = waiting;
    this.reported = reported;
    this.isHolding = true;
  }

  /**
   * Those of one batch of the same task, or of records that do not get into a batch.
   *
   * @param batch how many records of each topic it contains, without tombstones
   * @param waiting topics of which records wait, when the batch was tried
   * @param reported what was reported before: records that wait are read again, and so are the
   *     refused ones behind them
   */
  ErrantRecords ofBatch(
      Map<String, Long> batch, Supplier<Set<String>> waiting, ReportedOffsets reported) {
    return new ErrantRecords(this, batch, waiting, reported);
  }

  /**
   * What must be kept of a record until it is written, so that it can be reported: all of it for a
   * dead-letter queue, else only its place. A record holds the bytes that it came in and the values
   * made of them, several times what its encoded row takes.
   */
  public static UnaryOperator<SinkRecord> keeper(SinkTaskContext context) {
    return context.errantRecordReporter() == null ? ErrantRecords::place : UnaryOperator.identity();
  }

  private static SinkRecord place(SinkRecord record) {
    return new SinkRecord(
        record.originalTopic(),
        record.originalKafkaPartition(),
        null,
        null,
        null,
        null,
        record.originalKafkaOffset());
  }

  /** Whether a record counts: a tombstone fits almost every target, and proves nothing. */
  static boolean counts(SinkRecord record) {
    return record.value() != null;
  }

  /** A record is safe in the target, in a sink that writes no batches. */
  public void accepted(SinkRecord record) {
    first.accepted(record.originalTopic());
  }

  /**
   * Reports one record; the dead-letter queue is sure to have it only after {@link #await}.
   *
   * @param reason what was expected, what came, and what to do; without values
   * @throws ConnectException with the record's coordinates, when nobody takes errant records
   */
  public synchronized void report(SinkRecord record, Exception reason) {
    if (reported.contains(record)) {
      return;
    }
    DataException located =
        new DataException(coordinates(record) + ": " + reason.getMessage(), reason);
    queue.log(record, reason, located);
    Refusal refusal = new Refusal(record, located);
    reported.add(record);
    if (!counts(record) || first.isSettled(refusal.topic())) {
      queue.report(record, located);
      return;
    }
    held.add(refusal);
    if (!isHolding) {
      settle(Set.of());
    }
  }

  /**
   * Reports what was held back: all that belongs together was tried.
   *
   * @param undecided topics of which other records are on their way to the target, or wait
   * @throws ConnectException when a topic has nothing but refused records
   */
  synchronized void settle(Set<String> undecided) {
    Map<String, List<Refusal>> refused = new HashMap<>();
    held.forEach(its -> refused.computeIfAbsent(its.topic(), topic -> new ArrayList<>()).add(its));
    Set<String> topics = new HashSet<>(refused.keySet());
    Map<String, Long> tried = isHolding ? rows : Map.of();
    topics.addAll(tried.keySet());
    for (String topic : topics) {
      List<Refusal> its = refused.getOrDefault(topic, List.of());
      if (its.size() < tried.getOrDefault(topic, 0L)) {
        if (!undecided.contains(topic)) {
          first.accepted(topic);
        }
      } else {
        first.refused(topic, its.size(), its.get(0).reason().getMessage());
        if (!undecided.contains(topic)) {
          first.requireAccepted(topic);
        }
      }
    }
    isHolding = false;
    List.copyOf(held).forEach(its -> queue.report(its.record(), its.reason()));
    held.clear();
  }

  /** Logs how many records were refused that the log does not show. */
  void logRest() {
    queue.logRest();
  }

  /**
   * Waits until the dead-letter queue has what was reported. To be called before a position or an
   * offset behind it is given away: Connect itself waits only for what was reported before it asks
   * for offsets.
   *
   * @throws ConnectException when the queue does not take a record, or a topic has nothing but
   *     refused records
   */
  public void await() {
    synchronized (this) {
      if (isHolding) {
        settle(waiting.get());
      }
    }
    queue.await();
  }

  /** The place of a record in its original topic, as users look it up. */
  public static String coordinates(SinkRecord record) {
    return "topic %s, partition %d, offset %d"
        .formatted(
            record.originalTopic(), record.originalKafkaPartition(), record.originalKafkaOffset());
  }
}
