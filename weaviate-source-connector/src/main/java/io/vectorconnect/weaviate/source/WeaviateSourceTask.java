package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.TaskShare;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Serves its ranges in turn. */
public final class WeaviateSourceTask extends SourceTask {
  private WeaviateClient client;
  private Tenants tenants;
  private ReaderLoop loop;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    WeaviateSourceConfig config = new WeaviateSourceConfig(properties);
    try {
      client =
          new WeaviateClient(
              config.connection(), config.connection().requestTimeout(), config.maxBytes());
      tenants = new Tenants(client.rest(), config.activateTenants());
      List<TaskShare.Part> parts =
          new TaskShare(properties)
              .parts(context.offsetStorageReader(), name -> Scope.parse(name).sourcePartition());
      loop =
          new ReaderLoop(
              new Readers(client, config, tenants).of(parts),
              config.retryTimeout(),
              config.retryBackoff(),
              e -> e instanceof WeaviateException failure && failure.kind().isTransient());
    } catch (RuntimeException e) {
      stop(); // Connect does not, when a start fails
      throw e instanceof WeaviateException ? new ConnectException(e.getMessage(), e) : e;
    }
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    return loop.poll();
  }

  @Override
  public void stop() {
    if (loop != null) {
      loop.stop();
    }
    if (tenants != null) {
      tenants.releaseAll();
    }
    if (client != null) {
      client.close();
    }
  }
}
