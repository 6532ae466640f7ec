package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.KEY;
import static io.vectorconnect.it.SinkRecords.key;
import static io.vectorconnect.it.SinkRecords.value;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** What becomes of values in OceanBase, asked of the server itself. */
@Services(alone = OCEANBASE)
class OceanBaseSinkTypesIT implements SqlTypesContract {
  private final OceanBase sql = OceanBase.database("sink_types");

  @Override
  public OceanBase sql() {
    return sql;
  }

  @Test
  void sparseVectorsNeedNoDimensionAndTextsMayHaveNulCharacters() throws Exception {
    String text = "quote ' \" backslash \\ nul \0 end";
    Schema schema =
        SchemaBuilder.struct()
            .field("wide", VectorSchema.builder(VectorType.SPARSE).build())
            .field("text", Schema.STRING_SCHEMA)
            .build();
    Struct value =
        new Struct(schema)
            .put("wide", PackedVector.ofSparse(0, new int[] {5, -1}, new float[] {1, 2}).bytes())
            .put("text", text);
    try (SinkHarness sink = sink("special")) {
      sink.write(sink.record("special", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(sql.value("SELECT wide, text FROM special")).isEqualTo("{5:1,4294967295:2}|" + text);
  }

  @Test
  void aValueThatOnlyThisServerWouldChangeIsRefused() throws Exception {
    assertOnlyFitting(
        "changing",
        List.of(
            new Pair(
                "fixed",
                "char(3)",
                Schema.STRING_SCHEMA,
                "abc",
                "a ",
                "the text ends with a space"),
            new Pair("wide", "double", Schema.FLOAT64_SCHEMA, 0.1, Double.NaN, "cannot hold NaN"),
            new Pair(
                "big",
                "bigint unsigned",
                Decimal.schema(0),
                new BigDecimal("18446744073709551615"),
                new BigDecimal("18446744073709551616"),
                "out of the range of bigint(20) unsigned"),
            new Pair(
                "doc",
                "json",
                Json.builder().build(),
                "{\"n\": 18446744073709551615, \"f\": 0.30000000000000004}",
                "{\"n\": 12345678901234567890123}",
                "a number that a float64 does not keep"),
            new Pair(
                "raw",
                "binary(2)",
                Schema.BYTES_SCHEMA,
                new byte[] {1, 2},
                new byte[] {1},
                "which fills up with zeros"),
            new Pair(
                "bin",
                "varbinary(2)",
                Schema.BYTES_SCHEMA,
                new byte[] {1},
                new byte[] {1, 2, 3},
                "3 bytes, more than varbinary(2)")));
    assertThat(
            sql.value(
                "SELECT max(big), (SELECT doc FROM changing WHERE doc IS NOT NULL) FROM changing"))
        .isEqualTo(
            "18446744073709551615|{\"f\": 0.30000000000000004, \"n\": 18446744073709551615}");
  }

  @Test
  void vectorsOfBitsNeedAColumnDeclaredForThem() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("b", VectorSchema.builder(VectorType.BINARY, 10).build())
            .build();
    Struct value = new Struct(schema).put("b", new byte[] {(byte) 0x81, 0x40});
    try (SinkHarness sink = sink("bits_refused")) {
      sink.write(sink.record("bits_refused", KEY, key(1), schema, value));
      assertThat(sink.reasons()).singleElement().asString().contains("column.types=", "VARBINARY");
    }
    try (SinkHarness sink = sink("bits_packed", "column.types", "b:VARBINARY(2)")) {
      sink.write(sink.record("bits_packed", KEY, key(1), schema, value));
      assertThat(sql.value("SELECT hex(b) FROM bits_packed")).isEqualTo("8140");
    }
  }

  @Test
  void keysAreKeptApartByBinaryColumnsAndRefusedByOtherCollations() throws Exception {
    Schema text = SchemaBuilder.struct().field("k", Schema.STRING_SCHEMA).build();
    Schema row = SchemaBuilder.struct().field("n", Schema.INT32_SCHEMA).build();
    List<String> keys = List.of("a", "A", "á", "a ", " a");
    sql.execute(
        "CREATE TABLE keys_ci (k varchar(10) COLLATE utf8mb4_general_ci PRIMARY KEY, n int)");
    for (String topic : List.of("keys_binary", "keys_ci")) {
      String[] more =
          topic.equals("keys_binary")
              ? new String[] {"column.types", "k:VARBINARY(100)"}
              : new String[0];
      try (SinkHarness sink = sink(topic, more)) {
        List<SinkRecord> records = new ArrayList<>();
        for (String key : keys) {
          Struct value = new Struct(row).put("n", records.size());
          records.add(sink.record(topic, text, new Struct(text).put("k", key), row, value));
        }
        sink.write(records.toArray(SinkRecord[]::new));
        assertThat(sink.reasons())
            .hasSize(topic.equals("keys_ci") ? 5 : 0)
            .allMatch(reason -> reason.contains("collation utf8mb4_general_ci"));
      }
    }
    assertThat(sql.rows("SELECT hex(k), n FROM keys_binary ORDER BY n"))
        .containsExactly("61|0", "41|1", "C3A1|2", "6120|3", "2061|4");
  }

  @Test
  void labelsAreTakenToTheLetterAndBitsAsTheyAre() throws Exception {
    Schema bits =
        SchemaBuilder.bytes().name("io.debezium.data.Bits").parameter("length", "8").build();
    Schema wide =
        SchemaBuilder.bytes().name("io.debezium.data.Bits").parameter("length", "64").build();
    Schema text = Schema.STRING_SCHEMA;
    byte[] ones = {-1, -1, -1, -1, -1, -1, -1, -1};
    byte[] tooMany = {0, 0, 0, 0, 0, 0, 0, 0, 1};
    assertOnlyFitting(
        "labels",
        List.of(
            new Pair("number", "enum('a','b','it''s, c')", text, "it's, c", "2", "is no label"),
            new Pair("upper", "enum('a','b')", text, "a", "A", "is no label"),
            new Pair("spaced", "enum('a','b')", text, "b", "a ", "is no label"),
            new Pair("several", "set('a','b','c')", text, "c,a", "a,B", "is no label"),
            new Pair("twice", "set('a','b','c')", text, "", "a,a", "twice"),
            new Pair("few", "bit(8)", bits, new byte[] {3}, new byte[] {3, 1}, "has bits beyond"),
            new Pair("long_bits", "bit(64)", wide, ones, tooMany, "has bits beyond")));
  }
}
