package io.vectorconnect.source;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when none of the records that a task returned reaches Kafka although Kafka answers: the
 * topic is missing and nobody creates it, or no broker leads its partitions.
 *
 * <p>Connect's producer waits for such a topic without end, and the task looks as if it ran. So the
 * failure is reported in the log, as the state of the connector where that runs on the same worker,
 * and as the state of the task: the producer's wait for a topic is interrupted, which the producer
 * documents and on which Connect fails the task. A partition without a leader is not waited for in
 * that way; its records are written when it has one again.
 */
public final class DeliveryWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeliveryWatch.class);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** The worker's key: with this value, records are acknowledged at long intervals only. */
  private static final String BOUNDARY = "transaction.boundary";

  private static final String INTERVAL = "interval";

  /** How to report a failure of the connectors that run on this worker, by name. */
  private static final Map<String, Consumer<Exception>> CONNECTORS = new ConcurrentHashMap<>();

  private final String connector;
  private final Runnable readOffsets;
  private final long patienceNanos;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "vector-connect-delivery-watch");
            thread.setDaemon(true);
            return thread;
          });

  private long outstanding;
  private long quietSince;
  private String topics = "";
  private boolean isReported;

  /** The worker's thread that polls the task and sends its records; null before the first poll. */
  private Thread worker;

  private boolean isPolling;
  private boolean isInterrupted;

  /** What {@code SourceTask.poll} does. */
  @FunctionalInterface
  public interface Poll {
    /** The next records, or null. */
    List<SourceRecord> records() throws InterruptedException;
  }

  DeliveryWatch(String connector, Runnable readOffsets, Duration patience, Duration look) {
    this.connector = connector;
    this.readOffsets = readOffsets;
    this.patienceNanos = patience.toNanos();
    var unused =
        executor.scheduleWithFixedDelay(
            this::look, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The watch of a task, whose properties contain the connector's name. */
  public static DeliveryWatch of(Map<String, String> properties, SourceTaskContext context) {
    boolean isSlow = INTERVAL.equalsIgnoreCase(properties.get(BOUNDARY));
    return new DeliveryWatch(
        properties.getOrDefault("name", ""),
        () -> context.offsetStorageReader().offset(Map.of("delivery", "check")),
        isSlow ? Duration.ofDays(1) : PATIENCE,
        LOOK);
  }

  /** Registers how a connector that runs on this worker reports a failure. */
  public static void register(String connector, Consumer<Exception> raiseError) {
    CONNECTORS.put(connector, raiseError);
  }

  /** The connector has stopped. */
  public static void unregister(String connector) {
    CONNECTORS.remove(connector);
  }

  /** Polls, and takes note of what is returned; null where nothing is. */
  public List<SourceRecord> poll(Poll poll) throws InterruptedException {
    beginPoll();
    List<SourceRecord> records = null;
    try {
      records = poll.records();
      return records;
    } finally {
      endPoll(records);
    }
  }

  private synchronized void beginPoll() {
    worker = Thread.currentThread();
    isPolling = true;
    clearInterrupt(); // the topic came at the very moment
  }

  private synchronized void endPoll(List<SourceRecord> records) {
    isPolling = false;
    if (records != null && !records.isEmpty()) {
      if (outstanding == 0) {
        quietSince = System.nanoTime();
      }
      outstanding += records.size();
      topics =
          records.stream()
              .map(SourceRecord::topic)
              .collect(Collectors.toCollection(TreeSet::new))
              .toString();
    }
  }

  /** So that the interrupt ends nothing but the wait for the topic. */
  private void clearInterrupt() {
    if (isInterrupted && Thread.currentThread() == worker) {
      isInterrupted = false;
      boolean ignored = Thread.interrupted();
    }
  }

  /** A record is in Kafka, or was left out by a transformation. */
  public synchronized void acknowledged() {
    outstanding = Math.max(0, outstanding - 1);
    quietSince = System.nanoTime();
    if (isReported) {
      isReported = false;
      log.info("Records of connector {} are written again; restart it if it has failed", connector);
    }
  }

  private synchronized boolean isStuck() {
    return outstanding > 0 && System.nanoTime() - quietSince > patienceNanos;
  }

  private void look() {
    if (!isStuck()) {
      return;
    }
    try {
      readOffsets.run(); // waits while Kafka does not answer
    } catch (RuntimeException e) {
      return; // Kafka is the problem, or the task has ended
    }
    if (isStuck()) {
      report();
      interruptWait();
    }
  }

  private synchronized void interruptWait() {
    if (worker != null && !isPolling && !isInterrupted && waitsForTopic(worker)) {
      isInterrupted = true;
      worker.interrupt();
    }
  }

  /** Whether a thread is where the producer waits for a topic that does not exist. */
  private static boolean waitsForTopic(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals("org.apache.kafka.clients.producer.KafkaProducer")
                    && frame.getMethodName().equals("waitOnMetadata"));
  }

  private void report() {
    ConnectException e;
    synchronized (this) {
      if (isReported) {
        return;
      }
      isReported = true;
      e =
          new ConnectException(
              "none of %d records for topics %s was written within %d s, although Kafka answers: a topic is missing and is not created, or its partitions have no leader. Create it, or set topic.creation.default.partitions and topic.creation.default.replication.factor in the connector's configuration"
                  .formatted(outstanding, topics, TimeUnit.NANOSECONDS.toSeconds(patienceNanos)));
    }
    Consumer<Exception> raiseError = CONNECTORS.get(connector);
    log.error("Connector {}: {}", connector, e.getMessage());
    if (raiseError != null) {
      raiseError.accept(e);
    }
  }

  @Override
  public synchronized void close() {
    executor.shutdownNow();
    clearInterrupt(); // what closes the task's clients may wait, and Connect stores the state
  }
}
