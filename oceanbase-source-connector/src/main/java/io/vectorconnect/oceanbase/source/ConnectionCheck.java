package io.vectorconnect.oceanbase.source;

import io.vectorconnect.config.Problem;
import io.vectorconnect.oceanbase.Encryption;
import io.vectorconnect.oceanbase.source.OceanBaseSourceConfig.PollStrategy;
import io.vectorconnect.source.NameFilter;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.TopicNames;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;

/** Tries the server and the tables that a configuration names, before anything is started. */
final class ConnectionCheck {
  /** Long enough for a slow network, short enough for a person who waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Such as 5.7.25-OceanBase_CE-v4.3.5.1, or 5.7.25-OceanBase seekdb-v1.4.0.0. */
  private static final Pattern VERSION =
      Pattern.compile("OceanBase.*?(seekdb)?-?v(\\d+)\\.(\\d+)\\.(\\d+)");

  /** 4.3.3, the first with vectors. */
  private static final int FIRST = 4_003_003;

  private ConnectionCheck() {}

  /** The first problem found, on the key that it is about; never throws. */
  static Optional<Problem> run(OceanBaseSourceConfig config) {
    try (Session session = new Session(config, PATIENCE)) {
      Optional<Problem> version = version(session);
      return version.isPresent() ? version : tables(session, config);
    } catch (OceanBaseException e) {
      return Optional.of(new Problem(key(e), e.getMessage()));
    } catch (ConnectException e) {
      return Optional.of(new Problem(OceanBaseSourceConfig.INCLUDE, e.getMessage()));
    }
  }

  private static Optional<Problem> version(Session session) {
    String version = session.value("SELECT version()");
    Matcher matcher = VERSION.matcher(version);
    boolean fits =
        matcher.find()
            && (matcher.group(1) != null
                || Integer.parseInt(matcher.group(2)) * 1_000_000
                        + Integer.parseInt(matcher.group(3)) * 1_000
                        + Integer.parseInt(matcher.group(4))
                    >= FIRST);
    return fits
        ? Optional.empty()
        : Optional.of(
            new Problem(
                OceanBaseSourceConfig.HOST,
                "%s is %s; expected OceanBase 4.3.3 or later in MySQL mode, or seekdb"
                    .formatted(session.address(), version)));
  }

  private static Optional<Problem> tables(Session session, OceanBaseSourceConfig config) {
    List<String> existing = Table.all(session, config.database());
    NameFilter filter = config.source().names();
    if (!filter.missing(existing).isEmpty()) {
      return Optional.of(
          new Problem(
              OceanBaseSourceConfig.INCLUDE,
              "Database %s on %s has no tables %s"
                  .formatted(
                      config.database(), session.address(), filter.describeMissing(existing))));
    }
    List<String> chosen = filter.choose(existing);
    if (chosen.isEmpty()) {
      return Optional.of(
          new Problem(
              OceanBaseSourceConfig.INCLUDE,
              "No table of database %s on %s matches"
                  .formatted(config.database(), session.address())));
    }
    Optional<Problem> topic = TopicNames.problem(config.source(), "table", chosen);
    if (topic.isPresent()) {
      return topic;
    }
    for (String name : chosen) {
      Optional<Problem> problem = table(session, config, name);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<Problem> table(
      Session session, OceanBaseSourceConfig config, String name) {
    Table table = Table.describe(session, config.database(), name);
    new RecordMapper(table, config.source().topic(name), config.source());
    try {
      config.stampColumn(table);
    } catch (ConnectException e) {
      return Optional.of(new Problem(OceanBaseSourceConfig.TIMESTAMP_COLUMN, e.getMessage()));
    }
    session.query(new Sql("SELECT 1 FROM " + table.sql() + " LIMIT 1", List.of()));
    if (config.thenPoll() && config.strategy() != PollStrategy.NEW_KEYS) {
      try {
        session.query(new Sql("SELECT ora_rowscn FROM " + table.sql() + " LIMIT 1", List.of()));
      } catch (OceanBaseException e) {
        if (e.isTransient()) {
          throw e;
        }
        return Optional.of(
            new Problem(
                SourceKeys.POLL_STRATEGY,
                "%s has no ora_rowscn for table %s; use new_keys"
                    .formatted(session.address(), name)));
      }
    }
    return Optional.empty();
  }

  private static String key(OceanBaseException e) {
    return switch (e.kind()) {
      case DENIED ->
          e.getMessage().contains("to database")
              ? OceanBaseSourceConfig.DATABASE
              : OceanBaseSourceConfig.PASSWORD;
      case NO_DATABASE -> OceanBaseSourceConfig.DATABASE;
      case NO_TABLE -> OceanBaseSourceConfig.INCLUDE;
      case UNREACHABLE ->
          e.getCause() instanceof SQLException cause
              ? Encryption.key(cause).orElse(OceanBaseSourceConfig.HOST)
              : OceanBaseSourceConfig.HOST;
      case BUSY, SNAPSHOT_LOST, OUT_OF_RANGE, NOT_SUPPORTED, REFUSED -> OceanBaseSourceConfig.HOST;
    };
  }
}
