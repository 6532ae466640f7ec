package io.vectorconnect.it;

import static io.vectorconnect.it.DataVecSinkContract.KEY;
import static io.vectorconnect.it.DataVecSinkContract.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.oceanbase.sink.OceanBaseSinkTask;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of values in OceanBase, asked of the server itself. */
@ExtendWith(Stack.class)
@Timeout(120)
class OceanBaseSinkTypesIT {
  private final OceanBase sql = OceanBase.database("sink_types");

  private SinkHarness sink(String topic, String... more) {
    Map<String, String> config = sql.sinkConfig(topic);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(new OceanBaseSinkTask(), config);
  }

  private static Schema value(Schema vector) {
    return SchemaBuilder.struct().field("v", vector).build();
  }

  @Test
  void everyFormOfAVectorThatOthersSend() throws Exception {
    sql.execute("CREATE TABLE forms (id bigint PRIMARY KEY, v vector(3))");
    Map<Schema, Object> forms = new LinkedHashMap<>();
    forms.put(
        VectorSchema.builder(VectorType.FLOAT).build(),
        PackedVector.ofFloats(new float[] {1, 2, 3}).bytes());
    forms.put(VectorSchema.builder(VectorType.INT8, 3).build(), new byte[] {1, 2, 3});
    forms.put(
        VectorSchema.builder(VectorType.FLOAT16, 3).build(),
        new byte[] {0x00, 0x3C, 0x00, 0x40, 0x00, 0x42});
    forms.put(
        VectorSchema.builder(VectorType.BFLOAT16, 3).build(),
        new byte[] {(byte) 0x80, 0x3F, 0x00, 0x40, 0x40, 0x40});
    forms.put(SchemaBuilder.array(Schema.FLOAT32_SCHEMA).build(), List.of(1f, 2f, 3f));
    forms.put(
        SchemaBuilder.array(Schema.FLOAT64_SCHEMA).name("io.debezium.data.DoubleVector").build(),
        List.of(1d, 2d, 3d));
    forms.put(SchemaBuilder.array(Schema.INT32_SCHEMA).build(), List.of(1, 2, 3));
    forms.put(Schema.STRING_SCHEMA, "[1, 2,3]");
    try (SinkHarness sink = sink("forms")) {
      long id = 0;
      for (Map.Entry<Schema, Object> form : forms.entrySet()) {
        Schema schema = value(form.getKey());
        Struct value = new Struct(schema).put("v", form.getValue());
        sink.put(sink.record("forms", KEY, key(++id), schema, value));
      }
      Map<String, Object> schemaless = Map.of("id", ++id, "v", List.of(1L, 2d, 3f));
      sink.put(sink.record("forms", null, Map.of("id", id), null, schemaless));
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql.rows("SELECT v FROM forms")).hasSize(9).containsOnly("[1,2,3]");
    }
  }

  @Test
  void vectorsAreTheSameToTheLastBit() throws Exception {
    int dimension = 16_000;
    Schema schema = value(VectorSchema.builder(VectorType.FLOAT, dimension).build());
    Random random = new Random(5);
    List<byte[]> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      float[] elements = new float[dimension];
      for (int j = 0; j < dimension; j++) {
        do {
          elements[j] = Float.intBitsToFloat(random.nextInt());
        } while (!Float.isFinite(elements[j]));
      }
      elements[0] = i == 0 ? -0f : i == 1 ? Float.MIN_VALUE : Float.MAX_VALUE;
      sent.add(PackedVector.ofFloats(elements).bytes());
    }
    try (SinkHarness sink = sink("bit_for_bit")) {
      for (int i = 0; i < sent.size(); i++) {
        sink.put(
            sink.record(
                "bit_for_bit", KEY, key(i), schema, new Struct(schema).put("v", sent.get(i))));
      }
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
    }
    for (int i = 0; i < sent.size(); i++) {
      assertThat(
              sql.value(
                  "SELECT v = "
                      + OceanBase.literal(sent.get(i))
                      + " FROM bit_for_bit WHERE id = "
                      + i))
          .as("vector %d", i)
          .isEqualTo("1");
    }
    byte[] other = sent.get(3).clone();
    other[4 * 777] ^= 1;
    assertThat(
            sql.value("SELECT v = " + OceanBase.literal(other) + " FROM bit_for_bit WHERE id = 3"))
        .as("one bit beside")
        .isEqualTo("0");
  }

  @Test
  void sparseVectorsKeepEveryIndexAndValue() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("s", VectorSchema.builder(VectorType.SPARSE, 250_002).build())
            .field("wide", VectorSchema.builder(VectorType.SPARSE).build())
            .build();
    float[] values = {0.1f, Float.MIN_VALUE, -2.25f, 16_777_216f, 3.4028235e38f};
    int[] indices = {0, 7, 30, 40_000, 250_001};
    Struct value =
        new Struct(schema)
            .put("s", PackedVector.ofSparse(250_002, indices, values).bytes())
            .put("wide", PackedVector.ofSparse(0, new int[] {5, -1}, new float[] {1, 2}).bytes());
    try (SinkHarness sink = sink("sparse")) {
      sink.write(sink.record("sparse", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
    }
    for (int i = 0; i < indices.length; i++) {
      String element =
          sql.value("SELECT inner_product(s, '{%d:1}') FROM sparse".formatted(indices[i]));
      assertThat(Double.parseDouble(element)).isEqualTo(values[i]);
    }
    assertThat(sql.value("SELECT wide FROM sparse")).isEqualTo("{5:1,4294967295:2}");
  }

  @Test
  void scalarsExactlyInTablesThatItCreates() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("flag", Schema.BOOLEAN_SCHEMA)
            .field("tiny", Schema.INT8_SCHEMA)
            .field("small", Schema.INT16_SCHEMA)
            .field("medium", Schema.INT32_SCHEMA)
            .field("large", Schema.INT64_SCHEMA)
            .field("price", Decimal.schema(4))
            .field("at", Timestamp.SCHEMA)
            .field("doc", Json.builder().build())
            .field("raw", Schema.BYTES_SCHEMA)
            .field("f", Schema.FLOAT32_SCHEMA)
            .field("d", Schema.FLOAT64_SCHEMA)
            .field("minus", Schema.FLOAT64_SCHEMA)
            .field("empty", Schema.STRING_SCHEMA)
            .field("none", Schema.OPTIONAL_STRING_SCHEMA)
            .field("text", Schema.STRING_SCHEMA)
            .field("nothing", Schema.BYTES_SCHEMA)
            .build();
    String text = "quote ' \" backslash \\ nul \0 tab \t snow ☃ emoji 😀 space ";
    Struct value =
        new Struct(schema)
            .put("flag", true)
            .put("tiny", Byte.MIN_VALUE)
            .put("small", Short.MIN_VALUE)
            .put("medium", Integer.MIN_VALUE)
            .put("large", Long.MIN_VALUE)
            .put("price", new BigDecimal("-12345678901234567890.0001"))
            .put("at", Date.from(Instant.parse("1969-12-31T23:59:59.999Z")))
            .put("doc", "{\"a\": [1, null, \"ü\"]}")
            .put("raw", new byte[] {0, -1, 127, '\'', '\\'})
            .put("f", Float.MIN_VALUE)
            .put("d", Double.MIN_VALUE)
            .put("minus", -0d)
            .put("empty", "")
            .put("text", text)
            .put("nothing", new byte[0]);
    try (SinkHarness sink = sink("scalars")) {
      sink.write(sink.record("scalars", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql.value(
                  "SELECT flag+0, tiny, small, medium, large, price, CAST(at AS CHAR), doc, hex(raw),"
                      + " CAST(f AS DOUBLE), CAST(d AS CHAR), CAST(minus AS CHAR), length(empty),"
                      + " none, char_length(text), length(nothing) FROM scalars"))
          .isEqualTo(
              "1|-128|-32768|-2147483648|-9223372036854775808|-12345678901234567890.0001|"
                  + "1969-12-31 23:59:59.999000|{\"a\": [1, null, \"ü\"]}|00FF7F275C|"
                  + "1.401298464324817e-45|5e-324|-0|0|null|"
                  + text.codePointCount(0, text.length())
                  + "|0");
      assertThat(sql.value("SELECT text FROM scalars")).isEqualTo(text);
    }
  }

  @Test
  void numbersReadAsTheyWereSent() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("f", Schema.FLOAT32_SCHEMA)
            .field("d", Schema.FLOAT64_SCHEMA)
            .build();
    Random random = new Random(11);
    Map<Long, double[]> sent = new LinkedHashMap<>();
    try (SinkHarness sink = sink("numbers")) {
      for (long id = 0; id < 2_000; id++) {
        float f = Float.intBitsToFloat(random.nextInt());
        double d = Double.longBitsToDouble(random.nextLong());
        if (Float.isFinite(f) && Double.isFinite(d)) {
          sent.put(id, new double[] {f, d});
          Struct value = new Struct(schema).put("f", f).put("d", d);
          sink.put(sink.record("numbers", KEY, key(id), schema, value));
        }
      }
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
    }
    for (String row : sql.rows("SELECT id, CAST(f AS DOUBLE), CAST(d AS CHAR) FROM numbers")) {
      String[] columns = row.split("\\|", -1);
      double[] expected = sent.remove(Long.parseLong(columns[0]));
      assertThat(Double.parseDouble(columns[1])).as(row).isEqualTo(expected[0]);
      assertThat(Double.parseDouble(columns[2])).as(row).isEqualTo(expected[1]);
    }
    assertThat(sent).isEmpty();
  }

  @Test
  void debeziumsTypesArraysAndNestedValues() throws Exception {
    Schema nested =
        SchemaBuilder.struct()
            .field("a", Schema.FLOAT32_SCHEMA)
            .field("b", Schema.OPTIONAL_BYTES_SCHEMA)
            .build();
    Schema schema =
        SchemaBuilder.struct()
            .field("day", SchemaBuilder.int32().name("io.debezium.time.Date").build())
            .field("clock", SchemaBuilder.int64().name("io.debezium.time.MicroTime").build())
            .field("at", SchemaBuilder.int64().name("io.debezium.time.NanoTimestamp").build())
            .field("zoned", SchemaBuilder.string().name("io.debezium.time.ZonedTimestamp").build())
            .field("uid", SchemaBuilder.string().name("io.debezium.data.Uuid").build())
            .field("tags", SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build())
            .field("numbers", SchemaBuilder.array(Schema.INT64_SCHEMA).build())
            .field("none", SchemaBuilder.array(Schema.FLOAT64_SCHEMA).build())
            .field("nested", nested)
            .field("map", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.BOOLEAN_SCHEMA).build())
            .build();
    Struct value =
        new Struct(schema)
            .put("day", -1)
            .put("clock", 86_399_999_999L)
            .put("at", -1_000L)
            .put("zoned", "2026-11-21T08:00:00.000001+02:00")
            .put("uid", "00112233-4455-6677-8899-aabbccddeeff")
            .put("tags", Arrays.asList("a\"b", null, ""))
            .put("numbers", List.of(Long.MIN_VALUE, 7L))
            .put("none", List.of())
            .put("nested", new Struct(nested).put("a", 0.1f).put("b", new byte[] {1, 2}))
            .put("map", Map.of("yes", true));
    try (SinkHarness sink = sink("richer")) {
      sink.write(sink.record("richer", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql.value(
                  "SELECT CAST(day AS CHAR), CAST(clock AS CHAR), CAST(at AS CHAR),"
                      + " CAST(zoned AS CHAR), uid, tags, numbers, none, nested, map FROM richer"))
          .isEqualTo(
              "1969-12-31|23:59:59.999999|1969-12-31 23:59:59.999999|2026-11-21 06:00:00.000001|"
                  + "00112233-4455-6677-8899-aabbccddeeff|[\"a\\\"b\", null, \"\"]|"
                  + "[-9223372036854775808, 7]|[]|{\"a\": 0.1, \"b\": \"AQI=\"}|{\"yes\": true}");
    }
  }

  /** A value that fits a column, and one that the server would change without a word. */
  private record Pair(String column, Schema schema, Object fits, Object not, String reason) {}

  @Test
  void aValueThatTheColumnWouldRoundOrCutIsRefused() throws Exception {
    sql.execute(
        "CREATE TABLE rounding (id bigint PRIMARY KEY, price decimal(10,2), at datetime(0),"
            + " day date, code varchar(3), fixed char(3), small smallint, narrow float, wide double,"
            + " big bigint unsigned, doc json, raw binary(2), bin varbinary(2), v vector(2))");
    Schema json = Json.builder().build();
    Schema vector = VectorSchema.builder(VectorType.FLOAT, 2).build();
    Date second = Date.from(Instant.parse("2026-11-21T00:00:01Z"));
    List<Pair> pairs =
        List.of(
            new Pair(
                "price",
                Decimal.schema(3),
                new BigDecimal("1.250"),
                new BigDecimal("1.255"),
                "more decimals than decimal(10,2) keeps"),
            new Pair(
                "at",
                Timestamp.SCHEMA,
                second,
                Date.from(Instant.parse("2026-11-21T00:00:01.001Z")),
                "finer than datetime keeps"),
            new Pair(
                "day",
                Timestamp.SCHEMA,
                Date.from(Instant.parse("2026-11-21T00:00:00Z")),
                second,
                "the timestamp has a time of day"),
            new Pair(
                "code", Schema.STRING_SCHEMA, "日本語", "abc ", "4 characters, more than varchar(3)"),
            new Pair("fixed", Schema.STRING_SCHEMA, "abc", "a ", "the text ends with a space"),
            new Pair("small", Schema.INT32_SCHEMA, 32_767, 32_768, "out of the range of smallint"),
            new Pair(
                "narrow", Schema.FLOAT64_SCHEMA, 0.5, 0.1, "float cannot hold this Double exactly"),
            new Pair("wide", Schema.FLOAT64_SCHEMA, 0.1, Double.NaN, "cannot hold NaN"),
            new Pair(
                "big",
                Decimal.schema(0),
                new BigDecimal("18446744073709551615"),
                new BigDecimal("18446744073709551616"),
                "out of the range of bigint(20) unsigned"),
            new Pair(
                "doc",
                json,
                "{\"n\": 18446744073709551615, \"f\": 0.30000000000000004}",
                "{\"n\": 12345678901234567890123}",
                "a number that a float64 does not keep"),
            new Pair(
                "raw",
                Schema.BYTES_SCHEMA,
                new byte[] {1, 2},
                new byte[] {1},
                "which fills up with zeros"),
            new Pair(
                "bin",
                Schema.BYTES_SCHEMA,
                new byte[] {1},
                new byte[] {1, 2, 3},
                "3 bytes, more than varbinary(2)"),
            new Pair(
                "v",
                vector,
                PackedVector.ofFloats(new float[] {1, 2}).bytes(),
                PackedVector.ofFloats(new float[] {1, Float.NEGATIVE_INFINITY}).bytes(),
                "element 1 of the vector is NaN or infinite"));
    try (SinkHarness sink = sink("rounding")) {
      long id = 0;
      for (Pair pair : pairs) {
        Schema schema = SchemaBuilder.struct().field(pair.column(), pair.schema()).build();
        for (Object each : List.of(pair.fits(), pair.not())) {
          Struct value = new Struct(schema).put(pair.column(), each);
          sink.put(sink.record("rounding", KEY, key(++id), schema, value));
        }
      }
      sink.flush();
      assertThat(sink.reasons()).hasSize(pairs.size());
      for (Pair pair : pairs) {
        assertThat(sink.reasons())
            .anyMatch(
                reason ->
                    reason.contains("column " + pair.column() + " (")
                        && reason.contains(pair.reason()));
      }
      assertThat(sql.count("rounding")).isEqualTo(pairs.size());
      assertThat(
              sql.value(
                  "SELECT max(price), CAST(max(at) AS CHAR), max(code), max(big),"
                      + " (SELECT doc FROM rounding WHERE doc IS NOT NULL) FROM rounding"))
          .isEqualTo(
              "1.25|2026-11-21 00:00:01|日本語|18446744073709551615|"
                  + "{\"f\": 0.30000000000000004, \"n\": 18446744073709551615}");
    }
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
  void keysThatDifferByCaseOrSpacesAreNeverOne() throws Exception {
    Schema text = SchemaBuilder.struct().field("k", Schema.STRING_SCHEMA).build();
    Schema row = SchemaBuilder.struct().field("n", Schema.INT32_SCHEMA).build();
    List<String> keys = List.of("a", "A", "á", "a ", " a");
    sql.execute(
        "CREATE TABLE keys_ci (k varchar(10) COLLATE utf8mb4_general_ci PRIMARY KEY, n int)");
    for (String topic : List.of("keys", "keys_binary", "keys_ci")) {
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
        switch (topic) {
          case "keys" ->
              assertThat(sink.reasons()).singleElement().asString().contains("ends with a space");
          case "keys_ci" ->
              assertThat(sink.reasons())
                  .hasSize(5)
                  .allMatch(reason -> reason.contains("collation utf8mb4_general_ci"));
          default -> assertThat(sink.reasons()).isEmpty();
        }
      }
    }
    assertThat(sql.rows("SELECT k, n FROM `keys` ORDER BY n"))
        .containsExactly("a|0", "A|1", "á|2", " a|4");
    assertThat(sql.rows("SELECT hex(k), n FROM keys_binary ORDER BY n"))
        .containsExactly("61|0", "41|1", "C3A1|2", "6120|3", "2061|4");
  }
}
