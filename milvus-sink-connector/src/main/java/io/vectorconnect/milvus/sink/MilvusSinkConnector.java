package io.vectorconnect.milvus.sink;

import io.vectorconnect.config.ConnectorVersion;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Writes records into Milvus or Zilliz Cloud. */
public final class MilvusSinkConnector extends SinkConnector {
  private Map<String, String> properties;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public ConfigDef config() {
    return MilvusSinkConfig.DEF;
  }

  /** Checks the keys, and then, if each is right by itself, the server that they name. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    Config config = super.validate(Aliases.resolve(connectorConfigs));
    if (config.configValues().stream().allMatch(value -> value.errorMessages().isEmpty())) {
      ConnectionCheck.run(connectorConfigs)
          .ifPresent(
              problem ->
                  config.configValues().stream()
                      .filter(value -> value.name().equals(problem.key()))
                      .forEach(value -> value.addErrorMessage(problem.message())));
    }
    return config;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return MilvusSinkTask.class;
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
    MilvusSinkConfig.of(properties);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(maxTasks, properties);
  }

  @Override
  public void stop() {}
}
