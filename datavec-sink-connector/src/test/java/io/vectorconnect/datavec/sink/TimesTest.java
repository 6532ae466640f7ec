package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Date;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGStatement;

/** The ends of PostgreSQL's times; layouts as in timestamp_recv and date_recv. */
class TimesTest {
  private static final Schema MICROS =
      SchemaBuilder.int64().name("io.debezium.time.MicroTimestamp").build();
  private static final Schema ZONED =
      SchemaBuilder.string().name("io.debezium.time.ZonedTimestamp").build();

  private static ByteBuffer encode(String type, Schema schema, Object value) {
    Column column =
        new Column(
            "at",
            new Column.Type(type, -1, type, false, Optional.empty()),
            type,
            false,
            Column.FilledBy.STATEMENT,
            Optional.empty());
    CopyBuffer out = new CopyBuffer();
    ScalarEncoders.of(schema, column).encode(value, out);
    return ByteBuffer.wrap(out.toByteArray());
  }

  @Test
  void infinitiesAreInfinite() {
    long plus = PGStatement.DATE_POSITIVE_INFINITY;
    long minus = PGStatement.DATE_NEGATIVE_INFINITY;
    assertThat(encode("timestamp", MICROS, Long.MAX_VALUE).getLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(encode("timestamp", MICROS, Long.MIN_VALUE).getLong()).isEqualTo(Long.MIN_VALUE);
    assertThat(encode("timestamp", MICROS, plus).getLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(encode("timestamp", MICROS, minus).getLong()).isEqualTo(Long.MIN_VALUE);
    assertThat(encode("timestamptz", ZONED, "infinity").getLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(encode("timestamptz", ZONED, "-infinity").getLong()).isEqualTo(Long.MIN_VALUE);
    for (long unit : new long[] {1, 1000}) {
      assertThat(encode("timestamp", Timestamp.SCHEMA, new Date(plus / unit)).getLong())
          .isEqualTo(Long.MAX_VALUE);
      assertThat(encode("timestamp", Timestamp.SCHEMA, new Date(minus / unit)).getLong())
          .isEqualTo(Long.MIN_VALUE);
      assertThat(encode("date", Timestamp.SCHEMA, new Date(plus / unit)).getInt())
          .isEqualTo(Integer.MAX_VALUE);
    }
  }

  @Test
  void textIsReadInEveryYear() {
    assertThat(encode("timestamptz", ZONED, "9999-12-31T23:59:59.999999Z").getLong())
        .isEqualTo(253_402_300_799_999_999L - 946_684_800_000_000L);
    assertThat(encode("timestamptz", ZONED, "0001-01-01T00:00:00.000001Z").getLong())
        .isEqualTo(-62_135_596_799_999_999L - 946_684_800_000_000L);
  }

  /** What Debezium 3.7 makes of infinite dates. */
  @ParameterizedTest
  @ValueSource(ints = {-622_191_234, -625_821_272})
  void infiniteDatesOfDebeziumAreRefused(int days) {
    Schema schema = SchemaBuilder.int32().name("io.debezium.time.Date").build();
    assertThatThrownBy(() -> encode("date", schema, days))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("out of range");
  }

  @Test
  void neighboursOfAnInfinityAreFinite() {
    long beside = PGStatement.DATE_POSITIVE_INFINITY - 1;
    assertThat(encode("timestamp", MICROS, beside).getLong())
        .isEqualTo(beside - 946_684_800_000_000L);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE + 1, -210_866_803_200_000_001L})
  void whatPostgresqlHasNotIsRefused(long micros) {
    assertThatThrownBy(() -> encode("timestamp", MICROS, micros)).isInstanceOf(DataException.class);
  }
}
