package io.vectorconnect.hdf5.sink;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.config.Problem;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return Problem.addTo(super.validate(connectorConfigs), () -> problem(connectorConfigs));
  }

  private static Optional<Problem> problem(Map<String, String> connectorConfigs) {
    var folder = new Hdf5SinkConfig(connectorConfigs).folder();
    return Files.isDirectory(folder) && Files.isWritable(folder)
        ? Optional.empty()
        : Optional.of(
            new Problem(Hdf5SinkConfig.FOLDER, "There is no folder to write to at " + folder));
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
