/** Vector indexes: which are wanted, and when they are built. */
package io.vectorconnect.sql.sink.index;
