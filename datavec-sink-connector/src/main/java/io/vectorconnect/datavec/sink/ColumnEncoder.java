package io.vectorconnect.datavec.sink;

/** Appends the binary form of one column's value to a buffer, without the field's length. */
@FunctionalInterface
interface ColumnEncoder {
  /**
   * Encodes a value that is not null.
   *
   * @throws org.apache.kafka.connect.errors.DataException when the column cannot hold the value
   */
  void encode(Object value, CopyBuffer out);
}
