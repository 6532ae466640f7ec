package io.vectorconnect.debezium;

import java.util.OptionalInt;

/**
 * The type of a column's values; of a domain, the type under it.
 *
 * @param name {@code pg_type.typname}, without a schema; of an array, its element's
 * @param isEnum whether the values, or an array's elements, are an enum's
 * @param isArray whether the values are arrays
 * @param modifier {@code atttypmod}, of a domain {@code typtypmod}: a vector type's dimension
 * @param dimensions the declared number of an array's dimensions
 */
record ColumnType(
    String name, boolean isEnum, boolean isArray, OptionalInt modifier, int dimensions) {

  /** A type that is neither an enum nor an array. */
  static ColumnType of(String name, OptionalInt modifier) {
    return new ColumnType(name, false, false, modifier, 0);
  }

  /** Whether Debezium sends the values of such a column, though perhaps not exactly. */
  boolean isKnownToDebezium() {
    return isEnum || (isArray ? DebeziumTypes.ELEMENTS : DebeziumTypes.SCALARS).contains(name);
  }

  /** Whether changes contain values of the column only with a setting of the connector. */
  boolean needsUnknownDatatypes() {
    return !isArray && !isKnownToDebezium();
  }
}
