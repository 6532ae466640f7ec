package io.vectorconnect.debezium;

import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/**
 * Gives Debezium's PostgreSQL connector the packed vector types: {@code vector} becomes {@code
 * FloatVector}, {@code halfvec} {@code Float16Vector}, {@code sparsevec} {@code SparseVector} and
 * {@code bit} {@code BinaryVector}. {@code bit varying} becomes text of 0 and 1. Set up by {@code
 * converters=vectors} and {@code vectors.type=io.vectorconnect.debezium.VectorConverter}, with the
 * jar in Debezium's own plugin folder.
 *
 * <p>What arrives is text, which both databases print so that it reads back as the same bits: in
 * the snapshot inside of the driver's {@code PGobject}, later as a String. Of a value that
 * PostgreSQL leaves out of its log, because it lies in TOAST and did not change, there is only a
 * marker; it leaves here as {@link UnavailableValue}, never as NULL.
 */
public final class VectorConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {
  private static final int MAX_ELEMENTS = 16_000;
  private static final int MAX_SPARSE_DIMENSION = 1_000_000_000;

  /** PostgreSQL's own limit of a bit string. */
  private static final int MAX_BITS = 83_886_080;

  /** How values of one column leave. */
  @FunctionalInterface
  private interface Form {
    Object of(String text);
  }

  @Override
  public void configure(Properties properties) {
    // Column types say everything.
  }

  @Override
  public void converterFor(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    if (plain(column.typeName()).equals("varbit")) {
      // Debezium's own Bits have no place for a length of each value's own; the text has.
      asText(column, registration);
      return;
    }
    Optional<VectorType> type = type(column.typeName());
    if (type.isEmpty()) {
      return;
    }
    int dimension = dimension(type.get(), column);
    if (type.get() == VectorType.SPARSE && dimension == 0) {
      // Packed pairs have no place for a dimension of each row's own; the text has.
      asText(column, registration);
      return;
    }
    SchemaBuilder schema =
        dimension == 0
            ? VectorSchema.builder(type.get())
            : VectorSchema.builder(type.get(), dimension);
    VectorReader reader = VectorReader.of(Schema.STRING_SCHEMA, type.get(), dimension, Set.of());
    registration.register(
        optional(schema, column),
        value -> convert(column, value, text -> packed(reader, text), UnavailableValue.bytes()));
  }

  private static void asText(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    registration.register(
        optional(SchemaBuilder.string(), column),
        value -> convert(column, value, text -> text, UnavailableValue.TEXT));
  }

  /** A type's name without its schema. */
  private static String plain(String name) {
    return name.substring(name.lastIndexOf('.') + 1).replace("\"", "");
  }

  private static Optional<VectorType> type(String name) {
    return switch (plain(name)) {
      case "vector" -> Optional.of(VectorType.FLOAT);
      case "halfvec" -> Optional.of(VectorType.FLOAT16);
      case "sparsevec" -> Optional.of(VectorType.SPARSE);
      case "bit" -> Optional.of(VectorType.BINARY);
      default -> Optional.empty();
    };
  }

  /** The declared dimension, or 0: Debezium's length of a column without one is a huge number. */
  private static int dimension(VectorType type, RelationalColumn column) {
    int most =
        switch (type) {
          case SPARSE -> MAX_SPARSE_DIMENSION;
          case BINARY -> MAX_BITS;
          default -> MAX_ELEMENTS;
        };
    int length = column.length().orElse(0);
    return length > 0 && length <= most ? length : 0;
  }

  private static SchemaBuilder optional(SchemaBuilder schema, RelationalColumn column) {
    return column.isOptional() ? schema.optional() : schema;
  }

  private static Object convert(
      RelationalColumn column, Object value, Form form, Object unavailable) {
    if (value == null) {
      // A deleted row without its other columns: of one that is NOT NULL this means "not told".
      return column.isOptional() ? null : unavailable;
    }
    try {
      return isMarker(value) ? unavailable : form.of(text(value));
    } catch (DataException e) {
      throw new DataException(
          "column %s of table %s (%s): %s"
              .formatted(
                  column.name(), column.dataCollection(), column.typeExpression(), e.getMessage()));
    }
  }

  /** Debezium's marker of an unchanged TOASTed value is a bare object. */
  private static boolean isMarker(Object value) {
    return value.getClass() == Object.class;
  }

  private static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Boolean bit) { // the driver's view of bit(1)
      return bit ? "1" : "0";
    }
    // By name: the driver's classes are Debezium's.
    if (value.getClass().getSimpleName().equals("PGobject")) {
      return value.toString();
    }
    throw new DataException("expected text, got a " + value.getClass().getName());
  }

  private static byte[] packed(VectorReader reader, String text) {
    byte[] bytes = reader.read(text).bytes();
    if (UnavailableValue.isBytes(bytes)) {
      throw new DataException(
          "the vector has the very bytes of Debezium's placeholder for a value that is not there");
    }
    return bytes;
  }
}
