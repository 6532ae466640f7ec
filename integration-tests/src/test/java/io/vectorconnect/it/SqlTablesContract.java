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
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every SQL sink promises about tables, columns and indexes. */
interface SqlTablesContract extends SqlSinkContract {
  @Test
  default void namesThatNeedQuotingAreQuoted() throws Exception {
    String topic = "Select \"From\" `x` ; DROP";
    String column = "a\"b`c";
    String there = sql().quoted("Strange Place");
    sql().execute("CREATE SCHEMA " + there);
    Schema schema =
        SchemaBuilder.struct()
            .field("order", Schema.INT32_SCHEMA)
            .field(column, VectorSchema.builder(VectorType.FLOAT, 1).build())
            .build();
    try (SinkHarness sink = sink(topic, "table.name.format", "Strange Place.${topic}.x")) {
      for (int i = 0; i < 2; i++) {
        Struct value =
            new Struct(schema)
                .put("order", 5 + i)
                .put(column, PackedVector.ofFloats(new float[] {1}).bytes());
        sink.write(sink.record(topic, KEY, key(1), schema, value));
      }
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql()
                  .rows(
                      "SELECT id, %s, %s FROM %s.%s"
                          .formatted(
                              sql().quoted("order"),
                              sql().quoted(column),
                              there,
                              sql().quoted(topic + ".x"))))
          .containsExactly("1|6|[1]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "keyless, 'id bigint, label text', table keyless has no primary key or unique index on exactly (id)",
    "nullable, 'id bigint UNIQUE, label varchar(9)', table nullable has no primary key or unique index on exactly (id)",
    "narrow, id bigint PRIMARY KEY, has no column label",
  })
  default void aTableThatDoesNotFitIsToldAndNothingIsCutShort(
      String table, String columns, String reason) throws Exception {
    sql().execute("CREATE TABLE %s (%s, v vector(3))".formatted(table, columns));
    try (SinkHarness sink = sink(table)) {
      sink.write(row(sink, table, 1, "a", 1, 1, 1));
      assertThat(sql().count(table)).isZero();
      assertThat(sink.reasons()).singleElement().asString().contains(reason);
    }
  }

