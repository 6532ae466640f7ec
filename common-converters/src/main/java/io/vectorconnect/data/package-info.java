/**
 * The record contract: what a vector, a JSON document and a snapshot marker look like on Kafka.
 *
 * <p>A vector travels as BYTES with a schema name of {@link io.vectorconnect.data.VectorType};
 * {@link io.vectorconnect.data.VectorReader} understands that and every foreign form.
 */
package io.vectorconnect.data;
