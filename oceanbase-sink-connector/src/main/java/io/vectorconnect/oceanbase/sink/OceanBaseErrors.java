package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sql.sink.SqlErrors;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an error says about trying again, by SQLState and by the server's number: MySQL's ones, and
 * from 4000 on OceanBase's own. OceanBase gives HY000 to errors of every kind.
 */
final class OceanBaseErrors implements SqlErrors {
  static final SqlErrors INSTANCE = new OceanBaseErrors();

  private static final Set<Integer> TRANSIENT =
      Set.of(
          1040, // too many connections
          1053, // server shutdown
          1054, // no such column: the catalogue lists it, the session does not know it yet
          1146, // no such table: likewise, for some milliseconds after it was created
          1205, // lock wait timeout
          1213, // deadlock
          1317, // query interrupted
          3572, // a lock is not available now
          4012, // timeout
          4013, // no memory
          4023, // try again
          4030, // tenant out of memory
          4038, // not the master
          4184, // out of disk space
          5627, // the schema has changed meanwhile
          6002, // transaction rolled back
          6003, // row lock wait timeout
          6005, // row lock conflict
          6210, // transaction timeout
          6213, // transaction killed
          6224); // transaction must be rolled back

  private static final Set<Integer> LOST =
      Set.of(
          1053, // server shutdown
          1927, // connection killed
          5066); // session killed

  private static final Set<Integer> DATA =
      Set.of(
          1118, // row too large
          1153, // packet too large
          1210, // invalid argument: a vector of another dimension, a malformed sparse vector
          1265, // data truncated
          1364, // no value for a NOT NULL column
          1366, // incorrect value
          1406, // data too long
          3140, // invalid JSON
          3819, // check constraint
          7600); // inconsistent dimension

  private static final Set<Integer> DEFINITION =
      Set.of(
          1059, // name too long
          1060, // duplicate column: names that differ by case, too
          1071, // key too long
          1074, // column too long
          1117, // too many columns
          1118, // row too large
          1166, // incorrect column name
          1170, // text in a key without length
          1425, // too many decimals
          1426); // too many digits

  private static final Set<String> DATA_CLASSES =
      Set.of(
          "02", // no data: an update finds no row of its key
          "21", // cardinality violation
          "22", // data exception
          "23", // integrity constraint violation
          "45"); // a trigger's own error

  private static final int DUPLICATE_ENTRY = 1062;

  private static final Set<Integer> REFERENCES =
      Set.of(
          1216, // no such row to refer to
          1217, // another row refers to it
          1451, // another row refers to it
          1452); // no such row to refer to

  /** Texts of the server that quote a value, each with what goes in its place. */
  private static final Pattern DUPLICATE =
      Pattern.compile("Duplicate entry '.*' for key", Pattern.DOTALL);

  private static final Pattern VALUE = Pattern.compile("value:? '.*'( for|$)", Pattern.DOTALL);

  /** What a syntax error comes with: the driver adds the statement, the server a part of it. */
  private static final Pattern QUERY = Pattern.compile("\\s*Query is:.*", Pattern.DOTALL);

  private static final Pattern NEAR = Pattern.compile("near '.*'", Pattern.DOTALL);

  private static final Pattern NUMBER = Pattern.compile("^(?:Data truncation: )?\\(conn=\\d+\\) ");

  private static final int NOT_ALLOWED = 4179;
  private static final int LOCK_WAIT_TIMEOUT = 1205;

  private static final String LOCK_HINT =
      "; where nobody else writes to the table, a server that was killed may have kept the locks of"
          + " a transaction: see \"A fault of seekdb 1.4.0\" in docs/oceanbase-sink.md";

  private OceanBaseErrors() {}

  @Override
  public boolean isTransient(SQLException e) {
    return isConnectionLost(e)
        || e.getSQLState().startsWith("40")
        || TRANSIENT.contains(e.getErrorCode())
        || isBeingDefined(e);
  }

  /**
   * Another session changes the table's definition. What is never allowed has the same number, but
   * is named where "Operation" stands.
   */
  private static boolean isBeingDefined(SQLException e) {
    return e.getErrorCode() == NOT_ALLOWED
        && String.valueOf(e.getMessage()).contains("Operation not allowed now");
  }

  @Override
  public boolean isConnectionLost(SQLException e) {
    String state = e.getSQLState();
    return state == null || state.startsWith("08") || LOST.contains(e.getErrorCode());
  }

  @Override
  public boolean isData(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && !isTransient(e)
        && (DATA.contains(e.getErrorCode())
            || (state.length() == 5 && DATA_CLASSES.contains(state.substring(0, 2))));
  }

  @Override
  public boolean isDefinition(SQLException e) {
    return DEFINITION.contains(e.getErrorCode());
  }

  @Override
  public boolean isConflict(SQLException e) {
    return e.getErrorCode() == DUPLICATE_ENTRY || isReference(e);
  }

  @Override
  public boolean isReference(SQLException e) {
    return REFERENCES.contains(e.getErrorCode());
  }

  /** The server's message without the values that it quotes. */
  static String describe(SQLException e) {
    String message = NUMBER.matcher(String.valueOf(e.getMessage())).replaceFirst("");
    message = DUPLICATE.matcher(message).replaceFirst("Duplicate entry for key");
    message = VALUE.matcher(message).replaceFirst("value$1");
    message = QUERY.matcher(message).replaceFirst("");
    message = NEAR.matcher(message).replaceFirst("near a part that is not shown");
    if (String.valueOf(e.getSQLState()).startsWith("45")) {
      message = "a trigger of the database raised an error";
    }
    String hint = e.getErrorCode() == LOCK_WAIT_TIMEOUT ? LOCK_HINT : "";
    return "%s (SQLState %s, error %d)%s"
        .formatted(message, e.getSQLState(), e.getErrorCode(), hint);
  }
}
