/**
 * What the sinks of SQL databases share: how a record's fields become columns of a table, what is
 * done about tables that are missing, there already or too narrow, and how batches, positions and
 * indexes keep their promises. The database itself is behind {@link
 * io.vectorconnect.sql.sink.SqlDialect}.
 */
package io.vectorconnect.sql.sink;
