package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.Reconciliation;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.TaskShare;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Serves its ranges in turn. */
public final class WeaviateSourceTask extends SourceTask {
  /** When scans begin that have no offsets yet: milliseconds since 1970, by the server's clock. */
  static final String SINCE = "task.since";

  private volatile WeaviateClient client;
  private volatile Tenants tenants;
  private volatile Reconciliation reconciliation;
  private ReaderLoop loop;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  /** Connects to nothing: the first poll does, which may try again. */
  @Override
  public void start(Map<String, String> properties) {
    WeaviateSourceConfig config = new WeaviateSourceConfig(properties);
    loop =
        new ReaderLoop(
            () -> open(config, properties), config.source(), WeaviateSourceTask::failure);
  }

  private List<? extends RecordReader> open(
      WeaviateSourceConfig config, Map<String, String> properties) {
    try {
      client =
          new WeaviateClient(
              config.connection(), config.connection().requestTimeout(), config.maxBytes());
      if (tenants == null) { // after a failure, those that were activated are still to be put back
        tenants = new Tenants(client.rest(), config.activateTenants());
      }
      return config.dryRun() ? DryRun.readers(client, config) : ranges(config, properties);
    } catch (RuntimeException e) {
      closeClient(); // the next one looks for gRPC again
      throw e;
    }
  }

  private List<RecordReader> ranges(WeaviateSourceConfig config, Map<String, String> properties) {
    Readers readers = new Readers(client, config, tenants, properties.get(SINCE));
    try {
      return readers.of(
          new TaskShare(properties)
              .shares(name -> Scope.parse(name).sourcePartition(), context.offsetStorageReader()));
    } finally {
      closeReconciliation(); // of an attempt before
      reconciliation = readers.reconciliation().orElse(null);
    }
  }

  private void closeReconciliation() {
    if (reconciliation != null) {
      reconciliation.close();
    }
  }

  /** Called by another thread, when a record is in Kafka or was left out by a transformation. */
  @Override
  public void commitRecord(SourceRecord record, RecordMetadata metadata) {
    if (reconciliation != null) {
      reconciliation.published().acknowledged(record);
    }
  }

  private static ReaderLoop.Failure failure(RuntimeException e) {
    if (!(e instanceof WeaviateException failure)) {
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

  @Override
  public void stop() {
    if (loop != null) {
      loop.stop(); // its readers put their tenants back
    }
    if (tenants != null) {
      tenants.releaseAll();
    }
    closeClient();
    closeReconciliation();
  }

  private void closeClient() {
    if (client != null) {
      client.close();
    }
  }
}
