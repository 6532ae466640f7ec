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
import java.util.List;
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
}
