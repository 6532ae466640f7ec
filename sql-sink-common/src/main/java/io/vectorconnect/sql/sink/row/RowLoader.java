package io.vectorconnect.sql.sink.row;

import io.vectorconnect.sink.PartialUpdate;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

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

  /**
   * Does what a batch with rows of these plans needs before it is written; ends a transaction that
   * is under way.
   *
   * @return the tables of which a plan tells columns that have changed since, so that it can still
   *     be written, and no more rows are to be encoded by it
   * @throws org.apache.kafka.connect.errors.ConnectException when columns have changed so that they
   *     might not hold the rows' values
   */
  Set<TableId> prepare(List<RowPlan<?>> plans) throws SQLException;

  /** Empties a table, in the transaction under way. */
  void truncate(TableId table) throws SQLException;

  /** Writes rows of one table, each key at most once, in the transaction under way. */
  void load(List<R> rows) throws SQLException;
}
