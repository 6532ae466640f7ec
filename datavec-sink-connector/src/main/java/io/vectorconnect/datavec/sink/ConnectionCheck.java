package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.Problem;
import io.vectorconnect.sink.SinkKeys;
import io.vectorconnect.sql.sink.ConfiguredTopics;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.DataException;

/** Tries the database that a configuration names, before anything is started. */
final class ConnectionCheck {
  private static final String PROBE_TOPIC = "topic";

  private ConnectionCheck() {}

  /** The first problem found, if any; never throws. */
  static Optional<Problem> run(Map<String, String> properties) {
    DataVecSinkConfig config;
    try {
      config = new DataVecSinkConfig(properties);
    } catch (ConfigException e) {
      return Optional.of(new Problem(SinkKeys.PK_MODE, e.getMessage()));
    }
    try (Session session = Session.open(config)) {
      Optional<Problem> problem = missingTypes(session, config);
      if (problem.isEmpty()) {
        problem = missingSchema(session, config);
      }
      return problem.isPresent()
          ? problem
          : new GrantCheck(session, config).run(ConfiguredTopics.of(properties));
    } catch (SQLException e) {
      return Optional.of(connectionProblem(e, config));
    } catch (DataException e) {
      return Optional.of(new Problem(DataVecSinkConfig.TABLE_NAME_FORMAT, e.getMessage()));
    }
  }

  private static Optional<Problem> missingTypes(Session session, DataVecSinkConfig config)
      throws SQLException {
    if (Catalog.vectorTypes(session).contains("vector")) {
      return Optional.empty();
    }
    String fix =
        session.dialect() == Dialect.OPENGAUSS
            ? "openGauss has it built in from 6.0.3: use a newer server"
            : "let a superuser run CREATE EXTENSION vector in it (pgvector)";
    return Optional.of(
        new Problem(
            DataVecSinkConfig.DATABASE,
            "Database %s has no type vector; %s".formatted(config.database(), fix)));
  }

  private static Optional<Problem> missingSchema(Session session, DataVecSinkConfig config)
      throws SQLException {
    String schema = config.table(PROBE_TOPIC).schema();
    if (schema.isEmpty() || Catalog.schemaExists(session, schema)) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            DataVecSinkConfig.TABLE_NAME_FORMAT,
            "Schema %s does not exist in database %s; create it"
                .formatted(schema, config.database())));
  }

  private static Problem connectionProblem(SQLException e, DataVecSinkConfig config) {
    String state = String.valueOf(e.getSQLState());
    String server = "%s:%d".formatted(config.host(), config.port());
    String reason = String.valueOf(e.getMessage());
    return switch (state) {
      case "28P01" ->
          new Problem(
              DataVecSinkConfig.PASSWORD,
              "%s refused the password of user %s: %s".formatted(server, config.user(), reason));
      case "28000" ->
          new Problem(
              DataVecSinkConfig.USER,
              "%s does not let user %s in: %s".formatted(server, config.user(), reason));
      case "3D000" ->
          new Problem(
              DataVecSinkConfig.DATABASE,
              "There is no database %s on %s".formatted(config.database(), server));
      case "08001", "08004", "08006" ->
          new Problem(
              reason.toLowerCase(Locale.ROOT).contains("ssl")
                  ? DataVecSinkConfig.SSL_MODE
                  : DataVecSinkConfig.HOST,
              "No connection to %s within %d ms: %s"
                  .formatted(server, config.connectTimeout().toMillis(), reason));
      default ->
          new Problem(
              DataVecSinkConfig.HOST, "%s: %s (SQLState %s)".formatted(server, reason, state));
    };
  }
}
