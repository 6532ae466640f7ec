package io.vectorconnect.sql.sink.index;

import io.vectorconnect.sql.sink.table.TableId;

/**
 * An index that is wanted.
 *
 * @param table its table
 * @param name its name, in the table's schema
 * @param definition the CREATE INDEX statement
 */
public record VectorIndex(TableId table, String name, String definition) {}
