package io.vectorconnect.milvus.source.log;

import io.vectorconnect.source.RecordReader;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Stores where the changes of ranges start before the first row of them is read, where no consumer
 * group can keep it. Rows that are deleted after a crash without a stored start would stay in the
 * target for good.
 *
 * <p>It sends heartbeats whose offsets contain the starts, and waits until Connect has stored them:
 * the offsets of acknowledged records are stored with the next flush, but one flush may already
 * run. So it waits for two.
 */
public final class StoredStart implements RecordReader {
  private static final int FLUSHES = 2;

  /** A worker with exactly-once support flushes only after records. */
  private static final Duration REPEAT = Duration.ofSeconds(5);

  private final Supplier<List<SourceRecord>> heartbeats;
  private final Set<Map<String, ?>> unacknowledged = new HashSet<>();
  private boolean sent;
  private int flushes;
  private long nextHeartbeat = System.nanoTime();

  /**
   * A start.
   *
   * @param heartbeats a record for each range
   */
  public StoredStart(Supplier<List<SourceRecord>> heartbeats) {
    this.heartbeats = heartbeats;
  }

  @Override
  public synchronized boolean isDone() {
    return flushes >= FLUSHES;
  }

  @Override
  public synchronized long idleNanos() {
    return Math.max(0, nextHeartbeat - System.nanoTime());
  }

  @Override
  public synchronized List<SourceRecord> next() {
    List<SourceRecord> records = heartbeats.get();
    if (!sent) {
      sent = true;
      records.forEach(record -> unacknowledged.add(record.sourcePartition()));
    }
    nextHeartbeat = System.nanoTime() + REPEAT.toNanos();
    return records;
  }

  /** Called when a record is in Kafka. */
  public synchronized void acknowledged(SourceRecord record) {
    unacknowledged.remove(record.sourcePartition());
  }

  /** Called when Connect has stored offsets. */
  public synchronized void flushed() {
    if (sent && unacknowledged.isEmpty()) {
      flushes++;
    }
  }

  /** A reader that waits until the start is stored. */
  public RecordReader before(RecordReader reader) {
    return new RecordReader() {
      @Override
      public boolean isDone() {
        return reader.isDone();
      }

      @Override
      public long idleNanos() {
        return StoredStart.this.isDone() ? reader.idleNanos() : Long.MAX_VALUE;
      }

      @Override
      public List<SourceRecord> next() {
        return reader.next();
      }

      @Override
      public void close() {
        reader.close();
      }
    };
  }
}
