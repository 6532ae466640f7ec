package io.vectorconnect.sql.sink;

import io.vectorconnect.sink.RecordField;
import io.vectorconnect.sql.sink.index.VectorIndex;
import io.vectorconnect.sql.sink.table.Identifiers;
import io.vectorconnect.sql.sink.table.SqlColumn;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.connect.data.Schema;

/**
 * What differs between the SQL databases.
 *
 * @param <C> the database's columns
 * @param <E> what encodes a column's values for it
 */
public interface SqlDialect<C extends SqlColumn, E> {
  /** Opens a connection, with autocommit off. */
  SqlSession open() throws SQLException;

  /** How names are quoted. */
  Identifiers identifiers();

  /** What errors mean, also those of {@link #open}. */
  SqlErrors errors();

  /** Whether names of tables that differ only by case are the same table. */
  boolean foldsTableNames(SqlSession session) throws SQLException;

  /**
   * The table, or empty when it does not exist.
   *
   * @throws org.apache.kafka.connect.errors.DataException when something else has this name, such
   *     as a view
   */
  Optional<SqlTable<C>> table(SqlSession session, TableId id) throws SQLException;

  /** The CREATE TABLE IF NOT EXISTS of a table for these fields. */
  String createTable(
      SqlSession session, TableId id, List<RecordField> fields, List<RecordField> keys)
      throws SQLException;

  /** What ALTER TABLE has to do so that the table has a column, wide enough, for every field. */
  List<String> evolution(SqlSession session, SqlTable<C> table, List<RecordField> fields)
      throws SQLException;

  /**
   * The encoder of a column's values.
   *
   * @param schema the schema of the values, or null where they have none
   * @param inKey whether the column belongs to the key that the sink writes by
   * @throws org.apache.kafka.connect.errors.DataException when the column cannot hold such values
   */
  E encoder(Schema schema, C column, boolean inKey);

  /**
   * The dimension of a vector column, 0 where it declares none; empty where a column holds no
   * vectors.
   */
  OptionalInt dimension(C column);

  /**
   * The index that the configuration asks for on a column, if its type can be indexed.
   *
   * @param schema the record's schema of the column's values, or null
   * @throws org.apache.kafka.connect.errors.ConnectException when the database cannot index it
   */
  Optional<VectorIndex> index(TableId table, C column, Schema schema);

  /** Builds an index if it is not there; whatever breaks it off leaves a valid one, or none. */
  void createIndex(SqlSession session, VectorIndex index) throws SQLException;

  /** Makes a session that is about to build an index fit for it. */
  default void prepareIndexBuild(SqlSession session) throws SQLException {}

  /** How far the build of an index is, as far as the database tells. */
  default List<String> indexProgress(SqlSession session, VectorIndex index) throws SQLException {
    return List.of();
  }

  /**
   * Does work while no other task does the same, and commits it.
   *
   * @param table the quoted name of the sink's own table that the work is about
   */
  void alone(SqlSession session, String table, SqlSession.SqlWork work) throws SQLException;

  /** The type of a text of the sink's own tables that tells every two texts apart. */
  String keyText(int length);

  /**
   * What the server does for another session right now, as the rest of a sentence about the server;
   * empty when it does nothing for it, or does not know it. A transaction that waits for its next
   * statement counts as nothing.
   */
  Optional<String> activity(SqlSession session, SqlSession other) throws SQLException;

  /** How the database tells the time. */
  Clock clock();

  /**
   * The database's words for a point in time.
   *
   * @param type of a column that holds one
   * @param now the present one
   * @param since how many milliseconds ago was {@code %s}
   */
  record Clock(String type, String now, String since) {
    public String millisSince(String column) {
      return since.formatted(column);
    }
  }
}
