package io.vectorconnect.sql.sink;

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
}
