package io.vectorconnect.milvus.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.Reconciliation;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.TaskShare;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Serves its ranges in turn. */
public final class MilvusSourceTask extends SourceTask {
  private MilvusSourceConfig config;
  private MilvusClient client;
  private ReaderLoop loop;
  private Reconciliation reconciliation;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    config = new MilvusSourceConfig(properties);
    client = new MilvusClient(config.connection());
    try {
      loop = new ReaderLoop(readers(properties), config.source(), MilvusSourceTask::failure);
    } catch (MilvusException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  private List<RecordReader> readers(Map<String, String> properties) {
    List<CollectionShare> shares =
        new TaskShare(properties)
                .shares(
                    name ->
                        MilvusSourceConnector.sourcePartition(config.connection().database(), name),
                    context.offsetStorageReader())
                .stream()
                .map(share -> CollectionShare.of(share, client, config))
                .toList();
    if (!config.reconciles()) {
      return shares.stream().flatMap(share -> share.readers().stream()).toList();
    }
    reconciliation =
        Reconciliation.load(
            config.reconcile(),
            config.name(),
            shares.stream().map(CollectionShare::scope).toList());
    return shares.stream().flatMap(share -> share.readers(reconciliation).stream()).toList();
  }

  private static ReaderLoop.Failure failure(RuntimeException e) {
    if (!(e instanceof MilvusException failure)) {
      return ReaderLoop.Failure.OTHER;
    }
    return failure.kind().isTransient()
        ? ReaderLoop.Failure.TRANSIENT
        : ReaderLoop.Failure.PERMANENT;
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    return loop.poll();
  }

  /** Called by another thread, when a record is in Kafka or was left out by a transformation. */
  @Override
  public void commitRecord(SourceRecord record, RecordMetadata metadata) {
    if (reconciliation != null) {
      reconciliation.published().acknowledged(record);
    }
  }

  @Override
  public void stop() {
    if (loop != null) {
      loop.stop();
    }
    if (client != null) {
      client.close();
    }
    if (reconciliation != null) {
      reconciliation.close();
    }
  }
}
