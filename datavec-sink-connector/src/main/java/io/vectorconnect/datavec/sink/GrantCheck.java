package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.Problem;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig.ExistingTable;
import io.vectorconnect.sql.sink.index.IndexKeys;
import io.vectorconnect.sql.sink.table.NameCheck;
import io.vectorconnect.sql.sink.table.ShapeCheck;
import io.vectorconnect.sql.sink.table.SimilarTables;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableId;
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
    Optional<Problem> names =
        new NameCheck(config, new DataVecDialect(config)).run(session, topics);
    if (names.isPresent()) {
      return names;
    }
    boolean upsert = config.rows().insertMode() == InsertMode.UPSERT;
    if (upsert && !holds("has_database_privilege(current_database(), 'TEMPORARY')")) {
      return problem(
          DataVecSinkConfig.USER,
          "User %s may not create temporary tables, which an upsert needs; GRANT TEMPORARY ON DATABASE %s"
              .formatted(config.user(), config.database()));
    }
    for (TableId own : config.ownTables()) {
      Optional<Problem> problem = ownTable(own);
      if (problem.isPresent()) {
        return problem;
      }
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
              "Table %s does not exist%s; create it, or set auto.create=true"
                  .formatted(missing.get(0), SimilarTables.hint(session, missing.get(0))));
    }
    String schema = schema();
    return mayCreateIn(schema)
        ? Optional.empty()
        : problem(
            DataVecSinkConfig.AUTO_CREATE,
            "User %s may not create tables in schema %s; GRANT CREATE ON SCHEMA %s, or create the tables and set auto.create=false"
                .formatted(config.user(), schema, schema));
  }

  private String schema() throws SQLException {
    String format = config.besideTheData("t").schema();
    return format.isEmpty() ? Catalog.currentSchema(session) : format;
  }

  private boolean mayCreateIn(String schema) throws SQLException {
    return holds("has_schema_privilege(?, 'CREATE')", schema);
  }

  private Optional<Problem> ownTable(TableId own) throws SQLException {
    if (Catalog.table(session, own).isEmpty()) {
      String schema = schema();
      return mayCreateIn(schema)
          ? Optional.empty()
          : problem(
              DataVecSinkConfig.USER,
              "User %s may not create table %s, which the sink keeps beside the data; GRANT CREATE ON SCHEMA %s"
                  .formatted(config.user(), own, schema));
    }
    return missingPrivilege(own, List.of("SELECT", "INSERT", "UPDATE"));
  }

  private Optional<Problem> missingPrivilege(TableId table, List<String> needed)
      throws SQLException {
    for (String privilege : needed) {
      if (!holds(
          "has_table_privilege(?, '" + privilege + "')", DataVecDialect.NAMES.quote(table))) {
        return problem(
            DataVecSinkConfig.USER,
            "User %s has not %s on table %s; GRANT %s ON it"
                .formatted(config.user(), privilege, table, String.join(", ", needed)));
      }
    }
    return Optional.empty();
  }

  /** Indexes, new columns and a new table need more than a grant can give. */
  private Optional<Problem> notOwned(TableId table) throws SQLException {
    String key =
        config.existingTable() == ExistingTable.OVERWRITE
            ? "existing.table=overwrite"
            : config.index().build() != IndexKeys.Build.NONE ? "index.build" : "";
    if (key.isEmpty()
        || holds(
            "pg_has_role(relowner, 'USAGE') FROM pg_catalog.pg_class WHERE oid = CAST(? AS"
                + " regclass)",
            DataVecDialect.NAMES.quote(table))) {
      return Optional.empty();
    }
    return problem(
        DataVecSinkConfig.USER,
        "User %s does not own table %s, which %s needs; let its owner do that, or make the user a member of the owner's role"
            .formatted(config.user(), table, key));
  }

  private Optional<Problem> check(SqlTable<Column> table, boolean upsert) throws SQLException {
    if (config.existingTable() == ExistingTable.FAIL) {
      return Optional.empty(); // whether the table is this connector's own is decided when it runs
    }
    List<String> needed =
        new ArrayList<>(
            upsert ? List.of("SELECT", "INSERT", "UPDATE", "DELETE") : List.of("INSERT"));
    if (config.truncateBeforeLoad()) {
      needed.add("TRUNCATE");
    }
    Optional<Problem> problem = missingPrivilege(table.id(), needed);
    if (problem.isEmpty()) {
      problem = notOwned(table.id());
    }
    if (problem.isEmpty() && Catalog.hasRowSecurity(session, table.id())) {
      problem =
          problem(
              DataVecSinkConfig.USER,
              "Row-level security of table %s applies to user %s, so that rows can be hidden from it or refused; write as the table's owner or as a role with BYPASSRLS, or create a policy FOR ALL TO this user USING (true)"
                  .formatted(table.id(), config.user()));
    }
    if (problem.isPresent()) {
      return problem;
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
