/** Tables and columns: names, claims, growth, and whether they fit. */
package io.vectorconnect.sql.sink.table;
