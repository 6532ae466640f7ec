package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.source.DeliveryWatch;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.range.TaskShare;
import io.vectorconnect.source.reconcile.Reconciliation;
import io.vectorconnect.weaviate.source.client.WeaviateClient;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.scan.Readers;
import io.vectorconnect.weaviate.source.scan.Tenants;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private volatile boolean isStopped;
  private ReaderLoop loop;
  private DeliveryWatch delivery;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  /** Connects to nothing: the first poll does, which may try again. */
  @Override
  public void start(Map<String, String> properties) {
    WeaviateSourceConfig config = new WeaviateSourceConfig(properties);
    Optional<TaskShare> share =
        config.dryRun() ? Optional.empty() : Optional.of(new TaskShare(properties));
    delivery = DeliveryWatch.of(properties, context);
    loop =
        new ReaderLoop(
            () -> open(config, share, properties.get(SINCE)),
            config.source(),
            WeaviateSourceTask::failure);
  }

  private List<? extends RecordReader> open(
      WeaviateSourceConfig config, Optional<TaskShare> share, String since) {
    try {
      client =
          new WeaviateClient(
              config.connection(), config.connection().requestTimeout(), config.maxBytes());
      if (tenants == null) { // after a failure, those that were activated are still to be put back
        tenants = new Tenants(client.rest(), config.activateTenants());
      }
      return share.isPresent()
          ? ranges(config, share.get(), since)
          : DryRun.readers(client, config);
    } catch (RuntimeException e) {
      closeClient(); // the next one looks for gRPC again
      throw e;
    } finally {
      if (isStopped) { // what was opened while the task was being stopped
        closeClient();
        closeReconciliation();
      }
    }
  }

  private List<RecordReader> ranges(WeaviateSourceConfig config, TaskShare share, String since) {
    Readers readers = new Readers(client, config, tenants, since);
    try {
      return readers.of(
          share.shares(name -> Scope.parse(name).unit(), context.offsetStorageReader()));
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
    delivery.acknowledged();
    if (reconciliation != null) {
      reconciliation.published().acknowledged(record);
    }
  }

  static ReaderLoop.Failure failure(RuntimeException e) {
    if (!(e instanceof WeaviateException failure)) {
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

  @Override
  public void stop() {
    isStopped = true;
    if (loop != null) {
      delivery.close(); // first: it clears an interrupt
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
