package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.SqlErrors;
import java.sql.SQLException;
import java.util.Set;

/** What a SQLState says about trying again; classes as in PostgreSQL's appendix "Error Codes". */
final class PostgresErrors implements SqlErrors {
  static final SqlErrors INSTANCE = new PostgresErrors();

  private static final Set<String> TRANSIENT_STATES =
      Set.of(
          "40001", // serialization_failure
          "40P01", // deadlock_detected
          "55P03", // lock_not_available
          "57014", // query_canceled
          "25006", // read_only_sql_transaction: a failover is under way
          "57P01", // admin_shutdown
          "57P02", // crash_shutdown
          "57P03", // cannot_connect_now
          "57P05"); // idle_session_timeout

  private static final Set<String> DATA_CLASSES =
      Set.of(
          "02", // no data: an update finds no row of its key
          "21", // cardinality violation: two keys that differ in bytes, not in the database's eyes
          "22", // data exception
          "23", // integrity constraint violation
          "54"); // program limit exceeded

  private static final Set<String> CONFLICTS =
      Set.of(
          "23503", // foreign_key_violation
          "23505", // unique_violation
          "23P01"); // exclusion_violation

  private PostgresErrors() {}

  @Override
  public boolean isTransient(SQLException e) {
    String state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || TRANSIENT_STATES.contains(state);
  }

  /** A rollback without a transaction under way can seem to succeed. */
  @Override
  public boolean isConnectionLost(SQLException e) {
    String state = e.getSQLState();
    return state == null || state.startsWith("08") || state.startsWith("57P0");
  }

  @Override
  public boolean isData(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.length() == 5 && DATA_CLASSES.contains(state.substring(0, 2));
  }

  @Override
  public boolean isConflict(SQLException e) {
    return e.getSQLState() != null && CONFLICTS.contains(e.getSQLState());
  }
}
