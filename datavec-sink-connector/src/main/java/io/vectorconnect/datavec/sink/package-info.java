/**
 * Kafka to openGauss DataVec and PostgreSQL pgvector: one sink, two dialects.
 *
 * <p>A row goes from its record into the bytes of a COPY BINARY tuple in one step ({@link
 * io.vectorconnect.datavec.sink.RowPlan}), is buffered as such, and is loaded by COPY.
 */
package io.vectorconnect.datavec.sink;
