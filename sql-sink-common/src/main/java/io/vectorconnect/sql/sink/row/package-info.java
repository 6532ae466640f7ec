/** Records become rows: plans, values, batches and how they are written. */
package io.vectorconnect.sql.sink.row;
