package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.datavec.sink.DataVecSinkTask;
import java.math.BigDecimal;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the SQL sink promises, on every dialect. */
@ExtendWith(Stack.class)
@Timeout(120)
abstract class DataVecSinkContract {
  static final Schema KEY =
      SchemaBuilder.struct().name("Key").field("id", Schema.INT64_SCHEMA).build();
  static final Schema VALUE = value(VectorSchema.builder(VectorType.FLOAT, 3).build());

  private final Sql sql;

  DataVecSinkContract(Sql sql) {
    this.sql = sql;
  }

  static Schema value(Schema vector) {
    return SchemaBuilder.struct()
        .name("Value")
        .field("id", Schema.INT64_SCHEMA)
        .field("label", Schema.OPTIONAL_STRING_SCHEMA)
        .field("v", vector)
        .build();
  }

  static Struct key(long id) {
    return new Struct(KEY).put("id", id);
  }

  static SinkRecord row(SinkHarness sink, String topic, long id, String label, float... vector) {
    Struct value =
        new Struct(VALUE)
            .put("id", id)
            .put("label", label)
            .put("v", PackedVector.ofFloats(vector).bytes());
    return sink.record(topic, KEY, key(id), VALUE, value);
  }

  /** A row whose schema tells another dimension than the table's. */
  static SinkRecord shortRow(SinkHarness sink, String topic, long id) {
    Schema schema = value(VectorSchema.builder(VectorType.FLOAT, 2).build());
    Struct value =
        new Struct(schema)
            .put("id", id)
            .put("label", "short")
            .put("v", PackedVector.ofFloats(new float[] {1, 2}).bytes());
    return sink.record(topic, KEY, key(id), schema, value);
  }

  static SinkRecord tombstone(SinkHarness sink, String topic, long id) {
    return sink.record(topic, KEY, key(id), null, null);
  }

  private SinkHarness sink(String topic, String... more) {
    Map<String, String> config = sql.sinkConfig(topic);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(new DataVecSinkTask(), config);
  }

  private List<String> rows(String table) throws Exception {
    return sql.rows("SELECT id, label, v FROM \"" + table + "\" ORDER BY id");
  }

  @Test
  void lastChangeOfAKeyWinsWithinABatchAndAcrossBatches() throws Exception {
    try (SinkHarness sink = sink("order")) {
      sink.write(
          row(sink, "order", 1, "first", 1, 1, 1),
          row(sink, "order", 2, "stays", 2, 2, 2),
          row(sink, "order", 1, "second", 1, 2, 3),
          row(sink, "order", 3, "goes", 3, 3, 3),
          tombstone(sink, "order", 3),
          tombstone(sink, "order", 4),
          row(sink, "order", 4, "returns", 4, 4, 4));
      assertThat(rows("order"))
          .containsExactly("1|second|[1,2,3]", "2|stays|[2,2,2]", "4|returns|[4,4,4]");
      sink.write(
          tombstone(sink, "order", 1), row(sink, "order", 2, null, 0.1f, -0.0f, Float.MIN_VALUE));
      assertThat(rows("order")).containsExactly("2|null|[0.1,-0,1e-45]", "4|returns|[4,4,4]");
    }
  }

  @Test
  void aDeleteBeforeTheTableExistsHidesNoLaterOne() throws Exception {
    try (SinkHarness sink = sink("early")) {
      sink.write(tombstone(sink, "early", 1));
      sink.write(row(sink, "early", 1, "a", 1, 1, 1), row(sink, "early", 2, "b", 2, 2, 2));
      sink.write(tombstone(sink, "early", 1));
      assertThat(rows("early")).containsExactly("2|b|[2,2,2]");
    }
  }

  @Test
  void theWholeTopicAgainChangesNothing() throws Exception {
    List<SinkRecord> topic = new ArrayList<>();
    try (SinkHarness sink = sink("again", "batch.max.rows", "7")) {
      for (int i = 0; i < 100; i++) {
        topic.add(row(sink, "again", i % 30, "change " + i, i, i, i));
        if (i % 11 == 0) {
          topic.add(tombstone(sink, "again", i % 30));
        }
      }
      sink.write(topic.toArray(SinkRecord[]::new));
    }
    List<String> once = rows("again");
    try (SinkHarness sink = sink("again", "batch.max.rows", "13")) {
      sink.write(topic.toArray(SinkRecord[]::new));
    }
    assertThat(rows("again")).isEqualTo(once);
    assertThat(once).hasSizeBetween(20, 30);
  }

