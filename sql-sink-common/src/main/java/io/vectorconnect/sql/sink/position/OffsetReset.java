package io.vectorconnect.sql.sink.position;

import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Does to the positions in the target what Connect's REST API is told about a connector's offsets.
 */
public final class OffsetReset {
  private OffsetReset() {}

  /**
   * Alters or resets positions; to be called from {@code SinkConnector.alterOffsets}.
   *
   * @param offsets where each partition goes on; null where it starts over
   * @return whether the connector keeps positions in the target at all
   * @throws ConnectException when the database does not take it
   */
  public static boolean alter(
      SqlSinkConfig config, SqlDialect<?, ?> dialect, Map<TopicPartition, Long> offsets) {
    if (!config.exactlyOnce()) {
      return false;
    }
    try (SqlSession session = dialect.open()) {
      try {
        new Positions(config, dialect).alter(session, offsets);
        return true;
      } catch (SQLException e) {
        throw failed(session.describe(e));
      }
    } catch (SQLException e) {
      throw failed(e.getMessage());
    }
  }

  private static ConnectException failed(String reason) {
    return new ConnectException(
        "the positions in the target's table %s are as they were: %s"
            .formatted(Positions.TABLE, reason));
  }
}
