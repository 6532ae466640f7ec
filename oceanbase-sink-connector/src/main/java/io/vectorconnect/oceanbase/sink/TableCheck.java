package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.config.Problem;
import io.vectorconnect.sink.InsertMode;
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

/** Looks whether the user may write to the tables of the topics, and whether they fit the keys. */
final class TableCheck {
  private final OceanBaseSession session;
  private final OceanBaseSinkConfig config;
  private final Grants grants;

  TableCheck(OceanBaseSession session, OceanBaseSinkConfig config) throws SQLException {
    this.session = session;
    this.config = config;
    this.grants = Grants.of(session);
  }

  /**
   * The first problem found, if any.
   *
   * @param topics the topics that are known by name; none for a regular expression
   */
  Optional<Problem> run(List<String> topics) throws SQLException {
    Optional<Problem> names =
        new NameCheck(config, new OceanBaseDialect(config)).run(session, topics);
    if (names.isPresent()) {
      return names;
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
      Optional<Problem> problem = check(table.get());
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
              OceanBaseSinkConfig.AUTO_CREATE,
              "Table %s does not exist%s; create it, or set auto.create=true"
                  .formatted(missing.get(0), SimilarTables.hint(session, missing.get(0))));
    }
    TableId id = missing.isEmpty() ? config.besideTheData("t") : missing.get(0);
    String lacking = grants.missing(List.of("CREATE"), database(id), id.name());
    return lacking.isEmpty()
        ? Optional.empty()
        : problem(
            OceanBaseSinkConfig.AUTO_CREATE,
            "User %s may not create tables in database %s; GRANT CREATE ON %s.*, or create the tables and set auto.create=false"
                .formatted(config.user(), database(id), database(id)));
  }

  private Optional<Problem> ownTable(TableId own) throws SQLException {
    List<String> needed =
        Catalog.table(session, own).isPresent()
            ? List.of("SELECT", "INSERT", "UPDATE")
            : List.of("CREATE");
    return lacking(own, needed);
  }

  private Optional<Problem> lacking(TableId table, List<String> needed) {
    String lacking = grants.missing(needed, database(table), table.name());
    return lacking.isEmpty()
        ? Optional.empty()
        : problem(
            OceanBaseSinkConfig.USER,
            "User %s has not %s on table %s; GRANT %s ON it"
                .formatted(config.user(), lacking, table, String.join(", ", needed)));
  }

  private Optional<Problem> check(SqlTable<Column> table) {
    if (config.existingTable() == ExistingTable.FAIL) {
      return Optional.empty(); // whether the table is this connector's own is decided when it runs
    }
    boolean upsert = config.rows().insertMode() == InsertMode.UPSERT;
    List<String> needed =
        new ArrayList<>(
            upsert ? List.of("SELECT", "INSERT", "UPDATE", "DELETE") : List.of("INSERT"));
    if (config.truncateBeforeLoad() || config.existingTable() == ExistingTable.OVERWRITE) {
      needed.add("DROP");
    }
    if (config.index().build() != IndexKeys.Build.NONE) {
      needed.add("INDEX");
    }
    Optional<Problem> problem = lacking(table.id(), needed);
    if (problem.isPresent()) {
      return problem;
    }
    return new ShapeCheck<>(new OceanBaseDialect(config), table, config).run();
  }

  private String database(TableId id) {
    return id.schema().isEmpty() ? config.database() : id.schema();
  }

  private static Optional<Problem> problem(String key, String message) {
    return Optional.of(new Problem(key, message));
  }
}
