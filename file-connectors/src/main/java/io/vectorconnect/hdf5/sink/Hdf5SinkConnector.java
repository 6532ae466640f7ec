package io.vectorconnect.hdf5.sink;

import io.vectorconnect.config.ConnectorVersion;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Writes topics as HDF5 files. */
public final class Hdf5SinkConnector extends SinkConnector {
  private Map<String, String> properties;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public ConfigDef config() {
    return Hdf5SinkConfig.DEF;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return Hdf5SinkTask.class;
  }

  /** Checks the keys, and then whether the folder can be written to. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    Config validated = super.validate(connectorConfigs);
    if (validated.configValues().stream().allMatch(value -> value.errorMessages().isEmpty())) {
      var folder = new Hdf5SinkConfig(connectorConfigs).folder();
      if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
        validated.configValues().stream()
            .filter(value -> value.name().equals(Hdf5SinkConfig.FOLDER))
            .forEach(value -> value.addErrorMessage("There is no folder to write to at " + folder));
      }
    }
    return validated;
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return new ArrayList<>(Collections.nCopies(maxTasks, properties));
  }

  @Override
  public void stop() {}
}
