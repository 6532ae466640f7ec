package io.vectorconnect.milvus.sink;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.config.EncryptionNotice;
import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.MilvusConnection;
import io.vectorconnect.milvus.sink.config.Aliases;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
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
    Map<String, String> resolved = Aliases.resolve(connectorConfigs);
    return Problem.addTo(
        super.validate(resolved), resolved, () -> ConnectionCheck.run(connectorConfigs));
  }

  @Override
  public Class<? extends Task> taskClass() {
    return MilvusSinkTask.class;
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
    String uri = MilvusSinkConfig.of(properties).connection().uri();
    EncryptionNotice.log(uri, MilvusConnection.URI, uri);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(maxTasks, properties);
  }

  @Override
  public void stop() {}
}
