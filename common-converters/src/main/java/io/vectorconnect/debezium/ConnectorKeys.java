package io.vectorconnect.debezium;

import io.debezium.config.Configuration;
import io.vectorconnect.data.UnavailableValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of Debezium's PostgreSQL connector that decide whether values arrive as they are. */
record ConnectorKeys(Configuration config) {
  private static final String UNKNOWN_TYPES = "include.unknown.datatypes";
  private static final String PLACEHOLDER = "unavailable.value.placeholder";
  private static final String ON_FAILURE = "event.converting.failure.handling.mode";

  private String value(String key, String byDefault) {
    return config.getString(key, byDefault).trim().toLowerCase(Locale.ROOT);
  }

  /** Scans contain values of types that Debezium does not know; changes need a key for them. */
  boolean sendsUnknownTypes() {
    return value(UNKNOWN_TYPES, "false").equals("true") || !streams();
  }

  boolean sendsIntervalsExactly() {
    return value("interval.handling.mode", "numeric").equals("string")
        || value("time.precision.mode", "adaptive").equals("structured");
  }

  /** Whether a table that is new at a restart is expected with its rows, and would come without. */
  boolean losesRowsOfNewTables() {
    return switch (value("snapshot.mode", "initial")) {
      case "no_data", "never", "recovery", "always" -> false;
      case "configuration_based" ->
          value("snapshot.mode.configuration.based.snapshot.data", "false").equals("true");
      default -> true;
    };
  }

  /** Whether the connector reads changes after its scan. */
  boolean streams() {
    return !value("snapshot.mode", "initial").equals("initial_only");
  }

  boolean hasPublication() {
    return value("plugin.name", "decoderbufs").equals("pgoutput");
  }

  String publication() {
    return config.getString("publication.name", "dbz_publication").trim();
  }

  String publicationMode() {
    return value("publication.autocreate.mode", "all_tables");
  }

  /** Letters of the operations that are not wanted: {@code c}, {@code u}, {@code d}, {@code t}. */
  Set<String> skippedOperations() {
    return Arrays.stream(value("skipped.operations", "t").split(","))
        .map(String::trim)
        .collect(Collectors.toSet());
  }

  /** Settings that lose values whatever the tables are. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!value(ON_FAILURE, "warn").equals("fail")) {
      problems.add(
          "a value that cannot be converted becomes NULL; set %s=fail".formatted(ON_FAILURE));
    }
    if (!UnavailableValue.TEXT.equals(config.getString(PLACEHOLDER, UnavailableValue.TEXT))) {
      problems.add(
          "the sinks do not recognize another placeholder than Debezium's default; remove %s"
              .formatted(PLACEHOLDER));
    }
    return problems;
  }

  /** What to say of a column whose changes do not contain its value. */
  static String problemOfUnknownType(String table, String column, String type) {
    return "column %s of table %s: changes do not contain values of type %s; set %s=true, and they arrive as text"
        .formatted(column, table, type, UNKNOWN_TYPES);
  }
}
