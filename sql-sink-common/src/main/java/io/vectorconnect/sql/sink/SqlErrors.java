package io.vectorconnect.sql.sink;

import java.sql.SQLException;

/** What a database's error says about trying again. */
public interface SqlErrors {
  /** The connection, the server or its load is at fault; the same statement may succeed later. */
  boolean isTransient(SQLException e);

  /** The connection is gone, whatever the driver says of it. */
  boolean isConnectionLost(SQLException e);

  /**
   * The database has no table or column like the one that is being defined: too many columns, too
   * many dimensions, a name of its own. Missing privileges or types do not count.
   */
  boolean isDefinition(SQLException e);

  /** The values of some row are at fault. */
  boolean isData(SQLException e);

  /**
   * Other rows are at fault, too: the row may be taken once they have changed, as with a value that
   * must be unique and that another row is about to give up.
   */
  boolean isConflict(SQLException e);

  /**
   * A foreign key refuses a row: the one that it refers to is not there, or others refer to it.
   * Records of other topics may change that.
   */
  boolean isReference(SQLException e);
}
