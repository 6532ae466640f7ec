package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.KEY;
import static io.vectorconnect.it.SinkRecords.field;
import static io.vectorconnect.it.SinkRecords.key;
import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.it.SinkRecords.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** What the DataVec sink promises on both of its databases, and not every SQL sink. */
abstract class DataVecSinkContract implements SqlRowsContract, SqlTablesContract, SqlTypesContract {
  private final Sql sql;

  DataVecSinkContract(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Sql sql() {
    return sql;
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
  void numbersThatAreNoneAreHeldAndNulCharactersRefused() throws Exception {
    try (SinkHarness sink = sink("special")) {
      sink.write(
          field(sink, "special", 1, "d", Schema.FLOAT64_SCHEMA, Double.NaN),
          field(sink, "special", 2, "d", Schema.FLOAT64_SCHEMA, Double.NEGATIVE_INFINITY));
      assertThat(sql.rows("SELECT d FROM special ORDER BY id")).containsExactly("NaN", "-Infinity");
    }
    try (SinkHarness sink = sink("special_text")) {
      sink.write(field(sink, "special_text", 1, "t", Schema.STRING_SCHEMA, "nul \0"));
      assertThat(sink.reasons()).singleElement().asString().contains("NUL character at position 4");
    }
  }

  @Test
  void arraysOfScalarsAreTheDatabasesArrays() throws Exception {
    try (SinkHarness sink = sink("sql_arrays", "column.types", "declared:text[]")) {
      Schema schema =
          SchemaBuilder.struct()
              .field("tags", SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build())
              .field("numbers", SchemaBuilder.array(Schema.INT64_SCHEMA).build())
              .field("none", SchemaBuilder.array(Schema.FLOAT64_SCHEMA).build())
              .field("declared", SchemaBuilder.array(Schema.STRING_SCHEMA).build())
              .build();
      Struct value =
          new Struct(schema)
              .put("tags", Arrays.asList("a\"b", null, ""))
              .put("numbers", List.of(Long.MIN_VALUE, 7L))
              .put("none", List.of())
              .put("declared", List.of("a", "b"));
      sink.write(sink.record("sql_arrays", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql.value("SELECT tags, numbers, none, declared FROM sql_arrays"))
          .isEqualTo("{\"a\\\"b\",NULL,\"\"}|{-9223372036854775808,7}|{}|{a,b}");
    }
  }

  @Test
  void anIndexIsBuiltAtOnceWithTheMemoryThatIsToldForIt() throws Exception {
    String[] config = {"index.build", "immediate", "index.maintenance.memory", "64MB"};
    try (SinkHarness sink = sink("indexed_at_once", config)) {
      sink.write(row(sink, "indexed_at_once", 1, "a", 1, 2, 3));
      assertThat(sql.vectorIndexes("indexed_at_once"))
          .singleElement()
          .asString()
          .contains("USING hnsw (v vector_cosine_ops)");
    }
  }

  /** Only here can a commit be made to fail: by a trigger that fires at its end. */
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
  void aDomainRefusesWhatItsTypeWouldChange() throws Exception {
    sql.execute(
        "CREATE DOMAIN price AS numeric(10,2)",
        "CREATE DOMAIN real_price AS price NOT NULL",
        "CREATE DOMAIN code AS varchar(5)",
        "CREATE DOMAIN seconds AS timestamp(0)",
        "CREATE DOMAIN spot AS vector(2)",
        "CREATE DOMAIN words AS text[]");
    Schema text = Schema.STRING_SCHEMA;
    Schema vector = VectorSchema.builder(VectorType.FLOAT).build();
    assertOnlyFitting(
        "domains",
        List.of(
            new Pair("p", "price", text, "1.230", "1.239", "more decimals than price keeps"),
            new Pair(
                "c",
                "code",
                text,
                sql.isInModeA() ? "abc" : "日本語",
                "abcde ",
                "6 characters, more than code"),
            new Pair(
                "s", "seconds", text, "2024-01-01T00:00:00", "2024-01-01T00:00:00.6", "is finer"),
            new Pair(
                "v",
                "spot",
                vector,
                PackedVector.ofFloats(new float[] {1, 2}).bytes(),
                PackedVector.ofFloats(new float[] {1, 2, 3}).bytes(),
                "expected a vector of dimension 2, got 3")));
    sql.execute("CREATE TABLE over_domain (id bigint PRIMARY KEY, p real_price, w words)");
    Schema words = SchemaBuilder.array(text).build();
    Schema row = SchemaBuilder.struct().field("p", text).field("w", words).build();
    try (SinkHarness sink = sink("over_domain")) {
      for (String price : List.of("1.5", "1.239")) {
        Struct value = new Struct(row).put("p", price).put("w", List.of("a"));
        sink.put(sink.record("over_domain", KEY, key(price.length()), row, value));
      }
      sink.flush();
      assertThat(sql.rows("SELECT p, w FROM over_domain")).containsExactly("1.50|{a}");
      assertThat(sink.reasons()).singleElement().asString().contains("column p (real_price)");
    }
  }

  @Test
  void numbersAsLargeAndAsSmallAsTheyComeAreKept() throws Exception {
    assertOnlyFitting(
        "unbounded",
        List.of(
            new Pair("a", "numeric", Schema.STRING_SCHEMA, "-1e131071", "1e131072", "out of"),
            new Pair("b", "numeric", Schema.STRING_SCHEMA, "1e-16383", "1e-16384", "decimals"),
            new Pair("c", "numeric(2,-3)", Schema.STRING_SCHEMA, "99000", "99100", "decimals")));
    assertThat(
            sql.value(
                "SELECT max(length(a::text)), max(length(b::text)), max(c) FROM unbounded"
                    + " WHERE (a IS NULL OR a = -1e131071) AND (b IS NULL OR b = 1e-16383)"))
        .isEqualTo("131073|16385|99000");
  }

  @Test
  void bitStringsOfVaryingLengthKeepTheirLength() throws Exception {
    Schema bits =
        SchemaBuilder.bytes().name("io.debezium.data.Bits").parameter("length", "10").build();
    Schema unlimited =
        SchemaBuilder.bytes()
            .name("io.debezium.data.Bits")
            .parameter("length", "2147483647")
            .build();
    sql.execute("CREATE TABLE varying_bits (id bigint PRIMARY KEY, b bit varying(10))");
    try (SinkHarness sink = sink("varying_bits")) {
      sink.write(
          field(sink, "varying_bits", 1, "b", Schema.STRING_SCHEMA, "101"),
          field(sink, "varying_bits", 2, "b", Schema.STRING_SCHEMA, ""),
          field(sink, "varying_bits", 3, "b", Schema.STRING_SCHEMA, "10101010101"),
          field(sink, "varying_bits", 4, "b", bits, new byte[] {5}),
          field(sink, "varying_bits", 5, "b", unlimited, new byte[] {5}));
      assertThat(sql.rows("SELECT id, b FROM varying_bits ORDER BY id"))
          .containsExactly("1|101", "2|");
      assertThat(sink.reasons())
          .hasSize(3)
          .anyMatch(reason -> reason.contains("offset 3") && reason.contains("how many bits"));
    }
    try (SinkHarness sink = sink("unlimited_bits")) {
      sink.write(field(sink, "unlimited_bits", 1, "b", unlimited, new byte[] {5}));
      assertThat(sink.reasons()).singleElement().asString().contains("column.types=column:BIT");
    }
  }

  @Test
  void whatTheServerSaysOfAValueIsShownWithoutIt() throws Exception {
    sql.execute(
        "CREATE TYPE mood AS ENUM ('fine', 'Fine')",
        "CREATE TABLE moods (id bigint PRIMARY KEY, m mood)",
        "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " IF NEW.id = 3 THEN RAISE EXCEPTION 'secret %', NEW.m; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER tell BEFORE INSERT ON moods FOR EACH ROW EXECUTE PROCEDURE tell()");
    try (SinkHarness sink = sink("moods")) {
      sink.write(
          field(sink, "moods", 1, "m", Schema.STRING_SCHEMA, "Fine"),
          field(sink, "moods", 2, "m", Schema.STRING_SCHEMA, "secret \"diagnosis\""),
          field(sink, "moods", 3, "m", Schema.STRING_SCHEMA, "fine"),
          field(sink, "moods", 4, "m", Schema.STRING_SCHEMA, "FINE"));
      assertThat(sql.rows("SELECT id, m FROM moods")).containsExactly("1|Fine");
      assertThat(sink.reasons())
          .hasSize(3)
          .noneMatch(reason -> reason.contains("secret") || reason.contains("FINE"))
          .anyMatch(reason -> reason.contains("SQLState 22P02"))
          .anyMatch(reason -> reason.contains("a function or trigger") && reason.contains("P0001"));
    }
  }

  private static SinkRecord document(SinkHarness sink, long id, int bits) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("id", id);
    for (int f = 0; f < 10; f++) {
      if ((bits >> f & 1) == 1) {
        value.put("f" + f, "x" + id);
      }
    }
    return sink.record("documents_of_all_shapes", null, Map.of("id", id), null, value);
  }

  @Test
  void recordsOfAThousandShapesGoThroughOneStagingTable() throws Exception {
    StringBuilder columns = new StringBuilder("id bigint PRIMARY KEY");
    for (int f = 0; f < 10; f++) {
      columns.append(", f%d text DEFAULT 'none %d'".formatted(f, f));
    }
    sql.execute("CREATE TABLE documents_of_all_shapes (" + columns + ")");
    try (SinkHarness sink = sink("documents_of_all_shapes", "schemaless.records", "partial")) {
      for (int i = 0; i < 1_024; i++) {
        sink.put(document(sink, i, i));
      }
      sink.flush();
      for (int i = 0; i < 1_024; i++) { // what a second record lacks stays as it is
        sink.put(document(sink, i, 1_023 - i));
      }
      sink.put(document(sink, 5_000, 0));
      sink.put(document(sink, 5_000, 1));
      sink.put(document(sink, 5_000, 2));
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql.value(
                  "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relpersistence = 't'"
                      + " AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = pg_class.oid"
                      + " AND attname = 'f9')"))
          .isEqualTo("1");
    }
    assertThat(
            sql.value(
                "SELECT count(*), min(f0), max(f9) FROM documents_of_all_shapes"
                    + " WHERE f0 || f1 || f2 || f3 || f4 || f5 || f6 || f7 || f8 || f9"
                    + " = repeat('x' || id, 10)"))
        .startsWith("1024|x0|");
    assertThat(sql.value("SELECT f0, f1, f2, f9 FROM documents_of_all_shapes WHERE id = 5000"))
        .isEqualTo("x5000|x5000|none 2|none 9");
  }
}
