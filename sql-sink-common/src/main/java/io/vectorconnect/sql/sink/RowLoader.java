package io.vectorconnect.sql.sink;

import java.sql.SQLException;
import java.util.List;

/**
 * Brings rows into tables, over one session.
 *
 * @param <R> the encoded changes
 */
public interface RowLoader<R extends SqlRow> {
  /** Why a partial update was refused. */
  String NO_SUCH_ROW =
      "the change event does not tell all columns (PostgreSQL leaves out a value in TOAST that did"
          + " not change), and the target has no row of this key to update; let the source tell by"
          + " ALTER TABLE ... REPLICA IDENTITY FULL";

  /** SQL's class of "no data", the state of an exception that says {@link #NO_SUCH_ROW}. */
  String NO_DATA = "02000";

  /** Does what a batch with rows of these plans needs outside of its transaction. */
  default void prepare(List<RowPlan<?>> plans) throws SQLException {}

  /** Empties a table, in the transaction under way. */
  void truncate(TableId table) throws SQLException;

  /** Writes rows of one table, each key at most once, in the transaction under way. */
  void load(List<R> rows) throws SQLException;
}
