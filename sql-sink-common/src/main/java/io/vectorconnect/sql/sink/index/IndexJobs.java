package io.vectorconnect.sql.sink.index;

import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import io.vectorconnect.sql.sink.table.OwnTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Which indexes are wanted, and when a record of a first scan was last written: in two tables
 * beside the data, so that all tasks see it and a restart forgets nothing.
 */
public final class IndexJobs {
  public static final String INDEXES = "vector_connect_indexes";
  public static final String SNAPSHOTS = "vector_connect_snapshots";

  private final SqlDialect<?, ?> dialect;
  private final String connector;
  private final String schema;
  private final TableId indexesId;
  private final TableId snapshotsId;
  private final String indexes;
  private final String snapshots;

  IndexJobs(SqlSinkConfig config, SqlDialect<?, ?> dialect) {
    this.dialect = dialect;
    this.connector = config.connector();
    this.schema = config.besideTheData("").schema();
    this.indexesId = config.besideTheData(INDEXES);
    this.snapshotsId = config.besideTheData(SNAPSHOTS);
    this.indexes = dialect.identifiers().quote(indexesId);
    this.snapshots = dialect.identifiers().quote(snapshotsId);
  }

  void createTables(SqlSession session) throws SQLException {
    OwnTable.create(
        session,
        dialect,
        indexesId,
        "connector %s NOT NULL, index_name %s NOT NULL, table_name %s NOT NULL, definition TEXT NOT NULL, built BOOLEAN NOT NULL, PRIMARY KEY (connector, index_name)"
            .formatted(dialect.keyText(255), dialect.keyText(64), dialect.keyText(64)));
    OwnTable.create(
        session,
        dialect,
        snapshotsId,
        "connector %s NOT NULL, written_at %s NOT NULL, PRIMARY KEY (connector)"
            .formatted(dialect.keyText(255), dialect.clock().type()));
  }

  /** Notes an index as wanted, unless it was noted before. */
  void want(SqlSession session, VectorIndex index) throws SQLException {
    boolean noted =
        !session
            .query(
                "SELECT 1 FROM " + indexes + " WHERE connector = ? AND index_name = ?",
                row -> 1,
                connector,
                index.name())
            .isEmpty();
    if (!noted) {
      insert(
          session,
          "INSERT INTO "
              + indexes
              + " (connector, index_name, table_name, definition, built) VALUES (?, ?, ?, ?, false)",
          connector,
          index.name(),
          index.table().name(),
          index.definition());
    }
    session.commit();
  }

  /** A record of a first scan is being written now. */
  void snapshotGoesOn(SqlSession session) throws SQLException {
    int updated =
        session.update(
            "UPDATE %s SET written_at = %s WHERE connector = ?"
                .formatted(snapshots, dialect.clock().now()),
            connector);
    if (updated == 0) {
      insert(
          session,
          "INSERT INTO %s (connector, written_at) VALUES (?, %s)"
              .formatted(snapshots, dialect.clock().now()),
          connector);
    }
    session.commit();
  }

  /** Another task may insert the same row at the same moment. */
  private static void insert(SqlSession session, String sql, Object... parameters)
      throws SQLException {
    try {
      session.nested(() -> session.update(sql, parameters));
    } catch (SQLException e) {
      if (!session.errors().isData(e)) {
        throw e;
      }
    }
  }

  /** The wanted indexes, if no record of a first scan was written for that long. */
  List<VectorIndex> due(SqlSession session, Duration idle) throws SQLException {
    List<Boolean> goesOn =
        session.query(
            "SELECT %s < ? FROM %s WHERE connector = ?"
                .formatted(dialect.clock().millisSince("written_at"), snapshots),
            row -> row.getBoolean(1),
            idle.toMillis(),
            connector);
    List<VectorIndex> due =
        goesOn.contains(true)
            ? List.of()
            : session.query(
                "SELECT table_name, index_name, definition FROM "
                    + indexes
                    + " WHERE connector = ? AND NOT built ORDER BY index_name",
                row ->
                    new VectorIndex(
                        new TableId(schema, row.getString(1)), row.getString(2), row.getString(3)),
                connector);
    session.commit();
    return due;
  }

  /**
   * Builds an index and notes it as built: whatever breaks it off, there is either a valid index or
   * none, and the next attempt knows.
   */
  void build(SqlSession session, VectorIndex index) throws SQLException {
    List<Boolean> built =
        session.query(
            "SELECT built FROM "
                + indexes
                + " WHERE connector = ? AND index_name = ? FOR UPDATE NOWAIT",
            row -> row.getBoolean(1),
            connector,
            index.name());
    if (built.contains(false)) {
      dialect.createIndex(session, index);
      session.update(
          "UPDATE " + indexes + " SET built = true WHERE connector = ? AND index_name = ?",
          connector,
          index.name());
    }
    session.commit();
  }
}
