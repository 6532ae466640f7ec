package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sink.ErrantRecords;
import io.vectorconnect.sink.PipelineTask;
import io.vectorconnect.sink.SinkPipeline;
import java.util.Map;

/** Writes the partitions that Connect gives it. */
public final class OceanBaseSinkTask extends PipelineTask<ValueBatch> {
  @Override
  protected SinkPipeline<ValueBatch> pipeline(Map<String, String> properties) {
    OceanBaseSinkConfig config = new OceanBaseSinkConfig(properties);
    return new SinkPipeline<>(
        new OceanBaseWriter(config, ErrantRecords.keeper(context)),
        config.rows().writeSettings(),
        context);
  }
}
