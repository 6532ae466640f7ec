package io.vectorconnect.sql.sink.table;

/** A column of an existing table, from the catalogue. */
public interface SqlColumn {
  /** Its name, unquoted. */
  String name();

  /** Its type as the database prints it, such as {@code vector(384)}. */
  String declaration();

  /** Whether NULL is refused. */
  boolean notNull();

  /** Whether the database computes it from the row's other columns, and takes no value. */
  boolean isGenerated();

  /** What a column becomes when a record that stands for the whole row has no value for it. */
  enum Missing {
    /** NULL, its default. */
    NULL,
    /** Its default, which is an expression. */
    DEFAULT,
    /** What it is: its values are numbered by the database. */
    KEPT
  }

  /** What it becomes when a record that stands for the whole row has no value for it. */
  Missing missing();
}
