package io.vectorconnect.debezium;

import io.debezium.spi.converter.RelationalColumn;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.SchemaBuilder;

/** The database and the settings of the connector in which the converter runs. */
interface SourceDatabase {
  /** Name of the column by which a converter gets its {@code SourceDatabase}, as the default. */
  String INTRODUCTION = "vectorconnect_introduction";

  /** The type of a column's values. */
  ColumnType type(RelationalColumn column);

  /** Whether changes contain the values of types that Debezium does not know. */
  boolean sendsUnknownTypes();

  /**
   * Debezium's own way to send a column.
   *
   * @return empty for types that Debezium does not send
   */
  Optional<Own> own(RelationalColumn column);

  /** Everything by which this connector would lose or change values: one sentence each. */
  List<String> problems();

  /**
   * Why the rows that a table already has would lack the value of a column that was not there when
   * the connector started.
   */
  Optional<String> problemOfNewColumn(RelationalColumn column);

  /**
   * Debezium's schema and conversion of a column.
   *
   * @param schema not yet built
   * @param conversion from what Debezium reads, which may be null
   */
  record Own(SchemaBuilder schema, UnaryOperator<Object> conversion) {}
}
