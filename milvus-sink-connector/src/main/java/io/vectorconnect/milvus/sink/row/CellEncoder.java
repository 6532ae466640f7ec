package io.vectorconnect.milvus.sink.row;

import io.milvus.grpc.ScalarField;

/**
 * Turns a record's value (not null) into what a column is built of: Boolean, Integer (for Int8 to
 * Int32), Long, Float, Double, String, ScalarField (for arrays), or bytes: of JSON in UTF-8, or a
 * packed vector.
 */
@FunctionalInterface
interface CellEncoder {
  /**
   * Encodes one value.
   *
   * @throws org.apache.kafka.connect.errors.DataException when the field cannot hold it
   */
  Object encode(Object value);

  /** About the size of an encoded value in a request. */
  static int size(Object encoded) {
    if (encoded instanceof byte[] bytes) {
      return bytes.length;
    }
    if (encoded instanceof ScalarField array) {
      return array.getSerializedSize();
    }
    return encoded instanceof String text ? text.length() : Long.BYTES;
  }
}
