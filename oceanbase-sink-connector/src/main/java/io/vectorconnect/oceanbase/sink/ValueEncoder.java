package io.vectorconnect.oceanbase.sink;

/** Makes one column's value a parameter: a Long, String, BigDecimal or byte[]. */
@FunctionalInterface
interface ValueEncoder {
  /**
   * Encodes a value that is not null.
   *
   * @throws org.apache.kafka.connect.errors.DataException when the column cannot hold the value
   */
  Object encode(Object value);
}
