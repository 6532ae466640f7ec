package io.vectorconnect.sink;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;

/** The dead-letter queue of a task, if it has one, with what is on its way there. */
final class DeadLetters {
  private final ErrantRecordReporter reporter;
  private final Queue<Future<Void>> reported = new ConcurrentLinkedQueue<>();
  private final RefusalLog log = new RefusalLog();

  /** The queue of a reporter, which is null where none is configured. */
  DeadLetters(ErrantRecordReporter reporter) {
    this.reporter = reporter;
  }

  /**
   * Logs a record that is going to be reported.
   *
   * @param located the reason, with the record's place
   * @throws ConnectException when there is no queue
   */
  void log(SinkRecord record, Exception reason, DataException located) {
    if (reporter == null) {
      throw new ConnectException(
          located.getMessage()
              + " (no dead-letter queue is configured: errors.tolerance=all and"
              + " errors.deadletterqueue.topic.name would let the other records pass)",
          reason);
    }
    log.add(record.originalTopic(), String.valueOf(reason.getMessage()), located.getMessage());
  }

  void report(SinkRecord record, DataException located) {
    reported.add(reporter.report(record, located));
  }

  /** Logs how many records were refused since the log last told it. */
  void logRest() {
    log.rest();
  }

  /**
   * Waits until the queue has what was reported.
   *
   * @throws ConnectException when it does not take a record
   */
  void await() {
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
}
