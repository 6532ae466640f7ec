/**
 * Kafka to OceanBase and OceanBase seekdb.
 *
 * <p>A row's values go from its record into parameters of a multi-row INSERT in one step ({@link
 * io.vectorconnect.oceanbase.sink.ValueEncoder}); dense vectors as their own little-endian bytes.
 */
package io.vectorconnect.oceanbase.sink;
