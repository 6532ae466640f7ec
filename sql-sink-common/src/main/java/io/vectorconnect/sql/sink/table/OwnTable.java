package io.vectorconnect.sql.sink.table;

import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import java.sql.SQLException;

/** A table of the sink's own, beside the data. */
public final class OwnTable {
  private OwnTable() {}

  /**
   * Creates a table unless it is there: where an administrator has created it, the user needs no
   * right to create tables.
   *
   * @param columns its columns and constraints, as SQL
   */
  public static void create(
      SqlSession session, SqlDialect<?, ?> dialect, TableId id, String columns)
      throws SQLException {
    if (dialect.table(session, id).isEmpty()) {
      session.execute(definition(dialect, id, columns));
    }
    session.commit();
  }

  public static String definition(SqlDialect<?, ?> dialect, TableId id, String columns) {
    return "CREATE TABLE IF NOT EXISTS %s (%s)".formatted(dialect.identifiers().quote(id), columns);
  }
}
