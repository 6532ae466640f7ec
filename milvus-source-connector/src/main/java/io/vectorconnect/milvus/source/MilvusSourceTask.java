package io.vectorconnect.milvus.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Serves its ranges in turn. */
public final class MilvusSourceTask extends SourceTask {
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private MilvusSourceConfig config;
  private MilvusClient client;
  private List<Reader> readers = List.of();
  private int turn;
  private long failingSince;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    config = new MilvusSourceConfig(properties);
    client = new MilvusClient(config.connection());
    try {
      readers = new TaskShare(properties).readers(client, config, context.offsetStorageReader());
    } catch (MilvusException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    for (int i = 0; i < readers.size(); i++) {
      Reader reader = readers.get(turn);
      turn = (turn + 1) % readers.size();
      if (reader.isDone() || reader.idleNanos() > 0) {
        continue;
      }
      List<SourceRecord> records = read(reader);
      if (!records.isEmpty()) {
        return records;
      }
    }
    waitForWork();
    return null;
  }

  private List<SourceRecord> read(Reader reader) throws InterruptedException {
    try {
      List<SourceRecord> records = reader.next();
      failingSince = 0;
      return records;
    } catch (MilvusException e) {
      if (!e.kind().isTransient()) {
        throw new ConnectException(e.getMessage(), e);
      }
      long now = System.nanoTime();
      failingSince = failingSince == 0 ? now : failingSince;
      if (now - failingSince > config.retryTimeout().toNanos()) {
        throw new ConnectException(
            "gave up after retry.timeout.ms=%d: %s"
                .formatted(config.retryTimeout().toMillis(), e.getMessage()),
            e);
      }
      pause(config.retryBackoff().toNanos());
      throw new RetriableException(e.getMessage(), e);
    }
  }

  private void waitForWork() throws InterruptedException {
    long idle = MAX_WAIT_NANOS;
    for (Reader reader : readers) {
      idle = reader.isDone() ? idle : Math.min(idle, reader.idleNanos());
    }
    pause(idle);
  }

  /** Waits, but not beyond {@link #stop}. */
  private void pause(long nanos) throws InterruptedException {
    if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
      readers = List.of();
    }
  }

  @Override
  public void stop() {
    stopped.countDown();
    readers.forEach(Reader::close);
    if (client != null) {
      client.close();
    }
  }
}
