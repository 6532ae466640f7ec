package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.config.EncryptionNotice;
import io.vectorconnect.config.Problem;
import io.vectorconnect.oceanbase.Encryption;
import io.vectorconnect.oceanbase.OceanBaseConnection;
import io.vectorconnect.sql.sink.position.OffsetReset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Writes records into OceanBase in MySQL mode, or OceanBase seekdb. */
public final class OceanBaseSinkConnector extends SinkConnector {
  private Map<String, String> properties;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public ConfigDef config() {
    return OceanBaseSinkConfig.DEF;
  }

  /** Checks the keys, and then, if each is right by itself, the database that they name. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    return Problem.addTo(
        super.validate(connectorConfigs),
        connectorConfigs,
        () -> ConnectionCheck.run(connectorConfigs));
  }

  @Override
  public Class<? extends Task> taskClass() {
    return OceanBaseSinkTask.class;
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
    OceanBaseConnection connection = new OceanBaseSinkConfig(properties).connection();
    EncryptionNotice.log(connection.address(), Encryption.SSL_MODE, connection.encryption().mode());
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(maxTasks, properties);
  }

  /** With exactly_once, the positions in the target go before Connect's own offsets. */
  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<TopicPartition, Long> offsets) {
    OceanBaseSinkConfig config = new OceanBaseSinkConfig(connectorConfig);
    return OffsetReset.alter(config, new OceanBaseDialect(config), offsets);
  }

  @Override
  public void stop() {}
}
