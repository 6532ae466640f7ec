/**
 * The HDF5 source. Its rooms: {@link io.vectorconnect.hdf5.source.Hdf5SourceConnector} and {@link
 * io.vectorconnect.hdf5.source.Hdf5SourceTask} (the shared loop over files), {@code
 * Hdf5SourceConfig} (every key), {@code Hdf5File} and {@code RowBytes} (reading), {@code Cells} and
 * {@code VectorCells} (HDF5's types to records).
 */
package io.vectorconnect.hdf5.source;
