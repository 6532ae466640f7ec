package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.sink.ErrantRecords;
import io.vectorconnect.sink.SinkPipeline;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** Hands records to the pipeline. */
public final class DataVecSinkTask extends SinkTask {
  private SinkPipeline<RowBatch> pipeline;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    DataVecSinkConfig config = new DataVecSinkConfig(properties);
    pipeline =
        new SinkPipeline<>(
            new DataVecWriter(config, ErrantRecords.keeper(context)),
            config.rows().writeSettings(),
            context);
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    pipeline.put(records);
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> currentOffsets) {
    return pipeline.preCommit(currentOffsets);
  }

  @Override
  public void close(Collection<TopicPartition> partitions) {
    pipeline.closePartitions(partitions);
  }

  @Override
  public void stop() {
    if (pipeline != null) {
      pipeline.close();
    }
  }
}
