package io.vectorconnect.debezium;

import io.debezium.spi.converter.CustomConverter.Converter;
import io.vectorconnect.data.SpecialFloats;
import java.sql.Array;
import org.apache.kafka.connect.errors.DataException;

/** Debezium's own conversion of numbers and arrays, which must not change what it converts. */
record GuardedConversion(
    ConvertedColumn column, SourceDatabase.Own own, SpecialFloats specialFloats)
    implements Converter {

  @Override
  public Object convert(Object value) {
    if (value instanceof Array && !isOfOneDimension(value.toString())) {
      throw column.refused(
          "the array has several dimensions, or does not begin at 1, which Debezium would lose; declare the column with its dimensions, such as int[][], and it is sent as text");
    }
    Object converted = own.conversion().apply(value);
    try {
      specialFloats.check(converted);
    } catch (DataException e) {
      throw column.refused(e.getMessage());
    }
    return converted;
  }

  /** PostgreSQL prints bounds only where the first is not 1; text with a brace is quoted. */
  private static boolean isOfOneDimension(String printed) {
    return !printed.startsWith("[") && !printed.startsWith("{{");
  }
}
