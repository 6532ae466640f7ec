package io.vectorconnect.sql.sink.table;

import io.vectorconnect.sink.RecordField;
import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the table of a topic; creates it and lets it grow where the configuration allows it. */
public final class Tables<C extends SqlColumn> {
  private static final Logger log = LoggerFactory.getLogger(Tables.class);

  private final SqlSinkConfig config;
  private final SqlDialect<C, ?> dialect;
  private final Consumer<TableId> altered;

  /** What the database said since {@link #lookAgain}: records of a thousand shapes ask for it. */
  private final Map<TableId, SqlTable<C>> found = new HashMap<>();

  /**
   * The tables of a task.
   *
   * @param altered is told which tables have changed, so that what was known of them is asked anew
   */
  public Tables(SqlSinkConfig config, SqlDialect<C, ?> dialect, Consumer<TableId> altered) {
    this.dialect = dialect;
    this.config = config;
    this.altered = altered;
  }

  public void lookAgain() {
    found.clear();
  }

  /** The table, or empty when it does not exist. */
  public Optional<SqlTable<C>> find(SqlSession session, TableId id) throws SQLException {
    SqlTable<C> known = found.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<SqlTable<C>> table = dialect.table(session, id);
    table.ifPresent(there -> found.put(id, there));
    return table;
  }

  /**
   * The table as it is when these fields can be written to it.
   *
   * @throws DataException when it does not exist and must not be created
   */
  public SqlTable<C> forRows(
      SqlSession session, TableId id, List<RecordField> fields, List<RecordField> keys)
      throws SQLException {
    Optional<SqlTable<C>> existing = find(session, id);
    if (existing.isPresent()) {
      return config.autoEvolve() ? evolve(session, existing.get(), fields) : existing.get();
    }
    if (!config.autoCreate()) {
      throw new DataException(
          "table %s does not exist%s; create it, or set auto.create=true"
              .formatted(id, SimilarTables.hint(session, id)));
    }
    String definition = dialect.createTable(session, id, fields, keys);
    define(session, "table " + id + " cannot be created", () -> session.execute(definition));
    session.commit();
    log.info("Created table {}", id);
    return find(session, id)
        .orElseThrow(
            () ->
                new DataException(
                    "table %s was created and is not to be seen; does the user own its schema?"
                        .formatted(id)));
  }

  /** What a record asks for and no database of this kind has is the record's own error. */
  private static void define(SqlSession session, String what, SqlSession.SqlWork work)
      throws SQLException {
    try {
      work.run();
    } catch (SQLException e) {
      if (!session.errors().isDefinition(e)) {
        throw e;
      }
      session.rollback();
      throw new DataException(
          "%s for this record: %s; create or alter it yourself, or leave fields out by fields.exclude"
              .formatted(what, session.describe(e)));
    }
  }

  /** Another task may do the same at the same moment: what it has done is not to be done again. */
  private SqlTable<C> evolve(SqlSession session, SqlTable<C> known, List<RecordField> fields)
      throws SQLException {
    SqlTable<C> table = known;
    List<String> changes = dialect.evolution(session, table, fields);
    while (!changes.isEmpty()) {
      List<String> tried = changes;
      SQLException failure = null;
      try {
        alter(session, table.id(), changes);
      } catch (SQLException e) {
        if (session.errors().isConnectionLost(e)) {
          throw e;
        }
        session.rollback();
        failure = e;
      }
      found.remove(table.id());
      altered.accept(table.id());
      table = find(session, table.id()).orElseThrow();
      changes = dialect.evolution(session, table, fields);
      if (failure != null && changes.equals(tried)) {
        SQLException still = failure;
        define(
            session,
            "table " + table.id() + " cannot be altered",
            () -> {
              throw still;
            });
      }
    }
    return table;
  }

  private void alter(SqlSession session, TableId id, List<String> changes) throws SQLException {
    for (String change : changes) {
      session.execute("ALTER TABLE " + dialect.identifiers().quote(id) + " " + change);
    }
    session.commit();
    log.info("Table {}: {}", id, changes);
  }
}
