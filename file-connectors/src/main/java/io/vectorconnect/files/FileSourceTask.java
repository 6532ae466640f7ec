package io.vectorconnect.files;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.source.DeliveryWatch;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Reads its files one after another, so that one is open at a time. */
public abstract class FileSourceTask extends SourceTask {
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<Path, FileReader> readers = new HashMap<>();
  private final Deque<FileReader> waiting = new ArrayDeque<>();
  private FileFormat format;
  private TaskFiles files;
  private DeliveryWatch delivery;
  private SnapshotMarker marker = SnapshotMarker.TRUE;
  private long nextLook;

  /** The kind of file that a configuration is about. */
  protected abstract FileFormat format(Map<String, String> properties);

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    format = format(properties);
    files = new TaskFiles(format, properties);
    nextLook = System.nanoTime();
    delivery = DeliveryWatch.of(properties, context);
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    List<SourceRecord> records = read();
    if (!records.isEmpty()) {
      return delivery.returned(records);
    }
    long idle = format.keys().follow() ? nextLook - System.nanoTime() : MAX_WAIT_NANOS;
    boolean ignored = stopped.await(Math.min(idle, MAX_WAIT_NANOS), TimeUnit.NANOSECONDS);
    return null;
  }

  @Override
  public void commitRecord(SourceRecord record, RecordMetadata metadata) {
    delivery.acknowledged();
  }

  /** The next records of any file, or none for now. */
  private synchronized List<SourceRecord> read() {
    if (waiting.isEmpty() && stopped.getCount() > 0) {
      look();
    }
    while (!waiting.isEmpty()) {
      List<SourceRecord> records = waiting.peek().next();
      if (!records.isEmpty()) {
        return records;
      }
      waiting.remove();
    }
    return List.of();
  }

  /** Looks for files that have rows to read. */
  private void look() {
    boolean follow = format.keys().follow();
    long now = System.nanoTime();
    if (nextLook - now > 0 || (!follow && !readers.isEmpty())) {
      return;
    }
    for (Path file : files.list()) {
      FileSet.Stamp stamp = FileSet.stamp(file);
      FileReader reader = readers.computeIfAbsent(file, this::reader);
      boolean settled = !follow || stamp.isOlderThan(format.keys().pollInterval());
      if (settled && reader.isChanged(stamp)) {
        waiting.add(reader);
      }
    }
    marker = SnapshotMarker.FALSE; // files that come from now on are no part of the snapshot
    nextLook = now + format.keys().pollInterval().toNanos();
  }

  private FileReader reader(Path file) {
    long next = FileOffsets.next(context.offsetStorageReader(), format.keys().topics(), file);
    return new FileReader(format, file, next, marker);
  }

  @Override
  public void stop() {
    stopped.countDown();
    if (delivery != null) {
      delivery.close();
    }
    synchronized (this) {
      waiting.clear();
      readers.values().forEach(FileReader::close);
    }
  }
}
