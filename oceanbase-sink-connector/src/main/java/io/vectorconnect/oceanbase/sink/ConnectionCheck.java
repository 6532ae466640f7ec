package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.config.Problem;
import io.vectorconnect.oceanbase.Encryption;
import io.vectorconnect.sink.SinkKeys;
import io.vectorconnect.sql.sink.ConfiguredTopics;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.DataException;

/** Tries the database that a configuration names, before anything is started. */
final class ConnectionCheck {
  private static final String PROBE_TOPIC = "topic";
  private static final int ACCESS_DENIED = 1045;
  private static final int DATABASE_DENIED = 1044;
  private static final int NO_DATABASE = 1049;

  private ConnectionCheck() {}

  /** The first problem found, if any; never throws. */
  static Optional<Problem> run(Map<String, String> properties) {
    OceanBaseSinkConfig config;
    try {
      config = new OceanBaseSinkConfig(properties);
    } catch (ConfigException e) {
      return Optional.of(new Problem(SinkKeys.PK_MODE, e.getMessage()));
    }
    try (OceanBaseSession session = OceanBaseSession.open(config)) {
      Optional<Problem> problem = notOceanBase(session, config);
      if (problem.isEmpty()) {
        problem = missingDatabase(session, config);
      }
      return problem.isPresent()
          ? problem
          : new TableCheck(session, config).run(ConfiguredTopics.of(properties));
    } catch (SQLException e) {
      return Optional.of(connectionProblem(e, config));
    } catch (DataException e) {
      return Optional.of(new Problem(OceanBaseSinkConfig.TABLE_NAME_FORMAT, e.getMessage()));
    }
  }

  private static Optional<Problem> notOceanBase(
      OceanBaseSession session, OceanBaseSinkConfig config) throws SQLException {
    String version = session.version();
    boolean vectors = version.contains("OceanBase");
    try {
      vectors &= !session.query("SELECT l2_distance('[1]', '[1]')", row -> 1).isEmpty();
    } catch (SQLException e) {
      vectors = false;
    }
    return vectors
        ? Optional.empty()
        : Optional.of(
            new Problem(
                OceanBaseSinkConfig.HOST,
                "%s is %s, which has no vectors; they need OceanBase from 4.3.3, a tenant in MySQL mode, or OceanBase seekdb"
                    .formatted(config.connection().address(), version)));
  }

  private static Optional<Problem> missingDatabase(
      OceanBaseSession session, OceanBaseSinkConfig config) throws SQLException {
    String database = config.table(PROBE_TOPIC).schema();
    if (database.isEmpty() || Catalog.databaseExists(session, database)) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            OceanBaseSinkConfig.TABLE_NAME_FORMAT,
            "Database %s does not exist; create it".formatted(database)));
  }

  private static Problem connectionProblem(SQLException e, OceanBaseSinkConfig config) {
    String server = config.connection().address();
    String reason = OceanBaseErrors.describe(e);
    return switch (e.getErrorCode()) {
      case ACCESS_DENIED ->
          new Problem(
              OceanBaseSinkConfig.PASSWORD,
              "%s does not let user %s in with this password: %s"
                  .formatted(server, config.user(), reason));
      case DATABASE_DENIED, NO_DATABASE ->
          new Problem(
              OceanBaseSinkConfig.DATABASE,
              "User %s has no database %s on %s: %s"
                  .formatted(config.user(), config.database(), server, reason));
      default ->
          new Problem(
              Encryption.key(e).orElse(OceanBaseSinkConfig.HOST),
              "No connection to %s within %d ms: %s"
                  .formatted(server, config.connectTimeout().toMillis(), reason));
    };
  }
}
