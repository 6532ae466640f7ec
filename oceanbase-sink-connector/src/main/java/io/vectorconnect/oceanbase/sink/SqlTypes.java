package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.data.Json;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.sql.sink.row.TemporalReader;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;

/** The column types of tables that the sink creates. */
final class SqlTypes {
  /** The most digits, and the most decimals, of a DECIMAL. */
  static final int MAX_PRECISION = 65;

  private static final int MAX_SCALE = 30;

  private SqlTypes() {}

  /**
   * The type of a column for values of {@code schema}: always one that holds them exactly.
   *
   * @param keys how many columns the key has, if this is one of them, else 0: texts of a key have a
   *     limit, which they share
   */
  static String of(Schema schema, int keys) {
    var vector = VectorType.of(schema);
    if (vector.isPresent()) {
      return vector(vector.get(), schema);
    }
    return switch (schema.name() == null ? "" : schema.name()) {
      case Json.LOGICAL_NAME -> "JSON";
      case Decimal.LOGICAL_NAME -> decimal(schema);
      case "io.debezium.data.VariableScaleDecimal" ->
          "DECIMAL(%d,%d)".formatted(MAX_PRECISION, MAX_SCALE);
      // A point in time; as a key's first column, MySQL would set a TIMESTAMP by itself.
      case Timestamp.LOGICAL_NAME, "io.debezium.time.ZonedTimestamp" ->
          keys > 0 ? "DATETIME(6)" : "TIMESTAMP(6) NULL";
      case "io.debezium.data.Uuid" -> "VARCHAR(36)";
      case "io.debezium.data.FloatVector", "io.debezium.data.DoubleVector" ->
          throw undeclared("vector.fields=column:dimension");
      case VectorReader.DEBEZIUM_SPARSE -> "SPARSEVECTOR";
      case VectorReader.DEBEZIUM_BITS -> bits(schema);
      default -> temporalOrPlain(schema, keys);
    };
  }

  private static String temporalOrPlain(Schema schema, int keys) {
    TemporalReader.Kind kind = TemporalReader.kind(schema);
    if (kind == null) {
      return plain(schema, keys);
    }
    return switch (kind) {
      case DATE -> "DATE";
      case TIME -> "TIME(6)";
      case TIMESTAMP -> "DATETIME(6)"; // Debezium's word for one without zone
    };
  }

  private static String plain(Schema schema, int keys) {
    return switch (schema.type()) {
      case BOOLEAN -> "BOOLEAN";
      case INT8 -> "TINYINT";
      case INT16 -> "SMALLINT";
      case INT32 -> "INT";
      case INT64 -> "BIGINT";
      case FLOAT32 -> "FLOAT";
      case FLOAT64 -> "DOUBLE";
      case STRING -> keys > 0 ? "VARCHAR(%d)".formatted(keyLength(keys)) : "LONGTEXT";
      case BYTES -> keys > 0 ? "VARBINARY(%d)".formatted(keyLength(keys)) : "LONGBLOB";
      case ARRAY, MAP, STRUCT -> "JSON";
    };
  }

  /** A key has at most 16 KiB, a character up to four bytes. */
  private static int keyLength(int keys) {
    return keys <= 3 ? 1_024 : 3_072 / keys;
  }

  private static String decimal(Schema schema) {
    int scale = scale(schema);
    if (scale < 0 || scale > MAX_SCALE) {
      throw new DataException(
          "a DECIMAL has 0 to %d decimals, the field has %d; declare the column by column.types"
              .formatted(MAX_SCALE, scale));
    }
    return "DECIMAL(%d,%d)".formatted(MAX_PRECISION, scale);
  }

  private static int scale(Schema schema) {
    String scale =
        schema.parameters() == null ? null : schema.parameters().get(Decimal.SCALE_FIELD);
    try {
      return Integer.parseInt(scale);
    } catch (NumberFormatException e) {
      throw new DataException(
          "schema %s has no number as its parameter %s; declare the column by column.types"
              .formatted(schema.name(), Decimal.SCALE_FIELD));
    }
  }

  private static String vector(VectorType type, Schema schema) {
    var dimension = VectorSchema.dimension(schema);
    return switch (type) {
      // A float32 holds the three narrower ones exactly.
      case FLOAT, FLOAT16, BFLOAT16, INT8 -> {
        if (dimension.isEmpty()) {
          throw undeclared("vector.fields=column:dimension");
        }
        yield "VECTOR(" + VectorValues.checkDimension(dimension.getAsInt()) + ")";
      }
      case SPARSE -> "SPARSEVECTOR";
      case BINARY -> throw bits();
    };
  }

  private static DataException undeclared(String fix) {
    return new DataException(
        "a VECTOR needs a dimension, which the record's schema does not tell; declare it by "
            + fix);
  }

  private static String bits(Schema schema) {
    int length = VectorSchema.positive(schema, "length").orElse(0);
    if (length < 1 || length > BitValues.MAX_BITS) {
      throw bits();
    }
    return "BIT(" + length + ")";
  }

  private static DataException bits() {
    return new DataException(
        "OceanBase has no type for vectors of bits; declare the column by"
            + " column.types=column:VARBINARY(bytes) to keep them packed, or leave the field out by"
            + " fields.exclude");
  }
}
