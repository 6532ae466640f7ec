package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.data.ExactNumber;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** Encoders of BIT columns, which hold an unsigned number of up to 64 bits. */
final class BitValues {
  /** Bits of the widest column. */
  static final int MAX_BITS = 64;

  private BitValues() {}

  static ValueEncoder of(Schema schema, Column column) {
    if (schema != null && VectorReader.DEBEZIUM_BITS.equals(schema.name())) {
      return bits(schema, column);
    }
    long max = column.length() >= Long.SIZE - 1 ? Long.MAX_VALUE : (1L << column.length()) - 1;
    return value ->
        value instanceof Boolean flag
            ? Long.valueOf(flag ? 1 : 0)
            : Long.valueOf(ExactNumber.integer(value, 0, max, column.declaration()));
  }

  /**
   * Debezium's {@code Bits}: the number's bytes, the lowest first, without zero bytes at the end.
   */
  private static ValueEncoder bits(Schema schema, Column column) {
    int length =
        VectorSchema.positive(schema, "length")
            .orElseThrow(
                () -> new DataException("schema " + schema.name() + " has no parameter length"));
    if (length != column.length()) {
      throw new DataException(
          "expected %d bits, the field has %d; use a column BIT(%d)"
              .formatted(column.length(), length, length));
    }
    return value -> {
      byte[] lowestFirst = VectorReader.bytes(value);
      byte[] highestFirst = new byte[lowestFirst.length];
      for (int i = 0; i < lowestFirst.length; i++) {
        highestFirst[lowestFirst.length - 1 - i] = lowestFirst[i];
      }
      BigInteger number = new BigInteger(1, highestFirst);
      if (number.bitLength() > length) {
        throw new DataException("a bit string of length %d has bits beyond".formatted(length));
      }
      return new BigDecimal(number);
    };
  }
}