  @Test
  default void tablesGrowWhereTheyMay() throws Exception {
    sql()
        .execute(
            "CREATE TABLE growing (id bigint PRIMARY KEY, count smallint, ratio "
                + sql().type("real")
                + ")");
    Schema schema =
        SchemaBuilder.struct()
            .field("count", Schema.INT64_SCHEMA)
            .field("ratio", Schema.FLOAT64_SCHEMA)
            .field("v", VectorSchema.builder(VectorType.FLOAT, 2).build())
            .field("s", VectorSchema.builder(VectorType.SPARSE, 10).build())
            .build();
    Struct value =
        new Struct(schema)
            .put("count", Long.MAX_VALUE)
            .put("ratio", 0.1)
            .put("v", PackedVector.ofFloats(new float[] {1, 2}).bytes())
            .put("s", PackedVector.ofSparse(10, new int[] {3}, new float[] {1}).bytes());
    try (SinkHarness sink = sink("growing", "auto.evolve", "true")) {
      sink.write(sink.record("growing", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql()
                  .value(
                      "SELECT count, ratio, v, inner_product(s, %s) FROM growing"
                          .formatted(sql().sparseUnit(10, 3))))
          .isEqualTo("9223372036854775807|0.1|[1,2]|1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"append", "skip", "overwrite", "truncate", "fail"})
  default void aTableThatIsThereBeforeIsTreatedOnceAsTold(String mode) throws Exception {
    String table = "before_" + mode;
    sql()
        .execute(
            "CREATE TABLE "
                + table
                + " (id bigint PRIMARY KEY, label varchar(10), v vector(3), extra int)",
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
    assertThat(sql().rows("SELECT id, label FROM " + table + " ORDER BY id"))
        .isEqualTo(
            switch (mode) {
              case "append" -> List.of("1|old", "2|new", "3|new");
              case "overwrite", "truncate" -> List.of("2|new", "3|new");
              default -> List.of("1|old");
            });
  }

  @Test
  default void twoTasksMayLetATableGrowAtTheSameMoment() throws Exception {
    sql().execute("CREATE TABLE both_grow (id bigint PRIMARY KEY, n " + sql().type("real") + ")");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (SinkHarness one = sink("both_grow", "auto.evolve", "true");
        SinkHarness other = sink("both_grow", "auto.evolve", "true");
        Connection holder = sql().open();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("INSERT INTO both_grow VALUES (0, 0)");
      Schema schema =
          SchemaBuilder.struct()
              .field("n", Schema.FLOAT64_SCHEMA)
              .field("label", Schema.STRING_SCHEMA)
              .build();
      List<Future<?>> writes = new ArrayList<>();
      for (SinkHarness sink : List.of(one, other)) {
        Struct value = new Struct(schema).put("n", 0.1).put("label", "grown");
        SinkRecord record = sink.record("both_grow", KEY, key(sink == one ? 1 : 2), schema, value);
        writes.add(
            threads.submit(
                () -> {
                  sink.write(record);
                  return null;
                }));
      }
      Await.until(
          "one to wait, where it has to",
          () ->
              sql().waiting("ALTER TABLE%both_grow") > 0
                  || writes.stream().allMatch(Future::isDone));
      Thread.sleep(500); // the other one, too
      holder.rollback();
      for (Future<?> write : writes) {
        write.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(sql().rows("SELECT id, n, label FROM both_grow ORDER BY id"))
        .containsExactly("1|0.1|grown", "2|0.1|grown");
  }

  private static SinkRecord number(SinkHarness sink, String topic, Schema type, Object number) {
    Schema schema = SchemaBuilder.struct().field("n", type).build();
    return sink.record(topic, null, null, schema, new Struct(schema).put("n", number));
  }

  @Test
  default void aColumnThatGrowsUnderARunningTaskTakesNarrowAndWideValues() throws Exception {
    sql().execute("CREATE TABLE widened (n int)");
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
      assertThat(sql().rows("SELECT n FROM widened ORDER BY n"))
          .containsExactly("1", "2", "3", "4", "5", "6", "1099511627776");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bigint, double precision, 0, 9007199254740993",
    "'numeric(10,2)', 'numeric(10,1)', 2, 1.25"
  })
  default void aColumnThatNoLongerHoldsWhatIsOnItsWayStopsTheTask(
      String was, String is, int scale, BigDecimal inexact) throws Exception {
    String table = "narrowed_" + scale;
    sql().execute("CREATE TABLE %s (n %s)".formatted(table, sql().type(was)));
    boolean whole = scale == 0;
    Schema type = whole ? Schema.INT64_SCHEMA : Decimal.schema(scale);
    Object exact = whole ? (Object) 1L : BigDecimal.ONE.setScale(scale);
    try (SinkHarness sink = sink(table, "insert.mode", "insert", "pk.mode", "none")) {
      sink.write(number(sink, table, type, exact));
      sql().execute("ALTER TABLE %s %s".formatted(table, sql().changeType("n", sql().type(is))));
      Thread.sleep(sql().noticesChangesWithin().toMillis());
      sink.put(number(sink, table, type, whole ? (Object) inexact.longValueExact() : inexact));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  Thread.sleep(20);
                  sink.put();
                }
              })
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining(
              "column n of table %s was %s and is %s now"
                  .formatted(table, sql().type(was), sql().type(is)));
    }
    assertThat(sql().count(table)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1); DROP TABLE safe; --", "", "-1"})
  default void aSchemaCannotBringSqlIntoATablesDefinition(String number) throws Exception {
    sql().execute("CREATE TABLE IF NOT EXISTS safe (id bigint)");
    SchemaBuilder bits = SchemaBuilder.bytes().name("io.debezium.data.Bits");
    Map<Schema, Object> values =
        Map.of(
            bits.build(),
            new byte[] {1},
            VectorSchema.builder(VectorType.FLOAT).parameter("dimension", number).build(),
            PackedVector.ofFloats(new float[] {1}).bytes(),
            VectorSchema.builder(VectorType.SPARSE).parameter("dimension", number).build(),
            PackedVector.ofSparse(1, new int[] {0}, new float[] {1}).bytes(),
            bits.parameter("length", number).build(),
            new byte[] {1});
    try (SinkHarness sink = sink("injected")) {
      for (Map.Entry<Schema, Object> each : values.entrySet()) {
        sink.put(field(sink, "injected", 1, "b", each.getKey(), each.getValue()));
      }
      sink.flush();
      assertThat(sink.reasons())
          .hasSize(values.size())
          .allMatch(
              reason ->
                  reason.matches(
                      "(?s).*parameter (dimension|length).*|.*declare the column by column.types=.*"));
    }
    assertThat(sql().count("injected")).isEqualTo(-1);
    assertThat(sql().count("safe")).isZero();
  }

  @Test
  default void indexesAreBuiltWhenTheFirstScanIsDoneAndOnlyOnce() throws Exception {
    String[] config = {
      "index.build",
      "after_snapshot",
      "index.idle.ms",
      "1000",
      "index.metric",
      "l2",
      "index.params",
      "m=8,ef_construction=32"
    };
    try (SinkHarness sink = sink("indexed", config)) {
      for (int i = 0; i < 8; i++) {
        sink.write(row(sink, "indexed", i, "scan", i, i, i));
        Thread.sleep(300);
        sink.put();
      }
      assertThat(sql().vectorIndexes("indexed")).as("while the scan goes on").isEmpty();
    }
    try (SinkHarness restarted = sink("indexed", config)) {
      awaitIndexes(restarted, "indexed");
      restarted.write(row(restarted, "indexed", 1, "later", 9, 9, 9));
    }
    assertThat(sql().vectorIndexes("indexed"))
        .singleElement()
        .asString()
        .contains("indexed_v_hnsw")
        .containsPattern("v vector_l2_ops|(?i)distance=l2")
        .containsPattern("(?i)\\bm='?8\\b")
        .containsPattern("(?i)ef_construction='?32\\b");
    assertThat(sql().value("SELECT label FROM indexed WHERE id = 1")).isEqualTo("later");
  }

  /** Drives the task until it has noted the table's index as built. */
  default void awaitIndexes(SinkHarness sink, String table) throws Exception {
    Await.until(
        "the index of " + table,
        () -> {
          sink.put();
          return sql()
              .value(
                  "SELECT count(*) FROM vector_connect_indexes WHERE built AND table_name = '%s'"
                      .formatted(table))
              .equals("1");
        });
  }

  @Test
  default void anIndexThatTheDatabaseCannotBuildStopsTheTaskBeforeItWrites() throws Exception {
    int tooMany = sql().maxIndexedDimension() + 1;
    Schema schema =
        SchemaBuilder.struct()
            .field("v", VectorSchema.builder(VectorType.FLOAT, tooMany).build())
            .build();
    Struct value = new Struct(schema).put("v", PackedVector.ofFloats(new float[tooMany]).bytes());
    try (SinkHarness sink = sink("wide", "index.build", "immediate")) {
      SinkRecord record = sink.record("wide", KEY, key(1), schema, value);
      assertThatThrownBy(() -> sink.put(record))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining(
              "column v (%s) of table wide cannot be indexed"
                  .formatted(sql().type("vector(%d)".formatted(tooMany))))
          .hasMessageContaining("index.build=none");
      assertThat(sql().count("wide")).isLessThanOrEqualTo(0);
    }
  }

  @Test
  default void aRecordWhoseTableCannotBeMadeIsSetAsideAndOthersGoOn() throws Exception {
    SchemaBuilder wide = SchemaBuilder.struct();
    for (int i = 0; i < 5_000; i++) {
      wide.field("c" + i, Schema.OPTIONAL_INT32_SCHEMA);
    }
    Schema columns = wide.build();
    Schema vector = VectorSchema.builder(VectorType.FLOAT, 20_000).build();
    Schema system = SchemaBuilder.struct().field("xmin", Schema.STRING_SCHEMA).build();
    Schema alike =
        SchemaBuilder.struct()
            .field("A", Schema.STRING_SCHEMA)
            .field("a", Schema.STRING_SCHEMA)
            .build();
    try (SinkHarness sink = sink("undefinable", "retry.timeout.ms", "10000")) {
      sink.put(
          sink.record("undefinable_1", KEY, key(1), columns, new Struct(columns)),
          field(
              sink,
              "undefinable_2",
              1,
              "v",
              vector,
              PackedVector.ofFloats(new float[20_000]).bytes()),
          sink.record("undefinable_3", KEY, key(1), system, new Struct(system).put("xmin", "x")),
          sink.record(
              "undefinable_4", KEY, key(1), alike, new Struct(alike).put("A", "1").put("a", "2")),
          row(sink, "definable", 1, "fine", 1, 2, 3));
      sink.flush();
      assertThat(rows("definable")).containsExactly("1|fine|[1,2,3]");
      // Which of the last two names a database takes is its own affair.
      long written =
          Stream.of(3, 4)
              .filter(
                  n -> {
                    try {
                      return sql().count("undefinable_" + n) == 1;
                    } catch (SQLException e) {
                      throw new IllegalStateException(e);
                    }
                  })
              .count();
      assertThat(sink.reasons())
          .hasSize(4 - (int) written)
          .allMatch(reason -> reason.contains("topic undefinable_"));
      assertThat(written).isEqualTo(1);
    }
  }

  @Test
  default void aGeneratedColumnIsLeftToTheDatabase() throws Exception {
    sql()
        .execute(
            "CREATE TABLE computed (id bigint PRIMARY KEY, title varchar(20),"
                + " length int GENERATED ALWAYS AS (char_length(title)) STORED, v vector(3))");
    Schema schema =
        SchemaBuilder.struct()
            .field("title", Schema.STRING_SCHEMA)
            .field("length", Schema.INT32_SCHEMA)
            .build();
    try (SinkHarness sink = sink("computed", "auto.evolve", "true")) {
      for (String title : List.of("abc", "abcd")) {
        Struct value = new Struct(schema).put("title", title).put("length", 77);
        sink.write(sink.record("computed", KEY, key(1), schema, value));
      }
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql().rows("SELECT id, title, length FROM computed")).containsExactly("1|abcd|4");
    }
  }

  /** docs_a and title_vec, docs_a_title and vec. */
  @Test
  default void indexesOfTwoTablesNeverShareAName() throws Exception {
    String[] config = {"index.build", "immediate"};
    Schema vector = VectorSchema.builder(VectorType.FLOAT, 3).build();
    byte[] value = PackedVector.ofFloats(new float[] {1, 2, 3}).bytes();
    try (SinkHarness sink = sink("docs_a", config)) {
      sink.write(
          field(sink, "docs_a", 1, "title_vec", vector, value),
          field(sink, "docs_a_title", 1, "vec", vector, value));
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(sql().vectorIndexes("docs_a")).hasSize(1);
    assertThat(sql().vectorIndexes("docs_a_title")).hasSize(1);
  }

  private List<String> problemsOf(String topics, String... more) throws Exception {
    Map<String, String> config = sql().sinkConfig(topics);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return problemsOf(config);
  }

  @Test
  default void validateRefusesWhatIsNoTable() throws Exception {
    sql()
        .execute(
            "CREATE TABLE behind_a_view (id bigint PRIMARY KEY, label varchar(20))",
            "CREATE VIEW only_a_view AS SELECT id, label FROM behind_a_view");
    assertThat(problemsOf("only_a_view"))
        .singleElement()
        .asString()
        .startsWith("table.name.format: only_a_view is a view");
    try (SinkHarness sink = sink("only_a_view")) {
      sink.write(row(sink, "only_a_view", 1, "a", 1, 1, 1));
      assertThat(sink.reasons()).singleElement().asString().contains("only_a_view is a view");
    }
  }

  @Test
  default void twoTopicsShareATableOnlyWhenConfigured() throws Exception {
    String topics = "shop1.shared_items,shop2.shared_items";
    assertThat(problemsOf(topics, "table.name.format", "${table}"))
        .singleElement()
        .asString()
        .startsWith(
            "table.name.format: Topics shop1.shared_items and shop2.shared_items are both written to table shared_items");
    assertThat(problemsOf(topics, "table.name.format", "${table}", "tables.shared", "true"))
        .isEmpty();
    assertThat(problemsOf(topics, "table.name.format", "all_items")).isEmpty();
    assertThat(problemsOf(topics)).isEmpty();
    try (SinkHarness sink = sink("shop1.shared_items", "table.name.format", "${table}")) {
      sink.write(row(sink, "shop1.shared_items", 1, "a", 1, 1, 1));
      SinkRecord other = row(sink, "shop2.shared_items", 1, "b", 1, 1, 1);
      assertThatThrownBy(() -> sink.put(other)).hasMessageContaining("tables.shared=true");
    }
    assertThat(rows("shared_items")).containsExactly("1|a|[1,1,1]");
  }

  @Test
  default void validateRefusesNamesThatAreTooLongOrMeet() throws Exception {
    String tooLong = "n".repeat(65);
    assertThat(problemsOf(tooLong))
        .singleElement()
        .asString()
        .startsWith("table.name.format: the name nnn")
        .contains("is longer than");
    assertThat(problemsOf("fine", "fields.mapping", "a:" + tooLong))
        .singleElement()
        .asString()
        .startsWith("fields.mapping: the name nnn");
    assertThat(problemsOf("fine", "column.types", tooLong + ":int"))
        .singleElement()
        .asString()
        .startsWith("column.types: the name nnn");
    assertThat(problemsOf("fine", "fields.mapping", "a:c,b:c"))
        .singleElement()
        .asString()
        .startsWith("fields.mapping: ")
        .contains("a and b cannot both become c");
    try (SinkHarness sink = sink("meeting", "fields.mapping", "label:id2,id:id2")) {
      throw new AssertionError("the task started with " + sink.setTo);
    } catch (ConfigException e) {
      assertThat(e).hasMessageContaining("cannot both become id2");
    }
    try (SinkHarness sink = sink("meeting", "fields.mapping", "label:v")) {
      sink.write(row(sink, "meeting", 1, "a", 1, 1, 1));
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("two fields of the record become column v");
    }
  }
}
