package io.vectorconnect.oceanbase.source;

import io.vectorconnect.oceanbase.Encryption;
import java.sql.SQLException;
import java.util.Set;

/** What the server or the driver said, sorted by what can be done about it. */
final class OceanBaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What can be done about it. */
  enum Kind {
    /** No connection, or it broke. */
    UNREACHABLE,
    /** Overloaded, out of memory, changing its leader, or too slow. */
    BUSY,
    /** Login or privileges. */
    DENIED,
    /** There is no such database. */
    NO_DATABASE,
    /** There is no such table or column. */
    NO_TABLE,
    /** The server does not keep that snapshot any more, or the table's definition has changed. */
    SNAPSHOT_LOST,
    /** A number is too large for the arithmetic of vectors. */
    OUT_OF_RANGE,
    /** The server does not know an expression of ours. */
    NOT_SUPPORTED,
    /** Anything else. */
    REFUSED
  }

  /** Error codes of MySQL and of OceanBase (ob_errno): the latter are below 10,000 too. */
  private static final Set<Integer> BUSY_CODES =
      Set.of(
          1205, // lock wait timeout
          1317, // query interrupted
          4012, // OB_TIMEOUT
          4013, // OB_ALLOCATE_MEMORY_FAILED
          4023, // OB_EAGAIN
          4030, // OB_OVER_MEMORY_LIMIT
          4038, // OB_NOT_MASTER
          4184, // OB_SERVER_OUTOF_DISK_SPACE
          4265, // OB_TENANT_NOT_IN_SERVER
          5066, // OB_ERR_SESSION_INTERRUPTED
          6002, // OB_TRANS_ROLLBACKED
          6210, // OB_TRANS_TIMEOUT
          6224); // OB_TRANS_NEED_ROLLBACK

  private static final Set<Integer> DENIED_CODES = Set.of(1044, 1045, 1142, 1143, 1227, 1698);
  private static final Set<Integer> LOST_CODES =
      Set.of(
          1412, // table definition has changed
          4138); // OB_SNAPSHOT_DISCARDED: request to read too old versioned data
  private static final Set<Integer> UNSUPPORTED_CODES = Set.of(1064, 1210, 1235, 1305, 1582, 5083);

  private static final int OUT_OF_RANGE_CODE = 1690;

  private final Kind kind;

  private OceanBaseException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static OceanBaseException of(String address, SQLException e) {
    Kind kind = kind(e);
    String message =
        switch (kind) {
          case UNREACHABLE ->
              "no %s %s: %s"
                  .formatted(
                      Encryption.key(e).isPresent() ? "encrypted connection to" : "answer from",
                      address,
                      e.getMessage());
          // Such messages quote the statement, and so keys of rows.
          case NOT_SUPPORTED, REFUSED, OUT_OF_RANGE ->
              "%s refused a statement with error %d".formatted(address, e.getErrorCode());
          default -> "%s: %s".formatted(address, e.getMessage());
        };
    return new OceanBaseException(kind, message, e);
  }

  private static Kind kind(SQLException e) {
    int code = e.getErrorCode();
    if (DENIED_CODES.contains(code)) {
      return Kind.DENIED;
    }
    if (LOST_CODES.contains(code)) {
      return Kind.SNAPSHOT_LOST;
    }
    if (BUSY_CODES.contains(code)) {
      return Kind.BUSY;
    }
    if (UNSUPPORTED_CODES.contains(code)) {
      return Kind.NOT_SUPPORTED;
    }
    return switch (code) {
      case OUT_OF_RANGE_CODE -> Kind.OUT_OF_RANGE;
      case 1049 -> Kind.NO_DATABASE;
      case 1054, 1146 -> Kind.NO_TABLE;
      default -> isConnection(e) ? Kind.UNREACHABLE : Kind.REFUSED;
    };
  }

  private static boolean isConnection(SQLException e) {
    String state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || e instanceof java.sql.SQLTransientException
        || e instanceof java.sql.SQLRecoverableException;
  }

  Kind kind() {
    return kind;
  }

  public boolean isTransient() {
    return kind == Kind.UNREACHABLE || kind == Kind.BUSY;
  }
}
