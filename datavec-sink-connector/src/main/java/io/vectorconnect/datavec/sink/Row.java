package io.vectorconnect.datavec.sink;

import java.nio.ByteBuffer;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * One encoded change.
 *
 * @param record where it came from, for the dead-letter queue
 * @param plan its columns
 * @param tuple a COPY BINARY tuple with its field count
 * @param key the part of the tuple that holds the key columns; equal for equal keys
 */
record Row(SinkRecord record, RowPlan plan, byte[] tuple, ByteBuffer key) {}
