package io.vectorconnect.sql.sink.table;

import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import io.vectorconnect.sql.sink.SqlSinkConfig.ExistingTable;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connector does with a table that was there before it: decided once, by whichever task
 * comes first, and noted in a table beside the data, so that neither another task nor a restart
 * does it again.
 */
public final class TableClaims {
  public static final String TABLE = "vector_connect_tables";

  private static final Logger log = LoggerFactory.getLogger(TableClaims.class);
  private static final String TAKEN = "taken";
  private static final String SKIPPED = "skipped";

  private final SqlSinkConfig config;
  private final SqlDialect<?, ?> dialect;
  private final TableId claimsId;
  private final String claims;
  private final Map<TableId, Boolean> known = new HashMap<>();
  private boolean created;

  public TableClaims(SqlSinkConfig config, SqlDialect<?, ?> dialect) {
    this.dialect = dialect;
    this.config = config;
    this.claimsId = config.besideTheData(TABLE);
    this.claims = dialect.identifiers().quote(claimsId);
  }

  /**
   * Whether this connector writes to a table.
   *
   * @throws ConnectException when the table is there and must not be
   */
  public boolean take(SqlSession session, TableId id) throws SQLException {
    if (config.existingTable() == ExistingTable.APPEND && !config.truncateBeforeLoad()) {
      return true;
    }
    Boolean written = known.get(id);
    if (written == null) {
      createTable(session);
      AtomicBoolean decided = new AtomicBoolean();
      dialect.alone(session, claims, () -> decided.set(decide(session, id)));
      // Not before: what was decided and not committed has to be decided anew.
      written = decided.get();
      known.put(id, written);
    }
    return written;
  }

  private void createTable(SqlSession session) throws SQLException {
    if (!created) {
      OwnTable.create(
          session,
          dialect,
          claimsId,
          "connector %s NOT NULL, table_name %s NOT NULL, claim VARCHAR(10) NOT NULL, PRIMARY KEY (connector, table_name)"
              .formatted(dialect.keyText(255), dialect.keyText(64)));
      created = true;
    }
  }

  private boolean decide(SqlSession session, TableId id) throws SQLException {
    List<String> before =
        session.query(
            "SELECT claim FROM " + claims + " WHERE connector = ? AND table_name = ?",
            row -> row.getString(1),
            config.connector(),
            id.name());
    if (!before.isEmpty()) {
      return before.get(0).equals(TAKEN);
    }
    boolean written = dialect.table(session, id).isEmpty() || takeExisting(session, id);
    session.update(
        "INSERT INTO " + claims + " (connector, table_name, claim) VALUES (?, ?, ?)",
        config.connector(),
        id.name(),
        written ? TAKEN : SKIPPED);
    return written;
  }

  private boolean takeExisting(SqlSession session, TableId id) throws SQLException {
    switch (config.existingTable()) {
      case APPEND -> {
        session.execute("TRUNCATE TABLE " + dialect.identifiers().quote(id));
        log.info("Table {} was emptied: truncate.before.load=true", id);
        return true;
      }
      case OVERWRITE -> {
        session.execute("DROP TABLE " + dialect.identifiers().quote(id));
        log.info("Table {} was dropped, to be created anew: existing.table=overwrite", id);
        return true;
      }
      case SKIP -> {
        log.info("Table {} is there already and is left alone: existing.table=skip", id);
        return false;
      }
      case FAIL ->
          throw new ConnectException(
              "table %s is there already, and existing.table=fail; use another table.name.format, or append, skip or overwrite"
                  .formatted(id));
    }
    throw new IllegalStateException();
  }
}
