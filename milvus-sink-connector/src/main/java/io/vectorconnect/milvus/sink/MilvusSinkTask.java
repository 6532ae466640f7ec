package io.vectorconnect.milvus.sink;

import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.row.RowBatch;
import io.vectorconnect.sink.ErrantRecords;
import io.vectorconnect.sink.PipelineTask;
import io.vectorconnect.sink.SinkPipeline;
import java.util.Map;

/** Writes the partitions that Connect gives it. */
public final class MilvusSinkTask extends PipelineTask<RowBatch> {
  @Override
  protected SinkPipeline<RowBatch> pipeline(Map<String, String> properties) {
    MilvusSinkConfig config = MilvusSinkConfig.of(properties);
    return new SinkPipeline<>(
        new MilvusWriter(config, ErrantRecords.keeper(context)),
        config.rows().writeSettings(),
        context);
  }
}
