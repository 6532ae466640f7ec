package io.vectorconnect.sink;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where records go that the target cannot take: the dead-letter queue, or the task's failure. */
public final class ErrantRecords {
  private static final Logger log = LoggerFactory.getLogger(ErrantRecords.class);

  private final ErrantRecordReporter reporter;
  private final Queue<Future<Void>> reported = new ConcurrentLinkedQueue<>();

  /** The reporter of this task's context, if a dead-letter queue is configured. */
  public ErrantRecords(SinkTaskContext context) {
    this.reporter = context.errantRecordReporter();
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

  /**
   * Reports one record; the dead-letter queue is sure to have it only after {@link #await}.
   *
   * @param reason what was expected, what came, and what to do; without values
   * @throws ConnectException with the record's coordinates, when nobody takes errant records
   */
  public void report(SinkRecord record, Exception reason) {
    DataException located =
        new DataException(coordinates(record) + ": " + reason.getMessage(), reason);
    if (reporter == null) {
      throw new ConnectException(
          located.getMessage()
              + " (no dead-letter queue is configured: errors.tolerance=all and"
              + " errors.deadletterqueue.topic.name would let the other records pass)",
          reason);
    }
    log.warn("Errant record: {}", located.getMessage());
    reported.add(reporter.report(record, located));
  }

  /**
   * Waits until the dead-letter queue has what was reported. To be called before a position or an
   * offset behind it is given away: Connect itself waits only for what was reported before it asks
   * for offsets.
   *
   * @throws ConnectException when the queue does not take a record
   */
  public void await() {
    for (Future<Void> next = reported.peek(); next != null; next = reported.peek()) {
      try {
        next.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ConnectException("interrupted while the dead-letter queue took a record", e);
      } catch (ExecutionException e) {
        throw new ConnectException(
            "the dead-letter queue did not take a record: " + e.getCause().getMessage(),
            e.getCause());
      }
      reported.poll(); // not before: a failure stays
    }
  }

  /** The place of a record in its original topic, as users look it up. */
  public static String coordinates(SinkRecord record) {
    return "topic %s, partition %d, offset %d"
        .formatted(
            record.originalTopic(), record.originalKafkaPartition(), record.originalKafkaOffset());
  }
}
