package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.TaskShare;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Serves its ranges in turn. */
public final class WeaviateSourceTask extends SourceTask {
  /** When scans begin that have no offsets yet: milliseconds since 1970, by the server's clock. */
  static final String SINCE = "task.since";

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
      Readers readers = new Readers(client, config, tenants, properties.get(SINCE));
      List<RangeReader> ranges =
          new TaskShare(properties)
                  .readers(
                      name -> Scope.parse(name).sourcePartition(),
                      context.offsetStorageReader(),
                      readers::reader)
                  .stream()
                  .flatMap(Optional::stream)
                  .toList();
      loop = new ReaderLoop(ranges, config.source(), WeaviateSourceTask::failure);
    } catch (RuntimeException e) {
      stop(); // Connect does not, when a start fails
      throw e instanceof WeaviateException ? new ConnectException(e.getMessage(), e) : e;
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
    } else if (tenants != null) {
      tenants.releaseAll();
    }
    if (client != null) {
      client.close();
    }
  }
}
