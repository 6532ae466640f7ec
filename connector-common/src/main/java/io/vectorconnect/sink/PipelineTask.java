package io.vectorconnect.sink;

import io.vectorconnect.config.ConnectorVersion;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/**
 * A sink task: Connect's calls, handed to a {@link SinkPipeline}.
 *
 * @param <B> the sink's batch
 */
public abstract class PipelineTask<B extends Batch> extends SinkTask {
  private SinkPipeline<B> pipeline;

  /** Makes the pipeline of a task with this configuration and {@link #context}. */
  protected abstract SinkPipeline<B> pipeline(Map<String, String> properties);

  @Override
  public final String version() {
    return ConnectorVersion.get();
  }

  @Override
  public final void start(Map<String, String> properties) {
    pipeline = pipeline(properties);
  }

  @Override
  public final void put(Collection<SinkRecord> records) {
    pipeline.put(records);
  }

  @Override
  public final Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> currentOffsets) {
    return pipeline.preCommit(currentOffsets);
  }

  @Override
  public final void open(Collection<TopicPartition> partitions) {
    pipeline.openPartitions();
  }

  @Override
  public final void close(Collection<TopicPartition> partitions) {
    pipeline.closePartitions(partitions);
  }

  @Override
  public final void stop() {
    if (pipeline != null) {
      pipeline.close();
    }
  }
}
