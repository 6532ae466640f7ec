package io.vectorconnect.debezium;

import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.data.VectorReader;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/**
 * Gives Debezium's PostgreSQL connector the packed vector types: {@code vector} becomes {@code
 * FloatVector}, {@code halfvec} {@code Float16Vector}, {@code sparsevec} {@code SparseVector} and
 * {@code bit} {@code BinaryVector}, also under domains. What Debezium leaves out or changes becomes
 * the text that PostgreSQL prints; what not even that can carry stops the connector. Set up by
 * {@code converters=vectors} and {@code vectors.type=io.vectorconnect.debezium.VectorConverter},
 * with the jar in Debezium's own plugin folder.
 *
 * <p>A vector arrives as text, which both databases print so that it reads back as the same bits:
 * in the snapshot inside the driver's {@code PGobject}, later as a String. For a value that
 * PostgreSQL leaves out of its log, because it lies in TOAST and did not change, there is only a
 * marker; it leaves here as {@link UnavailableValue}, never as NULL.
 */
public final class VectorConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {
  private static final int MAX_ELEMENTS = 16_000;
  private static final int MAX_SPARSE_DIMENSION = 1_000_000_000;

  /** PostgreSQL's own limit of a bit string. */
  private static final int MAX_BITS = 83_886_080;

  private ConverterKeys keys = new ConverterKeys();

  /** Set on the task's thread before the threads that read are started. */
  private volatile SourceDatabase database;

  @Override
  public void configure(Properties properties) {
    keys = ConverterKeys.of(properties);
  }

  @Override
  public void converterFor(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    if (column.name().equals(SourceDatabase.INTRODUCTION)
        && column.defaultValue() instanceof SourceDatabase introduced) {
      keys.check().report(introduced.problems());
      database = introduced;
      return;
    }
    if (database == null) {
      throw new ConnectException(
          "Debezium did not introduce its connector to VectorConverter, which therefore cannot check what would be lost; use Debezium 3.7 or later, and remove other jars with a PostProcessorFactory from its plugin folder");
    }
    database.problemOfNewColumn(column).ifPresent(problem -> keys.check().report(List.of(problem)));
    register(column, database.type(column), registration);
  }

  private void register(
      RelationalColumn column, ColumnType type, ConverterRegistration<SchemaBuilder> registration) {
    ConvertedColumn converted = new ConvertedColumn(column);
    Optional<VectorType> vector = type.isArray() ? Optional.empty() : vectorType(type.name());
    if (vector.isPresent()) {
      registerVector(converted, vector.get(), type, registration);
    } else if (isSentAsText(type)) {
      if (type.needsUnknownDatatypes() && !database.sendsUnknownTypes()) {
        keys.check()
            .report(
                List.of(
                    ConnectorKeys.problemOfUnknownType(
                        column.dataCollection(), column.name(), type.name())));
        return;
      }
      registration.register(converted.optional(SchemaBuilder.string()), converted::text);
    } else if (type.isArray() || type.name().startsWith("float")) {
      database
          .own(column)
          .ifPresent(
              own ->
                  registration.register(
                      own.schema(), new GuardedConversion(converted, own, keys.specialFloats())));
    }
  }

  /**
   * Whether Debezium would leave values out or change them. Its Bits have no place for each value's
   * own length, and its ZonedTime is in UTC.
   */
  private static boolean isSentAsText(ColumnType type) {
    return type.isArray()
        ? type.dimensions() > 1 || !type.isKnownToDebezium()
        : !type.isKnownToDebezium() || Set.of("varbit", "timetz").contains(type.name());
  }

  private static void registerVector(
      ConvertedColumn converted,
      VectorType vector,
      ColumnType type,
      ConverterRegistration<SchemaBuilder> registration) {
    int dimension = dimension(vector, type);
    if (vector == VectorType.SPARSE && dimension == 0) {
      // Packed pairs have no place for a dimension of each row's own; the text has.
      registration.register(converted.optional(SchemaBuilder.string()), converted::text);
      return;
    }
    SchemaBuilder schema =
        dimension == 0 ? VectorSchema.builder(vector) : VectorSchema.builder(vector, dimension);
    VectorReader reader = VectorReader.of(Schema.STRING_SCHEMA, vector, dimension, Set.of());
    registration.register(
        converted.optional(schema),
        value -> converted.convert(value, text -> packed(reader, text), UnavailableValue.bytes()));
  }

  private static Optional<VectorType> vectorType(String name) {
    return switch (name) {
      case "vector" -> Optional.of(VectorType.FLOAT);
      case "halfvec" -> Optional.of(VectorType.FLOAT16);
      case "sparsevec" -> Optional.of(VectorType.SPARSE);
      case "bit" -> Optional.of(VectorType.BINARY);
      default -> Optional.empty();
    };
  }

  /** The declared dimension, or 0: Debezium's length of a column without one is a huge number. */
  private static int dimension(VectorType vector, ColumnType type) {
    int most =
        switch (vector) {
          case SPARSE -> MAX_SPARSE_DIMENSION;
          case BINARY -> MAX_BITS;
          default -> MAX_ELEMENTS;
        };
    int length = type.modifier().orElse(0);
    return length > 0 && length <= most ? length : 0;
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
