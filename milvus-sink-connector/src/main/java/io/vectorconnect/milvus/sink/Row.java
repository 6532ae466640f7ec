package io.vectorconnect.milvus.sink;

import org.apache.kafka.connect.sink.SinkRecord;

/**
 * One change.
 *
 * @param record where it came from, for the dead-letter queue
 * @param plan how it is written
 * @param key a Long or String; null where the server makes it
 * @param values one for each of the target's columns, in the form that {@link CellEncoder} gives
 *     it, and then the dynamic fields if there are any; empty for a delete
 * @param bytes about its size in a request
 */
record Row(SinkRecord record, RowPlan plan, Object key, Object[] values, int bytes) {}
