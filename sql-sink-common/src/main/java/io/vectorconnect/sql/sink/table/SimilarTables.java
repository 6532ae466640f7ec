package io.vectorconnect.sql.sink.table;

import io.vectorconnect.config.SimilarName;
import io.vectorconnect.sql.sink.SqlSession;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** Finds a table whose name is like one that does not exist. */
public final class SimilarTables {
  private static final String TABLES =
      "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE"
          + " TABLE' AND lower(table_schema) NOT IN ('pg_catalog', 'information_schema',"
          + " 'oceanbase', 'mysql', 'sys')";

  private record Found(String schema, String name) {}

  private SimilarTables() {}

  /** What a message about a missing table adds: the similar one, if the user may see one. */
  public static String hint(SqlSession session, TableId missing) throws SQLException {
    Map<String, String> places = new TreeMap<>();
    session
        .query(TABLES, row -> new Found(row.getString(1), row.getString(2)))
        .forEach(
            found -> {
              String place = found.schema() + "." + found.name();
              places.merge(found.name(), place, (one, other) -> one + " and " + other);
            });
    return SimilarName.find(missing.name(), places.keySet())
        .map(name -> "; there is " + places.get(name))
        .orElse("");
  }
}
