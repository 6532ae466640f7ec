package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.SqlErrors;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

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
          "44", // with check option violation
          "54"); // program limit exceeded

  /** States of other classes that come from a row, too, while rows are loaded. */
  private static final Set<String> DATA_STATES =
      Set.of(
          "42809", // wrong_object_type: openGauss of a sparsevec that an index does not take
          "P0001", // raise_exception: of a trigger
          "P0003", // too_many_rows: openGauss of two keys that are the same in its eyes
          "P0004"); // assert_failure: of a trigger

  private static final Set<String> DEFINITION_CLASSES =
      Set.of(
          "0A", // feature not supported
          "22", // data exception: a parameter of a type, such as its dimensions
          "54"); // program limit exceeded: columns, size of a row

  private static final Set<String> DEFINITION_STATES =
      Set.of(
          "42602", // invalid_name
          "42611", // invalid_column_definition
          "42622", // name_too_long
          "42701", // duplicate_column: a system column's name, too
          "42830", // invalid_foreign_key
          "42939", // reserved_name
          "42P16"); // invalid_table_definition

  private static final String FOREIGN_KEY = "23503";

  private static final Set<String> CONFLICTS =
      Set.of(
          FOREIGN_KEY,
          "23505", // unique_violation
          "23P01"); // exclusion_violation

  /** From the first quote of any language to the last one: some write them the other way round. */
  private static final Pattern QUOTED =
      Pattern.compile(
          "[\"'\u00AB\u00BB\u2018-\u201E\u2039\u203A].*[\"'\u00AB\u00BB\u2018-\u201E\u2039\u203A]",
          Pattern.DOTALL);

  private PostgresErrors() {}

  @Override
  public boolean isTransient(SQLException e) {
    String state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("YY") // openGauss: waits that took too long, connections among nodes
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
    return isOf(e, DATA_CLASSES, DATA_STATES);
  }

  @Override
  public boolean isDefinition(SQLException e) {
    return isOf(e, DEFINITION_CLASSES, DEFINITION_STATES);
  }

  private static boolean isOf(SQLException e, Set<String> classes, Set<String> states) {
    String state = e.getSQLState();
    return state != null
        && state.length() == 5
        && (classes.contains(state.substring(0, 2)) || states.contains(state));
  }

  /**
   * A server's message as it may be shown. Errors about data quote the data, and what triggers and
   * functions say is up to their authors.
   */
  static String shown(String state, String message) {
    String sqlClass = state == null || state.length() < 2 ? "" : state.substring(0, 2);
    return switch (sqlClass) {
      case "22" -> withoutQuotes(String.valueOf(message));
      case "P0" -> "a function or trigger of the database raised an error";
      case "38", "39", "XX" -> withoutQuotes(String.valueOf(message));
      default -> message;
    };
  }

  /** Without what stands between the first and the last quote, of any language's. */
  private static String withoutQuotes(String message) {
    return QUOTED.matcher(message).replaceFirst("(a value that is not shown)");
  }

  @Override
  public boolean isConflict(SQLException e) {
    return e.getSQLState() != null && CONFLICTS.contains(e.getSQLState());
  }

  @Override
  public boolean isReference(SQLException e) {
    return FOREIGN_KEY.equals(e.getSQLState());
  }
}