  @Test
  void writesEveryFormOfAVectorThatOthersSend() throws Exception {
    sql.execute("CREATE TABLE forms (id bigint PRIMARY KEY, label text, v vector(3))");
    Schema floats = SchemaBuilder.array(Schema.FLOAT32_SCHEMA).build();
    Schema doubles =
        SchemaBuilder.array(Schema.FLOAT64_SCHEMA).name("io.debezium.data.DoubleVector").build();
    Schema integers = SchemaBuilder.array(Schema.INT32_SCHEMA).build();
    Map<Schema, Object> forms =
        Map.of(
            VectorSchema.builder(VectorType.FLOAT).build(),
            PackedVector.ofFloats(new float[] {1, 2, 3}).bytes(),
            VectorSchema.builder(VectorType.INT8, 3).build(),
            new byte[] {1, 2, 3},
            VectorSchema.builder(VectorType.FLOAT16, 3).build(),
            new byte[] {0x00, 0x3C, 0x00, 0x40, 0x00, 0x42},
            VectorSchema.builder(VectorType.BFLOAT16, 3).build(),
            new byte[] {(byte) 0x80, 0x3F, 0x00, 0x40, 0x40, 0x40},
            floats,
            List.of(1f, 2f, 3f),
            doubles,
            List.of(1d, 2d, 3d),
            integers,
            List.of(1, 2, 3),
            Schema.STRING_SCHEMA,
            "[1, 2,3]");
    try (SinkHarness sink = sink("forms")) {
      long id = 0;
      for (Map.Entry<Schema, Object> form : forms.entrySet()) {
        Schema schema = value(form.getKey());
        Struct value = new Struct(schema).put("id", ++id).put("v", form.getValue());
        sink.put(sink.record("forms", KEY, key(id), schema, value));
      }
      Map<String, Object> schemaless = Map.of("id", ++id, "v", List.of(1L, 2d, 3f));
      sink.put(sink.record("forms", null, Map.of("id", id), null, schemaless));
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql.rows("SELECT count(*), min(v::text), max(v::text) FROM forms"))
          .containsExactly("9|[1,2,3]|[1,2,3]");
    }
  }

  @Test
  void writesSparseAndBinaryVectors() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("s", VectorSchema.builder(VectorType.SPARSE, 250_002).build())
            .field("b", VectorSchema.builder(VectorType.BINARY, 10).build())
            .build();
    try (SinkHarness sink = sink("sparse")) {
      Struct value =
          new Struct(schema)
              .put(
                  "s",
                  PackedVector.ofSparse(
                          250_002, new int[] {0, 7, 250_001}, new float[] {0.5f, 0f, -2.25f})
                      .bytes())
              .put("b", new byte[] {(byte) 0b1000_0001, (byte) 0b0100_0000});
      sink.write(sink.record("sparse", KEY, key(1), schema, value));
      assertThat(sql.value("SELECT s, b FROM sparse"))
          .isEqualTo("{1:0.5,250002:-2.25}/250002|1000000101");
    }
  }

  @Test
  void writesScalarsExactly() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("flag", Schema.BOOLEAN_SCHEMA)
            .field("price", Decimal.schema(4))
            .field("at", Timestamp.SCHEMA)
            .field("doc", Json.builder().build())
            .field("raw", Schema.BYTES_SCHEMA)
            .field("f", Schema.FLOAT32_SCHEMA)
            .field("d", Schema.FLOAT64_SCHEMA)
            .field("empty", Schema.STRING_SCHEMA)
            .build();
    Struct value =
        new Struct(schema)
            .put("flag", true)
            .put("price", new BigDecimal("-12345678901234567890.0001"))
            .put("at", Date.from(Instant.parse("1969-12-31T23:59:59.999Z")))
            .put("doc", "{\"a\": [1, null, \"ü\"]}")
            .put("raw", new byte[] {0, -1, 127})
            .put("f", Float.MIN_VALUE)
            .put("d", Double.NaN)
            .put("empty", "");
    try (SinkHarness sink = sink("scalars")) {
      sink.write(sink.record("scalars", KEY, key(1), schema, value));
      assertThat(
              sql.value(
                  "SELECT flag, price, extract(epoch from at), doc, encode(raw, 'hex'), f, d,"
                      + " length(empty) FROM scalars"))
          .isEqualTo(
              "t|-12345678901234567890.0001|-0.001000|{\"a\": [1, null,"
                  + " \"ü\"]}|00ff7f|1e-45|NaN|0");
    }
  }

  @Test
  void writesDebeziumsTypesArraysAndNestedValuesIntoTablesThatItCreates() throws Exception {
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
            .put("tags", java.util.Arrays.asList("a\"b", null, ""))
            .put("numbers", List.of(Long.MIN_VALUE, 7L))
            .put("none", List.of())
            .put("nested", new Struct(nested).put("a", 0.1f).put("b", new byte[] {1, 2}))
            .put("map", Map.of("yes", true));
    try (SinkHarness sink = sink("richer")) {
      sink.write(sink.record("richer", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql.value(
                  "SELECT day, clock, at, extract(epoch FROM zoned), uid, tags, numbers, none,"
                      + " nested, map FROM richer"))
          .isEqualTo(
              "1969-12-31|23:59:59.999999|1969-12-31 23:59:59.999999|1795240800.000001|"
                  + "00112233-4455-6677-8899-aabbccddeeff|{\"a\\\"b\",NULL,\"\"}|"
                  + "{-9223372036854775808,7}|{}|{\"a\": 0.1, \"b\": \"AQI=\"}|{\"yes\": true}");
    }
  }

  @Test
  void aValueThatTheColumnWouldRoundOrCutIsRefused() throws Exception {
    sql.execute(
        "CREATE TABLE rounding (id bigint PRIMARY KEY, price numeric(10,2), at timestamp(0),"
            + " day date, code varchar(3), small smallint, narrow real)");
    Map<String, Object> fits =
        Map.of(
            "price",
            new BigDecimal("1.250").setScale(3),
            "at",
            Date.from(Instant.parse("2026-11-21T00:00:01Z")),
            "day",
            Date.from(Instant.parse("2026-11-21T00:00:00Z")),
            "code",
            "日本語",
            "small",
            32_767,
            "narrow",
            0.5);
    Map<String, Object> not =
        Map.of(
            "price",
            new BigDecimal("1.255"),
            "at",
            Date.from(Instant.parse("2026-11-21T00:00:01.001Z")),
            "day",
            Date.from(Instant.parse("2026-11-21T00:00:01Z")),
            "code",
            "abc ",
            "small",
            32_768,
            "narrow",
            0.1);
    Map<String, Schema> schemas =
        Map.of(
            "price", Decimal.schema(3),
            "at", Timestamp.SCHEMA,
            "day", Timestamp.SCHEMA,
            "code", Schema.STRING_SCHEMA,
            "small", Schema.INT32_SCHEMA,
            "narrow", Schema.FLOAT64_SCHEMA);
    try (SinkHarness sink = sink("rounding")) {
      long id = 0;
      for (String column : schemas.keySet()) {
        Schema schema = SchemaBuilder.struct().field(column, schemas.get(column)).build();
        for (Map<String, Object> row : List.of(fits, not)) {
          Struct value = new Struct(schema).put(column, row.get(column));
          sink.put(sink.record("rounding", KEY, key(++id), schema, value));
        }
      }
      sink.flush();
      assertThat(sql.count("rounding")).isEqualTo(schemas.size());
      assertThat(sink.reasons())
          .hasSize(schemas.size())
          .anyMatch(reason -> reason.contains("more decimals than numeric(10,2) keeps"))
          .anyMatch(reason -> reason.contains("finer than timestamp(0) without time zone keeps"))
          .anyMatch(reason -> reason.contains("the timestamp has a time of day"))
          .anyMatch(reason -> reason.contains("4 characters, more than character varying(3)"))
          .anyMatch(reason -> reason.contains("out of the range of smallint"))
          .anyMatch(reason -> reason.contains("real cannot hold this Double exactly"));
      assertThat(
              sql.value(
                  "SELECT max(price), max(at), max(day), max(code), max(small), max(narrow) FROM"
                      + " rounding"))
          .isEqualTo("1.25|2026-11-21 00:00:01|2026-11-21|日本語|32767|0.5");
    }
  }

  @Test
  void badRecordsGoToTheDeadLetterQueueWithPlaceAndReasonAndTheOthersLand() throws Exception {
    sql.execute(
        "CREATE TABLE bad (id bigint PRIMARY KEY, label varchar(10) CHECK (label <> 'forbidden'),"
            + " v vector(3))");
    try (SinkHarness sink = sink("bad")) {
      List<SinkRecord> records = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        records.add(row(sink, "bad", i, "fine", i, i, i));
      }
      records.add(10, shortRow(sink, "bad", 100));
      records.add(20, row(sink, "bad", 101, "not finite", 1, Float.NaN, 2));
      records.add(30, row(sink, "bad", 102, "forbidden", 1, 2, 3));
      records.add(40, row(sink, "bad", 103, "longer than ten", 1, 2, 3));
      records.add(45, row(sink, "bad", 104, "nul \0", 1, 2, 3));
      records.add(47, row(sink, "bad", 105, "torn", 1, 2));
      sink.write(records.toArray(SinkRecord[]::new));

      assertThat(sql.count("bad")).isEqualTo(50);
      assertThat(sink.errant.keySet().stream().map(r -> ((Struct) r.key()).getInt64("id")))
          .containsExactlyInAnyOrder(100L, 101L, 102L, 103L, 104L, 105L);
      assertThat(sink.reasons())
          .allMatch(reason -> reason.contains("topic bad, partition 0, offset 5"))
          .anyMatch(
              reason ->
                  reason.contains("column v (vector(3)) of table bad")
                      && reason.contains("expected a vector of dimension 3, got 2"))
          .anyMatch(reason -> reason.contains("of dimension 3 in 12 bytes, got 8 bytes"))
          .anyMatch(reason -> reason.contains("element 1 of the vector is NaN or infinite"))
          .anyMatch(reason -> reason.contains("NUL character at position 4"))
          .anyMatch(reason -> reason.contains("SQLState 23514"))
          .anyMatch(reason -> reason.contains("15 characters, more than character varying(10)"))
          .noneMatch(reason -> reason.contains("forbidden") || reason.contains("longer than"));
    }
  }

  @Test
  void withoutDeadLetterQueueTheTaskFailsAndCommitsNothingBeyond() throws Exception {
    try (SinkHarness sink =
        new SinkHarness(new DataVecSinkTask(), sql.sinkConfig("strict"), false)) {
      sink.write(row(sink, "strict", 1, "fine", 1, 2, 3));
      SinkRecord bad = shortRow(sink, "strict", 2);
      assertThatThrownBy(() -> sink.put(bad))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("topic strict, partition 0, offset 1")
          .hasMessageContaining("expected a vector of dimension 3, got 2")
          .hasMessageContaining("errors.deadletterqueue.topic.name");
      assertThat(sink.commit().get(new TopicPartition("strict", 0)).offset()).isEqualTo(1);
      assertThat(sql.count("strict")).isEqualTo(1);
    }
  }

  @Test
  void namesThatNeedQuotingAreQuoted() throws Exception {
    String topic = "Select \"From\" ; DROP";
    sql.execute("CREATE SCHEMA \"Strange Schema\"");
    Schema schema =
        SchemaBuilder.struct()
            .field("order", Schema.INT32_SCHEMA)
            .field("a\"b", VectorSchema.builder(VectorType.FLOAT, 1).build())
            .build();
    try (SinkHarness sink = sink(topic, "table.name.format", "Strange Schema.${topic}.x")) {
      for (int i = 0; i < 2; i++) {
        Struct value =
            new Struct(schema)
                .put("order", 5 + i)
                .put("a\"b", PackedVector.ofFloats(new float[] {1}).bytes());
        sink.write(sink.record(topic, KEY, key(1), schema, value));
      }
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql.rows(
                  "SELECT id, \"order\", \"a\"\"b\" FROM"
                      + " \"Strange Schema\".\"Select \"\"From\"\" ; DROP.x\""))
          .containsExactly("1|6|[1]");
    }
  }

  @Test
  void insertModeAppendsAndRefusesDeletes() throws Exception {
    sql.execute("CREATE TABLE appended (id bigint, label text, v vector(3))");
    try (SinkHarness sink = sink("appended", "insert.mode", "insert", "pk.mode", "none")) {
      sink.write(
          row(sink, "appended", 1, "a", 1, 1, 1),
          row(sink, "appended", 1, "b", 2, 2, 2),
          tombstone(sink, "appended", 1));
      assertThat(rows("appended")).containsExactlyInAnyOrder("1|a|[1,1,1]", "1|b|[2,2,2]");
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("a delete needs insert.mode=upsert");
    }
  }

  @Test
  void anUpsertIntoATableWithoutThatKeyIsRefusedWithTheReason() throws Exception {
    sql.execute("CREATE TABLE keyless (id bigint, label text, v vector(3))");
    try (SinkHarness sink = sink("keyless")) {
      sink.write(row(sink, "keyless", 1, "a", 1, 1, 1));
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("table keyless has no primary key or unique index on exactly (id)");
    }
  }

  @Test
  void aRecordWithAColumnThatTheTableHasNotIsRefusedNotCutShort() throws Exception {
    sql.execute("CREATE TABLE narrow (id bigint PRIMARY KEY, v vector(3))");
    try (SinkHarness sink = sink("narrow")) {
      sink.write(row(sink, "narrow", 1, "a", 1, 1, 1));
      assertThat(sql.count("narrow")).isZero();
      assertThat(sink.reasons()).singleElement().asString().contains("has no column label");
    }
  }

  @Test
  void compositeKeysAndAllKeyColumnsAreUpserted() throws Exception {
    Schema composite =
        SchemaBuilder.struct()
            .field("tenant", Schema.STRING_SCHEMA)
            .field("id", Schema.INT64_SCHEMA)
            .build();
    try (SinkHarness sink = sink("composite")) {
      Struct key = new Struct(composite).put("tenant", "é").put("id", 1L);
      sink.write(
          sink.record("composite", composite, key, composite, key),
          sink.record("composite", composite, key, composite, key));
      sink.write(sink.record("composite", composite, key, composite, key));
      assertThat(sql.rows("SELECT tenant, id FROM composite")).containsExactly("é|1");
      sink.write(sink.record("composite", composite, key, null, null));
      assertThat(sql.count("composite")).isZero();
    }
  }

  @Test
  void aDeleteThatComesBeforeItsTableDoesNotHideLaterOnes() throws Exception {
    try (SinkHarness sink = sink("early")) {
      sink.write(tombstone(sink, "early", 1));
      sink.write(row(sink, "early", 1, "a", 1, 1, 1), row(sink, "early", 2, "b", 2, 2, 2));
      sink.write(tombstone(sink, "early", 1));
      assertThat(rows("early")).containsExactly("2|b|[2,2,2]");
    }
  }

  @Test
  void tablesGrowWhereTheyMay() throws Exception {
    sql.execute("CREATE TABLE growing (id bigint PRIMARY KEY, count smallint, ratio real)");
    Schema schema =
        SchemaBuilder.struct()
            .field("count", Schema.INT64_SCHEMA)
            .field("ratio", Schema.FLOAT64_SCHEMA)
            .field("v", VectorSchema.builder(VectorType.FLOAT, 2).build())
            .build();
    Struct value =
        new Struct(schema)
            .put("count", Long.MAX_VALUE)
            .put("ratio", 0.1)
            .put("v", PackedVector.ofFloats(new float[] {1, 2}).bytes());
    try (SinkHarness sink = sink("growing", "auto.evolve", "true")) {
      sink.write(sink.record("growing", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql.value("SELECT count, ratio, v FROM growing"))
          .isEqualTo("9223372036854775807|0.1|[1,2]");
    }
  }

  @Test
  void debeziumsEnvelopesAreTakenAsTheyCome() throws Exception {
    Schema row =
        SchemaBuilder.struct()
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("label", Schema.OPTIONAL_STRING_SCHEMA)
            .field(
                "v",
                SchemaBuilder.array(Schema.FLOAT64_SCHEMA)
                    .name("io.debezium.data.DoubleVector")
                    .optional()
                    .build())
            .build();
    Schema envelope =
        SchemaBuilder.struct()
            .name("db.public.docs.Envelope")
            .field("before", row)
            .field("after", row)
            .field("op", Schema.STRING_SCHEMA)
            .build();
    try (SinkHarness sink = sink("enveloped", "vector.fields", "v:2")) {
      for (String step : List.of("r1", "c2", "u1", "c3", "d2", "m0")) {
        long id = Long.parseLong(step.substring(1));
        Struct image =
            new Struct(row).put("id", id).put("label", step).put("v", List.of(1d, (double) id));
        boolean gone = step.startsWith("d");
        Struct value = new Struct(envelope).put("op", step.substring(0, 1));
        if (!step.startsWith("m")) {
          value.put(gone ? "before" : "after", image);
        }
        sink.put(sink.record("enveloped", KEY, key(id), envelope, value));
      }
      sink.put(tombstone(sink, "enveloped", 2));
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
      assertThat(rows("enveloped")).containsExactly("1|u1|[1,1]", "3|c3|[1,3]");

      sink.write(
          sink.record("enveloped", null, null, envelope, new Struct(envelope).put("op", "t")),
          shortRow(sink, "other", 9));
      assertThat(sql.count("enveloped")).isZero();
      assertThat(sql.count("other")).isEqualTo(1);
    }
  }

  @Test
  void documentsWithoutSchemaAreMappedAsDeclared() throws Exception {
    try (SinkHarness sink =
        sink(
            "documents",
            "pk.mode",
            "record_value",
            "pk.fields",
            "id",
            "fields.mapping",
            "_id.$oid:id,meta.title:title",
            "fields.exclude",
            "secret",
            "vector.fields",
            "embedding:3",
            "column.types",
            "id:text,title:varchar(50),price:numeric(10.2),tags:text[],extra:jsonb")) {
      Map<String, Object> document =
          Map.of(
              "_id", Map.of("$oid", "64b1"),
              "meta", Map.of("title", "Zwölf", "author", "x"),
              "embedding", List.of(1L, 2.5, 3L),
              "price", 9.99,
              "tags", List.of("a", "b"),
              "extra", Map.of("k", List.of(1L)),
              "secret", "s");
      sink.write(
          sink.record(
              "documents",
              null,
              null,
              null,
              Map.of(
                  "operationType",
                  "insert",
                  "documentKey",
                  Map.of("_id", Map.of("$oid", "64b1")),
                  "fullDocument",
                  document)),
          sink.record(
              "documents",
              null,
              null,
              null,
              Map.of(
                  "operationType",
                  "delete",
                  "documentKey",
                  Map.of("_id", Map.of("$oid", "gone")))));
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql.value("SELECT id, title, embedding, price, tags, extra FROM documents"))
          .isEqualTo("64b1|Zwölf|[1,2.5,3]|9.99|{a,b}|{\"k\": [1]}");
      sink.write(
          sink.record(
              "documents",
              null,
              null,
              null,
              Map.of(
                  "operationType",
                  "delete",
                  "documentKey",
                  Map.of("_id", Map.of("$oid", "64b1")))));
      assertThat(sql.count("documents")).isZero();
    }
  }

  @Test
  void exactlyOnceGoesOnFromTheTargetsPositionsWhateverIsDelivered() throws Exception {
    sql.execute("CREATE TABLE exact (id bigint, label text, v vector(3))");
    String[] config = {
      "delivery.guarantee", "exactly_once", "insert.mode", "insert", "pk.mode", "none"
    };
    List<SinkRecord> topic = new ArrayList<>();
    try (SinkHarness sink = sink("exact", config)) {
      for (int i = 0; i < 40; i++) {
        topic.add(row(sink, "exact", i, "row", i, i, i));
      }
      topic.add(25, row(sink, "exact", 99, "not finite", Float.NaN, 1, 1));
      sink.write(topic.subList(0, 20).toArray(SinkRecord[]::new));
    }
    try (SinkHarness again = sink("exact", config)) {
      again.put(topic); // from the start: passed over, the consumer is set to 20
      assertThat(again.setTo).containsExactly(Map.entry(new TopicPartition("exact", 0), 20L));
      again.write(topic.subList(20, topic.size()).toArray(SinkRecord[]::new));
      assertThat(again.errant).hasSize(1);
    }
    assertThat(sql.value("SELECT count(*), count(DISTINCT id) FROM exact")).isEqualTo("40|40");
  }

  @Test
  void ofTwoTasksThatBelieveToOwnAPartitionOnlyOneWrites() throws Exception {
    sql.execute("CREATE TABLE fenced (id bigint, label text, v vector(3))");
    String[] config = {
      "delivery.guarantee", "exactly_once", "insert.mode", "insert", "pk.mode", "none"
    };
    try (SinkHarness zombie = sink("fenced", config);
        SinkHarness owner = sink("fenced", config)) {
      SinkRecord first = row(zombie, "fenced", 1, "first", 1, 1, 1);
      SinkRecord second = row(zombie, "fenced", 2, "second", 1, 1, 1);
      owner.put();
      zombie.write(first);
      owner.put(first, second); // believes to be the first one
      for (int i = 0; i < 100 && owner.setTo.isEmpty(); i++) {
        owner.put();
        owner.commit();
        Thread.sleep(20);
      }
      assertThat(owner.setTo).containsExactly(Map.entry(new TopicPartition("fenced", 0), 1L));
      owner.write(second);
    }
    assertThat(sql.rows("SELECT id FROM fenced ORDER BY id")).containsExactly("1", "2");
  }

  @Test
  void indexesAreBuiltWhenTheFirstScanIsDoneAndOnlyOnce() throws Exception {
    String[] config = {
      "index.build",
      "after_snapshot",
      "index.idle.ms",
      "1000",
      "index.metric",
      "l2",
      "index.params",
      "m=8,ef_construction=32",
      "index.maintenance.memory",
      "64MB"
    };
    String count =
        "SELECT count(*) FROM pg_indexes WHERE tablename = 'indexed' AND indexdef LIKE '%hnsw%'";
    try (SinkHarness sink = sink("indexed", config)) {
      for (int i = 0; i < 8; i++) {
        sink.write(row(sink, "indexed", i, "scan", i, i, i));
        Thread.sleep(300);
        sink.put();
      }
      assertThat(sql.value(count)).as("while the scan goes on").isEqualTo("0");
    }
    try (SinkHarness restarted = sink("indexed", config)) {
      for (int i = 0; i < 100 && sql.value(count).equals("0"); i++) {
        restarted.put();
        Thread.sleep(100);
      }
      assertThat(sql.value("SELECT indexdef FROM pg_indexes WHERE indexname = 'indexed_v_hnsw'"))
          .contains("USING hnsw (v vector_l2_ops)")
          .containsPattern("m='?8'?")
          .containsPattern("ef_construction='?32'?");
      restarted.write(row(restarted, "indexed", 1, "later", 9, 9, 9));
    }
    assertThat(sql.value(count)).isEqualTo("1");
    assertThat(sql.value("SELECT label FROM indexed WHERE id = 1")).isEqualTo("later");
  }

  @Test
  void anIndexThatTheDatabaseCannotBuildStopsTheTaskBeforeItWrites() throws Exception {
    sql.execute("CREATE TABLE wide (id bigint PRIMARY KEY, v vector(2001))");
    Schema schema =
        SchemaBuilder.struct()
            .field("v", VectorSchema.builder(VectorType.FLOAT, 2001).build())
            .build();
    Struct value = new Struct(schema).put("v", PackedVector.ofFloats(new float[2001]).bytes());
    try (SinkHarness sink = sink("wide", "index.build", "immediate")) {
      SinkRecord record = sink.record("wide", KEY, key(1), schema, value);
      assertThatThrownBy(() -> sink.put(record))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("column v (vector(2001)) of table wide cannot be indexed")
          .hasMessageContaining("index.build=none");
    }
  }

  @Test
  void aTableThatIsThereBeforeIsTreatedOnceAsTold() throws Exception {
    for (String mode : List.of("append", "skip", "overwrite", "truncate", "fail")) {
      String table = "before_" + mode;
      sql.execute(
          "CREATE TABLE "
              + table
              + " (id bigint PRIMARY KEY, label varchar, v vector(3), extra int)",
          "INSERT INTO " + table + " VALUES (1, 'old', '[1,1,1]', 5)");
      String[] config =
          mode.equals("truncate")
              ? new String[] {"truncate.before.load", "true"}
              : new String[] {"existing.table", mode};
      for (int start = 2; start <= 3; start++) { // a restart does not do it again
        try (SinkHarness sink = sink(table, config)) {
          SinkRecord added = row(sink, table, start, "new", 2, 2, 2);
          if (mode.equals("fail")) {
            assertThatThrownBy(() -> sink.put(added))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("table before_fail is there already");
          } else {
            sink.write(added);
            assertThat(sink.reasons()).isEmpty();
          }
        }
      }
      List<String> expected =
          switch (mode) {
            case "append" -> List.of("1|old", "2|new", "3|new");
            case "overwrite", "truncate" -> List.of("2|new", "3|new");
            default -> List.of("1|old");
          };
      assertThat(sql.rows("SELECT id, label FROM " + table + " ORDER BY id"))
          .as(mode)
          .isEqualTo(expected);
    }
  }

  private static final Schema MAIL =
      SchemaBuilder.struct()
          .field("id", Schema.INT64_SCHEMA)
          .field("mail", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  private static SinkRecord mail(SinkHarness sink, String topic, long id, String mail) {
    Struct value = new Struct(MAIL).put("id", id).put("mail", mail);
    return sink.record(topic, KEY, key(id), MAIL, value);
  }

  @Test
  void changesOfAKeyWithOtherColumnsComeToTheSameInOneBatchAsInTwo() throws Exception {
    Schema few =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("label", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    sql.execute(
        "CREATE TABLE columns (id bigint PRIMARY KEY, label varchar, v vector(3))",
        "INSERT INTO columns VALUES (2, 'old', '[9,9,9]'), (3, 'old', '[9,9,9]')");
    try (SinkHarness sink = sink("columns")) {
      sink.write(
          row(sink, "columns", 1, "a", 1, 1, 1),
          sink.record("columns", KEY, key(1), few, new Struct(few).put("id", 1L).put("label", "b")),
          tombstone(sink, "columns", 2),
          sink.record("columns", KEY, key(2), few, new Struct(few).put("id", 2L).put("label", "c")),
          tombstone(sink, "columns", 3),
          row(sink, "columns", 3, "d", 3, 3, 3));
      assertThat(sink.reasons()).isEmpty();
      assertThat(rows("columns")).containsExactly("1|b|[1,1,1]", "2|c|null", "3|d|[3,3,3]");
    }
  }

  @Test
  void ofTwoChangesOfAKeyTheGoodOneLandsAndTheRefusedOneIsReported() throws Exception {
    sql.execute(
        "CREATE TABLE halves (id bigint PRIMARY KEY, label varchar CHECK (label <> 'bad'), v"
            + " vector(3))");
    try (SinkHarness sink = sink("halves")) {
      sink.write(
          row(sink, "halves", 1, "good", 1, 1, 1),
          row(sink, "halves", 2, "bad", 2, 2, 2),
          row(sink, "halves", 3, "good", 3, 3, 3),
          row(sink, "halves", 1, "bad", 2, 2, 2),
          row(sink, "halves", 2, "good", 3, 3, 3),
          row(sink, "halves", 3, "bad", 0, 0, 0),
          row(sink, "halves", 3, "better", 4, 4, 4));
      assertThat(rows("halves"))
          .containsExactly("1|good|[1,1,1]", "2|good|[3,3,3]", "3|better|[4,4,4]");
      assertThat(sink.errant.keySet())
          .extracting(record -> ((Struct) record.value()).getInt64("id"))
          .contains(1L);
      assertThat(sink.reasons()).allMatch(reason -> reason.contains("halves"));
    }
  }

  @Test
  void aUniqueValueThatGoesFromRowToRowArrives() throws Exception {
    sql.execute(
        "CREATE TABLE mails (id bigint PRIMARY KEY, mail varchar UNIQUE)",
        "INSERT INTO mails VALUES (1, 'x'), (3, 'p'), (4, 'q'), (6, 'late')");
    try (SinkHarness sink = sink("mails")) {
      sink.write(
          mail(sink, "mails", 2, "y"),
          tombstone(sink, "mails", 1),
          mail(sink, "mails", 2, "x"),
          // In turn, by way of a third value.
          mail(sink, "mails", 3, "t"),
          mail(sink, "mails", 4, "p"),
          mail(sink, "mails", 3, "q"),
          // The change that makes room comes later, from another partition.
          mail(sink, "mails", 5, "late"),
          mail(sink, "mails", 6, "other"));
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql.rows("SELECT id, mail FROM mails ORDER BY id"))
          .containsExactly("2|x", "3|q", "4|p", "5|late", "6|other");
      sink.write(mail(sink, "mails", 7, "x"), mail(sink, "mails", 8, "z"));
      assertThat(sink.errant.keySet())
          .extracting(record -> ((Struct) record.value()).getInt64("id"))
          .containsExactly(7L);
      assertThat(sql.value("SELECT mail FROM mails WHERE id = 8")).isEqualTo("z");
    }
  }

  @Test
  void twoTasksMayLetATableGrowAtTheSameMoment() throws Exception {
    sql.execute("CREATE TABLE both_grow (id bigint PRIMARY KEY)");
    String waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE %both_grow%'";
    try (SinkHarness one = sink("both_grow", "auto.evolve", "true");
        SinkHarness other = sink("both_grow", "auto.evolve", "true");
        Connection holder = sql.open()) {
      holder.setAutoCommit(false);
      holder.createStatement().execute("LOCK TABLE both_grow IN SHARE MODE");
      List<Future<?>> writes = new ArrayList<>();
      var threads = Executors.newFixedThreadPool(2);
      for (SinkHarness sink : List.of(one, other)) {
        SinkRecord record = row(sink, "both_grow", sink == one ? 1 : 2, "grown", 1, 1, 1);
        writes.add(
            threads.submit(
                () -> {
                  sink.write(record);
                  return null;
                }));
      }
      Await.until("both to wait", () -> sql.value(waiting).equals("2"));
      holder.rollback();
      for (Future<?> write : writes) {
        write.get();
      }
      threads.shutdown();
    }
    assertThat(rows("both_grow")).containsExactly("1|grown|[1,1,1]", "2|grown|[1,1,1]");
  }

  private static SinkRecord number(SinkHarness sink, String topic, Schema type, Object number) {
    Schema schema = SchemaBuilder.struct().field("n", type).build();
    return sink.record(topic, null, null, schema, new Struct(schema).put("n", number));
  }

  @Test
  void aColumnThatGrowsUnderARunningTaskTakesNarrowAndWideValues() throws Exception {
    sql.execute("CREATE TABLE widened (n int)");
    String[] config = {"auto.evolve", "true", "insert.mode", "insert", "pk.mode", "none"};
    try (SinkHarness sink = sink("widened", config);
        SinkHarness other = sink("widened", config)) {
      other.write(number(other, "widened", Schema.INT32_SCHEMA, 1));
      sink.write(number(sink, "widened", Schema.INT32_SCHEMA, 2));
      sink.write(
          number(sink, "widened", Schema.INT32_SCHEMA, 3),
          number(sink, "widened", Schema.INT64_SCHEMA, 1L << 40),
          number(sink, "widened", Schema.INT32_SCHEMA, 4));
      sink.write(number(sink, "widened", Schema.INT32_SCHEMA, 5));
      other.write(number(other, "widened", Schema.INT32_SCHEMA, 6));
      assertThat(sink.reasons()).isEmpty();
      assertThat(other.reasons()).isEmpty();
      assertThat(sql.rows("SELECT n FROM widened ORDER BY n"))
          .containsExactly("1", "2", "3", "4", "5", "6", "1099511627776");

      sql.execute("ALTER TABLE widened ALTER COLUMN n TYPE double precision");
      sink.put(number(sink, "widened", Schema.INT64_SCHEMA, (1L << 53) + 1));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  Thread.sleep(20);
                  sink.put();
                }
              })
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("column n of table widened was bigint and is double precision now");
    }
    assertThat(sql.value("SELECT count(*) FROM widened")).isEqualTo("7");
  }

  @Test
  void aSchemaCannotBringSqlIntoATablesDefinition() throws Exception {
    sql.execute("CREATE TABLE safe (id bigint)");
    for (String length : new String[] {"1); DROP TABLE safe; --", null, "-1"}) {
      SchemaBuilder bits = SchemaBuilder.bytes().name("io.debezium.data.Bits");
      Schema schema =
          SchemaBuilder.struct()
              .field("b", length == null ? bits.build() : bits.parameter("length", length).build())
              .build();
      try (SinkHarness sink = sink("injected")) {
        sink.write(
            sink.record(
                "injected", KEY, key(1), schema, new Struct(schema).put("b", new byte[] {1})));
        assertThat(sink.reasons()).singleElement().asString().contains("parameter length");
      }
    }
    assertThat(sql.count("safe")).isZero();
  }

  @Test
  void aClaimThatWasNotCommittedIsDecidedAnew() throws Exception {
    sql.execute(
        "CREATE TABLE claimed (id bigint PRIMARY KEY, label varchar, v vector(3))",
        "INSERT INTO claimed VALUES (1, 'old', '[1,1,1]')",
        "CREATE TABLE IF NOT EXISTS vector_connect_tables (connector varchar(255) NOT NULL,"
            + " table_name varchar(64) NOT NULL, claim varchar(10) NOT NULL,"
            + " PRIMARY KEY (connector, table_name))",
        "CREATE FUNCTION refuse_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END $$",
        "CREATE CONSTRAINT TRIGGER refuse_claim AFTER INSERT ON vector_connect_tables"
            + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.table_name = 'claimed')"
            + " EXECUTE PROCEDURE refuse_claim()");
    try (SinkHarness sink = sink("claimed", "existing.table", "overwrite")) {
      SinkRecord first = row(sink, "claimed", 2, "new", 2, 2, 2);
      assertThatThrownBy(() -> sink.putOnce(first)).isInstanceOf(RetriableException.class);
      sql.execute("DROP TRIGGER refuse_claim ON vector_connect_tables");
      sink.write(first);
      assertThat(rows("claimed")).containsExactly("2|new|[2,2,2]");
    }
    try (SinkHarness restarted = sink("claimed", "existing.table", "overwrite")) {
      restarted.write(row(restarted, "claimed", 3, "later", 3, 3, 3));
    }
    assertThat(rows("claimed")).containsExactly("2|new|[2,2,2]", "3|later|[3,3,3]");
  }

  @Test
  void aRestartOfTheDatabaseInMidLoadLosesNothing() throws Exception {
    try (SinkHarness sink = sink("restart", "batch.max.rows", "500")) {
      for (int i = 0; i < 20_000; i += 100) {
        List<SinkRecord> records = new ArrayList<>();
        for (int j = i; j < i + 100; j++) {
          records.add(row(sink, "restart", j, "row " + j, j, j + 1, j + 2));
        }
        sink.put(records);
        if (i == 6_000) {
          Stack.get().postgresql().kill();
          Stack.get().postgresql().start();
        }
      }
      sink.flush();
      assertThat(
              sql.value(
                  "SELECT count(*), count(DISTINCT id), min(id), max(id) FROM restart WHERE label ="
                      + " 'row ' || id AND v::text = '[' || id || ',' || id + 1 || ',' || id + 2 ||"
                      + " ']'"))
          .isEqualTo("20000|20000|0|19999");
    }
  }
}
