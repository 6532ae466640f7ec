package io.vectorconnect.milvus.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.TaskShare;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Serves its ranges in turn. */
public final class MilvusSourceTask extends SourceTask {
  private MilvusClient client;
  private ReaderLoop loop;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    MilvusSourceConfig config = new MilvusSourceConfig(properties);
    client = new MilvusClient(config.connection());
    try {
      loop =
          new ReaderLoop(
              readers(config, new TaskShare(properties)),
              config.retryTimeout(),
              config.retryBackoff(),
              e -> e instanceof MilvusException failure && failure.kind().isTransient());
    } catch (MilvusException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  /** Readers of this task's ranges, each where its offset says. */
  private List<RangeReader> readers(MilvusSourceConfig config, TaskShare share) {
    long guarantee = client.guaranteeNow();
    Map<String, Collection> collections = new HashMap<>();
    List<RangeReader> readers = new ArrayList<>();
    for (TaskShare.Part part :
        share.parts(context.offsetStorageReader(), config::sourcePartition)) {
      Collection collection =
          collections.computeIfAbsent(part.collection(), name -> Collection.describe(client, name));
      readers.add(
          new RangeReader(client, collection, part.offsets(), part.range(), config, guarantee));
    }
    return readers;
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
    if (client != null) {
      client.close();
    }
  }
}
