package io.vectorconnect.oceanbase.source;

import io.vectorconnect.data.FloatArray;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * One column's Connect schema, what to select for it, and how to read it.
 *
 * @param name the column's name
 * @param schema its schema on Kafka
 * @param expressions what to select, given how vectors are asked for
 * @param cell reads one value from what came; never called for NULL
 */
record ColumnReader(
    String name, Schema schema, Function<VectorForm, List<String>> expressions, Cell cell) {

  /** Reads a value. */
  @FunctionalInterface
  interface Cell {
    /**
     * One value.
     *
     * @param row the server's text of each selected expression
     * @param at the first expression of this column
     */
    Object read(byte[][] row, int at, Reading reading);
  }

  /**
   * How a row was read.
   *
   * @param form how vectors were asked for
   * @param sparse asks for the exact values of a sparse vector of this row
   */
  record Reading(VectorForm form, SparseValues sparse) {}

  /** Asks the server for elements of a sparse vector. */
  @FunctionalInterface
  interface SparseValues {
    /** The values at the indices, exactly. */
    double[] at(String column, List<String> indices);
  }

  /**
   * The reader of a column.
   *
   * @throws ConnectException naming table, column and type when the type is not supported
   */
  static ColumnReader of(String table, Column column, VectorFormat format) {
    String sql = "n." + Sql.quote(column.name());
    return switch (column.type()) {
      case "vector" -> vector(column, sql, format);
      case "sparsevector" ->
          new ColumnReader(
              column.name(),
              build(column, VectorSchema.builder(VectorType.SPARSE)),
              form -> List.of(sql),
              (row, at, reading) -> SparseText.read(row[at], column.name(), reading.sparse()));
      default -> {
        ScalarReader reader = ScalarReader.of(table, column);
        yield new ColumnReader(
            column.name(),
            build(column, reader.schema()),
            form -> List.of(reader.expression().formatted(sql)),
            (row, at, reading) -> reader.value().read(row[at]));
      }
    };
  }

  /** The value, or null for NULL. */
  Object read(byte[][] row, int at, Reading reading) {
    return row[at] == null ? null : cell.read(row, at, reading);
  }

  private static ColumnReader vector(Column column, String sql, VectorFormat format) {
    int dimension =
        Integer.parseInt(column.declaration().replaceFirst(".*\\(\\s*(\\d+)\\s*\\).*", "$1"));
    if (format == VectorFormat.ARRAY) {
      return new ColumnReader(
          column.name(),
          build(column, SchemaBuilder.array(Schema.FLOAT32_SCHEMA)),
          form -> form.expressions(sql, dimension),
          (row, at, reading) -> FloatArray.of(reading.form().read(row, at, dimension)));
    }
    return new ColumnReader(
        column.name(),
        build(column, VectorSchema.builder(VectorType.FLOAT, dimension)),
        form -> form.expressions(sql, dimension),
        (row, at, reading) -> reading.form().read(row, at, dimension));
  }

  private static Schema build(Column column, SchemaBuilder builder) {
    return column.nullable() ? builder.optional().build() : builder.build();
  }
}
