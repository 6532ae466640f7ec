package io.vectorconnect.milvus.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.log.StoredStart;
import io.vectorconnect.source.DeliveryWatch;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.range.TaskShare;
import io.vectorconnect.source.reconcile.Reconciliation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Serves its ranges in turn. */
public final class MilvusSourceTask extends SourceTask {
  private MilvusSourceConfig config;
  private volatile boolean isStopped;
  private volatile MilvusClient client;
  private ReaderLoop loop;
  private DeliveryWatch delivery;
  private volatile Reconciliation reconciliation;
  private volatile List<StoredStart> starts = List.of();

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  /** Connects to nothing. The first poll does, and may try again. */
  @Override
  public void start(Map<String, String> properties) {
    config = new MilvusSourceConfig(properties);
    TaskShare share = new TaskShare(properties);
    delivery = DeliveryWatch.of(properties, context);
    loop = new ReaderLoop(() -> open(share), config.source(), MilvusSourceTask::failure);
  }

  private List<RecordReader> open(TaskShare share) {
    try {
      client = new MilvusClient(config.connection());
      return readers(share);
    } catch (RuntimeException e) {
      closeAll(); // the next attempt opens others
      throw e;
    } finally {
      if (isStopped) {
        closeAll(); // what was opened while the task was being stopped
      }
    }
  }

  private List<RecordReader> readers(TaskShare share) {
    List<CollectionShare> shares =
        share.shares(config::unit, context.offsetStorageReader()).stream()
            .map(its -> CollectionShare.of(its, client, config))
            .toList();
    if (!config.reconciles()) {
      List<RecordReader> readers = shares.stream().flatMap(its -> its.readers().stream()).toList();
      starts =
          readers.stream()
              .filter(StoredStart.class::isInstance)
              .map(StoredStart.class::cast)
              .toList();
      return readers;
    }
    reconciliation =
        Reconciliation.load(
            config.reconcile(),
            config.name(),
            shares.stream().map(CollectionShare::scope).toList());
    return shares.stream().flatMap(its -> its.readers(reconciliation).stream()).toList();
  }

  static ReaderLoop.Failure failure(RuntimeException e) {
    if (!(e instanceof MilvusException failure)) {
      return ReaderLoop.Failure.OTHER;
    }
    return failure.kind().isTransient()
        ? ReaderLoop.Failure.TRANSIENT
        : ReaderLoop.Failure.PERMANENT;
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    return delivery.poll(loop::poll);
  }

  /** Called by another thread, when a record is in Kafka or was left out by a transformation. */
  @Override
  public void commitRecord(SourceRecord record, RecordMetadata metadata) {
    delivery.acknowledged();
    starts.forEach(start -> start.acknowledged(record));
    if (reconciliation != null) {
      reconciliation.published().acknowledged(record);
    }
  }

  /** Called by another thread, when Connect has stored offsets. */
  @Override
  public void commit() {
    starts.forEach(StoredStart::flushed);
  }

  @Override
  public void stop() {
    isStopped = true;
    closeClient(); // a call that the server does not answer ends with its channel
    if (loop != null) {
      delivery.close(); // first: it clears an interrupt
      loop.stop();
    }
    closeAll();
  }

  private void closeClient() {
    if (client != null) {
      client.close();
    }
  }

  private void closeAll() {
    closeClient();
    if (reconciliation != null) {
      reconciliation.close();
    }
  }
}
