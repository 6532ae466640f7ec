package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.config.EncryptionNotice;
import io.vectorconnect.config.Problem;
import io.vectorconnect.sql.sink.position.OffsetReset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Writes records into openGauss DataVec or PostgreSQL pgvector. */
public final class DataVecSinkConnector extends SinkConnector {
  private Map<String, String> properties;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public ConfigDef config() {
    return DataVecSinkConfig.DEF;
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
    return DataVecSinkTask.class;
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
    DataVecSinkConfig config = new DataVecSinkConfig(properties);
    EncryptionNotice.log(config.host(), DataVecSinkConfig.SSL_MODE, config.sslMode());
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(maxTasks, properties);
  }

  /** With exactly_once, the positions in the target go before Connect's own offsets. */
  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<TopicPartition, Long> offsets) {
    DataVecSinkConfig config = new DataVecSinkConfig(connectorConfig);
    return OffsetReset.alter(config, new DataVecDialect(config), offsets);
  }

  @Override
  public void stop() {}
}
