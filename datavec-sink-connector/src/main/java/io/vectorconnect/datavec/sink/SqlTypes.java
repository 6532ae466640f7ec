package io.vectorconnect.datavec.sink;

import io.vectorconnect.data.Json;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.sql.sink.row.TemporalReader;
import java.util.Set;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;

/** The column types of tables that the sink creates. */
final class SqlTypes {
  /** PostgreSQL's own limit of a bit string. */
  private static final int MAX_BITS = 83_886_080;

  private SqlTypes() {}

  /**
   * The type of a column for values of {@code schema}: always one that holds them exactly.
   *
   * @param vectorTypes the vector types that the database has; openGauss has no halfvec before
   *     7.0.0-RC2
   */
  static String of(Schema schema, Set<String> vectorTypes) {
    var vector = VectorType.of(schema);
    if (vector.isPresent()) {
      return vector(vector.get(), schema, vectorTypes);
    }
    String logical = logical(schema);
    return logical == null ? plain(schema) : logical;
  }

  /** The type that the schema's name tells, or null: an unknown name says nothing. */
  private static String logical(Schema schema) {
    return switch (schema.name() == null ? "" : schema.name()) {
      case Json.LOGICAL_NAME -> "JSONB";
      case Decimal.LOGICAL_NAME -> "NUMERIC";
      case Timestamp.LOGICAL_NAME, "io.debezium.time.ZonedTimestamp" -> "TIMESTAMP WITH TIME ZONE";
      case "io.debezium.data.VariableScaleDecimal" -> "NUMERIC";
      case "io.debezium.data.Uuid" -> "UUID";
      case "io.debezium.data.FloatVector", "io.debezium.data.DoubleVector" -> "VECTOR";
      case VectorReader.DEBEZIUM_SPARSE -> "SPARSEVEC";
      case VectorReader.DEBEZIUM_BITS -> "BIT(" + bits(schema) + ")";
      default -> temporal(TemporalReader.kind(schema));
    };
  }

  /** A number and nothing else: what comes from a record goes into a statement here. */
  private static int bits(Schema schema) {
    int bits = VectorSchema.positive(schema, "length").orElse(0);
    if (bits < 1 || bits > MAX_BITS) {
      throw new DataException(
          "schema %s has no parameter length from 1 to %,d, which tells the number of bits; declare the column by column.types=column:BIT(number)"
              .formatted(schema.name(), MAX_BITS));
    }
    return bits;
  }

  private static String temporal(TemporalReader.Kind kind) {
    if (kind == null) {
      return null;
    }
    return switch (kind) {
      case DATE -> "DATE";
      case TIME -> "TIME";
      case TIMESTAMP -> "TIMESTAMP"; // Debezium's word for one without zone
    };
  }

  private static String plain(Schema schema) {
    return switch (schema.type()) {
      case BOOLEAN -> "BOOLEAN";
      case INT8, INT16 -> "SMALLINT";
      case INT32 -> "INTEGER";
      case INT64 -> "BIGINT";
      case FLOAT32 -> "REAL";
      case FLOAT64 -> "DOUBLE PRECISION";
      case STRING -> "VARCHAR";
      case BYTES -> "BYTEA";
      case ARRAY ->
          isScalar(schema.valueSchema()) ? of(schema.valueSchema(), Set.of()) + "[]" : "JSONB";
      case MAP, STRUCT -> "JSONB";
    };
  }

  private static boolean isScalar(Schema element) {
    return element.type().isPrimitive() && VectorType.of(element).isEmpty();
  }

  private static String vector(VectorType type, Schema schema, Set<String> vectorTypes) {
    var declared = VectorSchema.dimension(schema);
    String dimension = declared.isPresent() ? "(" + declared.getAsInt() + ")" : "";
    return switch (type) {
      // There is no bfloat16 or int8 vector in the database; a float32 holds both exactly.
      case FLOAT, BFLOAT16, INT8 -> "VECTOR" + dimension;
      case FLOAT16 -> (vectorTypes.contains("halfvec") ? "HALFVEC" : "VECTOR") + dimension;
      case SPARSE -> "SPARSEVEC" + dimension;
      case BINARY -> declared.isPresent() ? "BIT" + dimension : "BIT VARYING";
    };
  }
}
