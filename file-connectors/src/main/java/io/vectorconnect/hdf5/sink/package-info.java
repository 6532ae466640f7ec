/**
 * The HDF5 sink. Its rooms: {@link io.vectorconnect.hdf5.sink.Hdf5SinkConnector}, {@code
 * Hdf5SinkConfig} (every key), {@link io.vectorconnect.hdf5.sink.Hdf5SinkTask} (the loop), {@code
 * RolledFiles} (names, and the step from a temporary file to a finished one), {@code RowBuffer} and
 * {@code ColumnBuffer} (records to datasets).
 */
package io.vectorconnect.hdf5.sink;
