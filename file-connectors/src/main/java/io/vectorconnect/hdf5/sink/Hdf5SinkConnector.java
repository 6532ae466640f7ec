package io.vectorconnect.hdf5.sink;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.config.Problem;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
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
    return Problem.addTo(
        super.validate(connectorConfigs), connectorConfigs, () -> problem(connectorConfigs));
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

  /**
   * Refuses offsets that the files would override: a task continues behind the last file of a
   * partition, whatever Kafka has stored.
   *
   * @throws ConnectException naming the file
   */
  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<TopicPartition, Long> offsets) {
    RolledFiles files = new RolledFiles(new Hdf5SinkConfig(connectorConfig).folder());
    offsets.forEach(
        (partition, offset) ->
            files
                .last(partition)
                .filter(last -> offset == null || offset != last.last() + 1)
                .ifPresent(
                    last -> {
                      throw new ConnectException(
                          "%s continues at offset %d, behind its last file %s, whatever offset is stored. To write records again, move the files with their offsets away; to write into an empty folder, set %s"
                              .formatted(
                                  partition, last.last() + 1, last.file(), Hdf5SinkConfig.FOLDER));
                    }));
    return true;
  }

  @Override
  public void stop() {}
}
