package io.vectorconnect.sql.sink;

import io.vectorconnect.sink.PartialUpdate;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings rows into tables, over one session.
 *
 * @param <R> the encoded changes
 */
public interface RowLoader<R extends SqlRow> {
  /**
   * SQL's class of "no data", the state of an exception that says {@link
   * PartialUpdate#NO_SUCH_ROW}.
   */
  String NO_DATA = "02000";

  /** Does what a batch with rows of these plans needs outside of its transaction. */
  default void prepare(List<RowPlan<?>> plans) throws SQLException {}

  /** Empties a table, in the transaction under way. */
  void truncate(TableId table) throws SQLException;

  /** Writes rows of one table, each key at most once, in the transaction under way. */
  void load(List<R> rows) throws SQLException;
}
