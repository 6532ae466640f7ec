package io.vectorconnect.hdf5.source;

import io.vectorconnect.files.FileFormat;
import io.vectorconnect.files.FileSourceConnector;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;

/** Reads datasets of HDF5 files, a record for each row. */
public final class Hdf5SourceConnector extends FileSourceConnector {
  @Override
  public ConfigDef config() {
    return Hdf5SourceConfig.DEF;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return Hdf5SourceTask.class;
  }

  @Override
  protected FileFormat format(Map<String, String> properties) {
    return new Hdf5Format(new Hdf5SourceConfig(properties));
  }
}
