package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.ErrantRecords;
import io.vectorconnect.sink.PipelineTask;
import io.vectorconnect.sink.SinkPipeline;
import java.util.Map;

/** Writes the partitions that Connect gives it. */
public final class DataVecSinkTask extends PipelineTask<CopyBatch> {
  @Override
  protected SinkPipeline<CopyBatch> pipeline(Map<String, String> properties) {
    DataVecSinkConfig config = new DataVecSinkConfig(properties);
    return new SinkPipeline<>(
        new DataVecWriter(config, ErrantRecords.keeper(context)),
        config.rows().writeSettings(),
        context);
  }
}
