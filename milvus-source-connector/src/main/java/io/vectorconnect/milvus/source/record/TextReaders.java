package io.vectorconnect.milvus.source.record;

import io.milvus.grpc.ScalarField;
import io.vectorconnect.milvus.FieldParameters;
import io.vectorconnect.milvus.TextType;
import io.vectorconnect.milvus.source.config.FieldKeys;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Readers of scalar types that travel as text. Each schema names the type in Milvus, so that the
 * Milvus sink can create such a field again.
 */
final class TextReaders {
  private static final String ZONED_TIMESTAMP = "io.debezium.time.ZonedTimestamp";

  /** ISO 8601 in UTC, with microseconds where there are any: equal times have equal texts. */
  private static final DateTimeFormatter MICROSECONDS =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .appendLiteral('Z')
          .toFormatter(java.util.Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private TextReaders() {}

  /** The reader of a type's values; struct arrays are no scalars, see {@link StructArrays}. */
  static ScalarReader of(TextType type) {
    return switch (type) {
      case TEXT ->
          new ScalarReader(
              () -> builder(type),
              (c, i) -> c.getStringData().getData(i),
              c -> c.getStringData().getDataCount());
      case GEOMETRY ->
          new ScalarReader(
              () -> builder(type),
              (c, i) -> c.getGeometryWktData().getData(i),
              TextReaders::geometries);
      case TIMESTAMPTZ ->
          new ScalarReader(
              () -> builder(type).name(ZONED_TIMESTAMP).version(1),
              TextReaders::time,
              c ->
                  c.hasTimestamptzData()
                      ? c.getTimestamptzData().getDataCount()
                      : c.getStringData().getDataCount());
      case STRUCT_ARRAY -> throw new IllegalArgumentException("no scalar: " + type);
    };
  }

  private static SchemaBuilder builder(TextType type) {
    return SchemaBuilder.string().parameter(FieldParameters.TEXT_TYPE, type.toString());
  }

  private static int geometries(ScalarField column) {
    if (column.hasGeometryData()) {
      throw new ConnectException(
          "Milvus sent geometries as WKB, which this connector does not turn into text; exclude the field by "
              + FieldKeys.EXCLUDE);
    }
    return column.getGeometryWktData().getDataCount();
  }

  /** Answers have text in the collection's time zone; the log has microseconds since 1970. */
  private static String time(ScalarField column, int row) {
    if (column.hasTimestamptzData()) {
      long micros = column.getTimestamptzData().getData(row);
      return MICROSECONDS.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }
    try {
      return MICROSECONDS.format(OffsetDateTime.parse(column.getStringData().getData(row)));
    } catch (DateTimeParseException e) {
      throw new ConnectException(
          "Milvus sent a Timestamptz that is no ISO 8601 time with an offset; exclude the field by "
              + FieldKeys.EXCLUDE);
    }
  }
}
