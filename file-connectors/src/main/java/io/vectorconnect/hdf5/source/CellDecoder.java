package io.vectorconnect.hdf5.source;

import org.apache.kafka.connect.data.Schema;

/**
 * How a row's element of a dataset becomes a field.
 *
 * @param schema the field's schema
 * @param cell its value
 */
record CellDecoder(Schema schema, Cell cell) {
  /** Decodes one value. */
  @FunctionalInterface
  interface Cell {
    /**
     * The value that stands at byte {@code at}.
     *
     * @throws org.apache.kafka.connect.errors.DataException when no field can hold it
     */
    Object get(byte[] rows, int at);
  }
}
