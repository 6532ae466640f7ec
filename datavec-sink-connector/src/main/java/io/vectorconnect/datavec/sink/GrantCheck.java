package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.Problem;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sql.sink.ShapeCheck;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig.ExistingTable;
import io.vectorconnect.sql.sink.SqlTable;
import io.vectorconnect.sql.sink.TableId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks whether the user may do what the configuration asks for, on the tables of its topics, and
 * whether these fit.
 */
final class GrantCheck {
  private final SqlSession session;
  private final DataVecSinkConfig config;

  GrantCheck(SqlSession session, DataVecSinkConfig config) {
    this.session = session;
    this.config = config;
  }

  /**
   * The first problem found, if any.
   *
   * @param topics the topics that are known by name; none for a regular expression
   */
  Optional<Problem> run(List<String> topics) throws SQLException {
    boolean upsert = config.rows().insertMode() == InsertMode.UPSERT;
    if (upsert && !holds("has_database_privilege(current_database(), 'TEMPORARY')")) {
      return problem(
          DataVecSinkConfig.USER,
          "User %s may not create temporary tables, which an upsert needs; GRANT TEMPORARY ON DATABASE %s"
              .formatted(config.user(), config.database()));
    }
    List<TableId> missing = new ArrayList<>();
    for (String topic : topics) {
      TableId id = config.table(topic);
      Optional<SqlTable<Column>> table = Catalog.table(session, id);
      if (table.isEmpty()) {
        missing.add(id);
        continue;
      }
      Optional<Problem> problem = check(table.get(), upsert);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return missing.isEmpty() && !topics.isEmpty() ? Optional.empty() : mayCreate(missing);
  }

  private Optional<Problem> mayCreate(List<TableId> missing) throws SQLException {
    if (!config.autoCreate()) {
      return missing.isEmpty()
          ? Optional.empty()
          : problem(
              DataVecSinkConfig.AUTO_CREATE,
              "Table %s does not exist; create it, or set auto.create=true"
                  .formatted(missing.get(0)));
    }
    String format = config.besideTheData("t").schema();
    String schema = format.isEmpty() ? Catalog.currentSchema(session) : format;
    return holds("has_schema_privilege(?, 'CREATE')", schema)
        ? Optional.empty()
        : problem(
            DataVecSinkConfig.AUTO_CREATE,
            "User %s may not create tables in schema %s; GRANT CREATE ON SCHEMA %s, or create the tables and set auto.create=false"
                .formatted(config.user(), schema, schema));
  }

  private Optional<Problem> check(SqlTable<Column> table, boolean upsert) throws SQLException {
    if (config.existingTable() == ExistingTable.FAIL) {
      return Optional.empty(); // whether the table is this connector's own is decided when it runs
    }
    List<String> needed =
        upsert ? List.of("SELECT", "INSERT", "UPDATE", "DELETE") : List.of("INSERT");
    for (String privilege : needed) {
      if (!holds(
          "has_table_privilege(?, '" + privilege + "')", DataVecDialect.NAMES.quote(table.id()))) {
        return problem(
            DataVecSinkConfig.USER,
            "User %s has not %s on table %s; GRANT %s ON it"
                .formatted(config.user(), privilege, table.id(), String.join(", ", needed)));
      }
    }
    return new ShapeCheck<>(new DataVecDialect(config), table, config).run();
  }

  private boolean holds(String condition, Object... parameters) throws SQLException {
    return session.query("SELECT " + condition, row -> row.getBoolean(1), parameters).get(0);
  }

  private static Optional<Problem> problem(String key, String message) {
    return Optional.of(new Problem(key, message));
  }
}
