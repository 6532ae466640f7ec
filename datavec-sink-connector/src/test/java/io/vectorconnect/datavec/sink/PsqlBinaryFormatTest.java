package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our encoders against what PostgreSQL 18 with pgvector sends for the same values: type, text, and
 * the bytes of its send function, as psql printed them.
 */
class PsqlBinaryFormatTest {
  private static final String ZONE = "Z";

  record Fixture(String type, String text, String hex) {}

  static Stream<Fixture> fixtures() throws IOException {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                PsqlBinaryFormatTest.class.getResourceAsStream("psql-binary.tsv"),
                StandardCharsets.UTF_8))) {
      List<Fixture> fixtures =
          lines
              .lines()
              .map(line -> line.split("\t", -1))
              .map(columns -> new Fixture(columns[0], columns[1], columns[2]))
              .toList();
      return fixtures.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void encodesAsTheServerDoes(Fixture fixture) {
    String type = fixture.type().equals("bit") ? "varbit" : fixture.type();
    Column column =
        new Column(
            "c",
            new Column.Type(type, -1, type, false, Optional.empty()),
            type,
            false,
            Column.FilledBy.STATEMENT,
            Optional.empty());
    Schema schema = schema(fixture.type());
    ColumnEncoder encoder =
        VectorEncoders.of(schema, column, Set.of())
            .orElseGet(() -> ScalarEncoders.of(schema, column));
    CopyBuffer buffer = new CopyBuffer();
    encoder.encode(value(fixture), buffer);
    assertThat(HexFormat.of().formatHex(buffer.toByteArray())).isEqualTo(fixture.hex());
  }

  private static Schema schema(String type) {
    return switch (type) {
      case "bool" -> Schema.BOOLEAN_SCHEMA;
      case "int2" -> Schema.INT16_SCHEMA;
      case "int4" -> Schema.INT32_SCHEMA;
      case "int8" -> Schema.INT64_SCHEMA;
      case "float4" -> Schema.FLOAT32_SCHEMA;
      case "float8" -> Schema.FLOAT64_SCHEMA;
      case "numeric" -> Decimal.schema(8);
      case "jsonb" -> Json.builder().build();
      case "date" -> org.apache.kafka.connect.data.Date.SCHEMA;
      case "time" -> Time.SCHEMA;
      case "timestamptz" -> Timestamp.SCHEMA;
      default -> Schema.STRING_SCHEMA;
    };
  }

  /** The value as Connect holds it. */
  private static Object value(Fixture fixture) {
    String text = fixture.text();
    return switch (fixture.type()) {
      case "bool" -> Boolean.valueOf(text);
      case "int2" -> Short.valueOf(text);
      case "int4" -> Integer.valueOf(text);
      case "int8" -> Long.valueOf(text);
      case "float4" -> Float.valueOf(text);
      case "float8" -> Double.valueOf(text);
      case "numeric" -> new BigDecimal(text);
      case "date" -> Date.from(Instant.parse(LocalDate.parse(text) + "T00:00:00" + ZONE));
      case "time" -> new Date(LocalTime.parse(text).toNanoOfDay() / 1_000_000);
      case "timestamptz" -> Date.from(Instant.parse(text));
      default -> text;
    };
  }
}
