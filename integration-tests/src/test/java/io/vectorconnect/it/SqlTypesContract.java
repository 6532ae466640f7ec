package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.KEY;
import static io.vectorconnect.it.SinkRecords.field;
import static io.vectorconnect.it.SinkRecords.key;
import static io.vectorconnect.it.SinkRecords.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
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
import org.junit.jupiter.api.Test;

/** What becomes of values, asked of the server itself. */
interface SqlTypesContract extends SqlSinkContract {
  @Test
  default void everyFormOfAVectorThatOthersSend() throws Exception {
    sql().execute("CREATE TABLE forms (id bigint PRIMARY KEY, v vector(3))");
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
        sink.put(field(sink, "forms", ++id, "v", form.getKey(), form.getValue()));
      }
      Map<String, Object> schemaless = Map.of("id", ++id, "v", List.of(1L, 2d, 3f));
      sink.put(sink.record("forms", null, Map.of("id", id), null, schemaless));
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql().rows("SELECT v FROM forms")).hasSize(9).containsOnly("[1,2,3]");
    }
  }

  @Test
  default void vectorsAreTheSameToTheLastBit() throws Exception {
    int dimension = 16_000;
    Schema schema = VectorSchema.builder(VectorType.FLOAT, dimension).build();
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
        sink.put(field(sink, "bit_for_bit", i, "v", schema, sent.get(i)));
      }
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
    }
    for (int i = 0; i < sent.size(); i++) {
      assertThat(holds("bit_for_bit", i, sent.get(i))).as("vector %d", i).isTrue();
    }
    byte[] other = sent.get(3).clone();
    other[4 * 777] ^= 1;
    assertThat(holds("bit_for_bit", 3, other)).as("one bit beside").isFalse();
  }

  private boolean holds(String table, long id, byte[] packed) throws Exception {
    return sql()
        .value(
            "SELECT count(*) FROM %s WHERE id = %d AND %s"
                .formatted(table, id, sql().equalBits("v", packed)))
        .equals("1");
  }

  @Test
  default void sparseVectorsKeepEveryIndexAndValue() throws Exception {
    int dimension = 250_002;
    float[] values = {0.1f, Float.MIN_VALUE, -2.25f, 16_777_216f, 3.4028235e38f};
    int[] indices = {0, 7, 30, 40_000, 250_001};
    try (SinkHarness sink = sink("sparse_exact")) {
      sink.write(
          field(
              sink,
              "sparse_exact",
              1,
              "s",
              VectorSchema.builder(VectorType.SPARSE, dimension).build(),
              PackedVector.ofSparse(dimension, indices, values).bytes()));
      assertThat(sink.reasons()).isEmpty();
    }
    for (int i = 0; i < indices.length; i++) {
      String element =
          sql()
              .value(
                  "SELECT inner_product(s, %s) FROM sparse_exact"
                      .formatted(sql().sparseUnit(dimension, indices[i])));
      assertThat(Double.parseDouble(element)).isEqualTo(values[i]);
    }
  }

  @Test
  default void scalarsExactlyInTablesThatItCreates() throws Exception {
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
    String text = "quote ' \" backslash \\ tab \t snow ☃ emoji 😀 space ";
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
              sql()
                  .value(
                      "SELECT CASE WHEN flag THEN 'yes' END, tiny, small, medium, large, price, %s, doc, %s, %s, %s, %s, length(empty), none, char_length(text), length(nothing) FROM scalars"
                          .formatted(
                              sql().utc("at"),
                              sql().hex("raw"),
                              sql().digits("f"),
                              sql().digits("d"),
                              sql().digits(sql().quoted("minus")))))
          .isEqualTo(
              "yes|-128|-32768|-2147483648|-9223372036854775808|-12345678901234567890.0001|"
                  + "1969-12-31 23:59:59.999000|{\"a\": [1, null, \"ü\"]}|00ff7f275c|"
                  + "1.401298464324817e-45|5e-324|-0|0|null|"
                  + text.codePointCount(0, text.length())
                  + "|0");
      assertThat(sql().value("SELECT text FROM scalars")).isEqualTo(text);
    }
  }

  @Test
  default void numbersReadAsTheyWereSent() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("f", Schema.FLOAT32_SCHEMA)
            .field("d", Schema.FLOAT64_SCHEMA)
            .build();
    Random random = new Random(11);
    Map<Long, double[]> sent = new LinkedHashMap<>();
    try (SinkHarness sink = sink("exact_numbers")) {
      for (long id = 0; id < 2_000; id++) {
        float f = Float.intBitsToFloat(random.nextInt());
        double d = Double.longBitsToDouble(random.nextLong());
        if (Float.isFinite(f) && Double.isFinite(d)) {
          sent.put(id, new double[] {f, d});
          Struct value = new Struct(schema).put("f", f).put("d", d);
          sink.put(sink.record("exact_numbers", KEY, key(id), schema, value));
        }
      }
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
    }
    List<String> numbers =
        sql()
            .rows(
                "SELECT id, %s, %s FROM exact_numbers"
                    .formatted(sql().digits("f"), sql().digits("d")));
    for (String row : numbers) {
      String[] columns = row.split("\\|", -1);
      double[] expected = sent.remove(Long.parseLong(columns[0]));
      assertThat(Double.parseDouble(columns[1])).as(row).isEqualTo(expected[0]);
      assertThat(Double.parseDouble(columns[2])).as(row).isEqualTo(expected[1]);
    }
    assertThat(sent).isEmpty();
  }

  @Test
  default void debeziumsTypesArraysAndNestedValues() throws Exception {
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
              sql()
                  .value(
                      "SELECT concat(CAST(day AS char(10)), '|', clock, '|', at), %s, uid, %s, %s, %s, nested, map FROM richer"
                          .formatted(
                              sql().utc("zoned"),
                              sql().json("tags"),
                              sql().json("numbers"),
                              sql().json("none"))))
          .isEqualTo(
              "1969-12-31|23:59:59.999999|1969-12-31 23:59:59.999999|2026-11-21 06:00:00.000001|"
                  + "00112233-4455-6677-8899-aabbccddeeff|[\"a\\\"b\", null, \"\"]|"
                  + "[-9223372036854775808, 7]|[]|{\"a\": 0.1, \"b\": \"AQI=\"}|{\"yes\": true}");
    }
  }

  /** A value that fits a column, and one that the server would change without a word. */
  record Pair(String column, String type, Schema schema, Object fits, Object not, String reason) {}

  /** Writes both values of each pair into a table of such columns: the first lands, no other. */
  default void assertOnlyFitting(String table, List<Pair> pairs) throws Exception {
    List<String> columns = new ArrayList<>();
    pairs.forEach(pair -> columns.add(pair.column() + " " + pair.type()));
    sql()
        .execute(
            "CREATE TABLE %s (id bigint PRIMARY KEY, %s)"
                .formatted(table, String.join(", ", columns)));
    try (SinkHarness sink = sink(table)) {
      long id = 0;
      for (Pair pair : pairs) {
        for (Object each : List.of(pair.fits(), pair.not())) {
          sink.put(field(sink, table, ++id, pair.column(), pair.schema(), each));
        }
      }
      sink.flush();
      assertThat(sql().count(table)).isEqualTo(pairs.size());
      assertThat(sink.reasons()).hasSize(pairs.size());
      for (Pair pair : pairs) {
        assertThat(sink.reasons())
            .anyMatch(
                reason ->
                    reason.contains("column " + pair.column() + " (")
                        && reason.contains(pair.reason()));
      }
    }
  }

  @Test
  default void aValueThatTheColumnWouldRoundOrCutIsRefused() throws Exception {
    String price = sql().type("numeric(10,2)");
    String at = sql().type("timestamp(0) without time zone");
    String code = sql().type("character varying(3)");
    String narrow = sql().type("real");
    boolean inModeA = sql().isInModeA();
    Date second = Date.from(Instant.parse("2026-11-21T00:00:01Z"));
    assertOnlyFitting(
        "rounding",
        List.of(
            new Pair(
                "price",
                price,
                Decimal.schema(3),
                new BigDecimal("1.250"),
                new BigDecimal("1.255"),
                "more decimals than " + price + " keeps"),
            new Pair(
                "at",
                at,
                Timestamp.SCHEMA,
                second,
                Date.from(Instant.parse("2026-11-21T00:00:01.001Z")),
                "finer than " + at + " keeps"),
            new Pair(
                "day",
                "date",
                Timestamp.SCHEMA,
                Date.from(Instant.parse("2026-11-21T00:00:00Z")),
                inModeA ? Date.from(Instant.parse("2026-11-21T00:00:01.001Z")) : second,
                inModeA ? "finer than" : "the timestamp has a time of day"),
            new Pair(
                "code",
                code,
                Schema.STRING_SCHEMA,
                inModeA ? "abc" : "日本語",
                "abc ",
                "4 characters, more than " + code),
            new Pair(
                "small",
                "smallint",
                Schema.INT32_SCHEMA,
                32_767,
                32_768,
                "out of the range of smallint"),
            new Pair(
                "narrow",
                narrow,
                Schema.FLOAT64_SCHEMA,
                0.5,
                0.1,
                narrow + " cannot hold this Double exactly"),
            new Pair(
                "v",
                "vector(2)",
                VectorSchema.builder(VectorType.FLOAT, 2).build(),
                PackedVector.ofFloats(new float[] {1, 2}).bytes(),
                PackedVector.ofFloats(new float[] {1, Float.NEGATIVE_INFINITY}).bytes(),
                "element 1 of the vector is NaN or infinite")));
    assertThat(
            sql()
                .value(
                    "SELECT concat(max(price), '|', max(at), '|', max(day)), max(code), max(small), max(narrow) FROM rounding"))
        .isEqualTo("1.25|2026-11-21 00:00:01|2026-11-21|日本語|32767|0.5");
  }

  /** A few characters of text can stand for a number of billions of digits. */
  @Test
  default void numbersBeyondWhatAColumnHoldsAreRefusedAtOnce() throws Exception {
    String type = sql().type("numeric(10,2)");
    Schema variable =
        SchemaBuilder.struct()
            .name("io.debezium.data.VariableScaleDecimal")
            .field("scale", Schema.INT32_SCHEMA)
            .field("value", Schema.BYTES_SCHEMA)
            .build();
    Map<String, String> refused = new LinkedHashMap<>();
    refused.put("1e131072", "out of the range");
    refused.put("-7e262147", "out of the range");
    refused.put("1e2147483647", "out of the range");
    refused.put("1e-99999999", "more decimals");
    refused.put("12345e-65538", "more decimals");
    List<Pair> pairs = new ArrayList<>();
    refused.forEach(
        (text, reason) -> {
          String column = "text_" + pairs.size();
          pairs.add(new Pair(column, type, Schema.STRING_SCHEMA, "1.500", text, reason));
          BigDecimal number = new BigDecimal(text);
          pairs.add(
              new Pair(
                  "number_" + pairs.size(),
                  type,
                  variable,
                  variable(variable, new BigDecimal("0e99999")),
                  variable(variable, number),
                  reason));
        });
    pairs.add(
        new Pair(
            "long_text",
            type,
            Schema.STRING_SCHEMA,
            "0e-99999999",
            "1" + "0".repeat(200_000),
            "more digits than"));
    assertOnlyFitting("number_bounds", pairs);
    assertThat(sql().value("SELECT max(text_0), max(number_1), max(long_text) FROM number_bounds"))
        .matches("1.50\\|0(\\.00)?\\|0(\\.00)?");
  }

  private static Struct variable(Schema schema, BigDecimal number) {
    return new Struct(schema)
        .put("scale", number.scale())
        .put("value", number.unscaledValue().toByteArray());
  }

  @Test
  default void aDocumentWithTwoFieldsOfOneNameIsRefused() throws Exception {
    assertOnlyFitting(
        "twice_named",
        List.of(
            new Pair(
                "doc",
                sql().type("jsonb"),
                Json.builder().build(),
                "{\"a\": {\"a\": 1}}",
                "{\"b\": {\"a\": 1, \"a\": 2}}",
                "two fields of the same name")));
  }
}
