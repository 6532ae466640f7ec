package io.vectorconnect.faiss.source;

import io.vectorconnect.files.FileFormat;
import io.vectorconnect.files.FileSourceConnector;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;

/** Reads the vectors of Faiss index files with their ids. */
public final class FaissSourceConnector extends FileSourceConnector {
  @Override
  public ConfigDef config() {
    return FaissSourceConfig.DEF;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return FaissSourceTask.class;
  }

  @Override
  protected FileFormat format(Map<String, String> properties) {
    return new FaissFormat(new FaissSourceConfig(properties));
  }
}
