package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.KEY;
import static io.vectorconnect.it.SinkRecords.field;
import static io.vectorconnect.it.SinkRecords.key;
import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.it.SinkRecords.value;
import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the OceanBase sink promises about rows, tables, errors and restarts. */
@Services(alone = OCEANBASE, shared = CONNECT)
class OceanBaseSinkIT implements SqlRowsContract, SqlTablesContract {
  private final OceanBase sql = OceanBase.database("sink");

  @Override
  public OceanBase sql() {
    return sql;
  }

  @Test
  void aTableThatTheCatalogueListsTooEarlyIsWrittenTo() throws Exception {
    sql.create("made_0");
    try (SinkHarness sink = sink("made_0", "auto.create", "false", "retry.backoff.ms", "20")) {
      sink.write(row(sink, "made_0", 1, "connects", 1, 1, 1));
      for (int i = 1; i <= 10; i++) {
        CompletableFuture<Void> creation = sql.beginToCreate("made_" + i);
        sink.write(row(sink, "made_" + i, i, "early", 1, 1, 1));
        creation.join();
        assertThat(sql.count("made_" + i)).isEqualTo(1);
      }
      assertThat(sink.reasons()).isEmpty();
    }
  }

  /** A column is changed by its whole definition; in other databases, by its type alone. */
  @Test
  void aColumnThatGrowsKeepsWhatElseWasSaidOfIt() throws Exception {
    sql.execute(
        "CREATE TABLE growing_on (id int NOT NULL AUTO_INCREMENT PRIMARY KEY,"
            + " n smallint NOT NULL DEFAULT 5 COMMENT 'it''s \\\\ n')");
    Schema schema = SchemaBuilder.struct().field("n", Schema.INT64_SCHEMA).build();
    Struct value = new Struct(schema).put("n", Long.MAX_VALUE);
    try (SinkHarness sink = sink("growing_on", "auto.evolve", "true")) {
      sink.write(sink.record("growing_on", KEY, key(1L << 40), schema, value));
      assertThat(sink.reasons()).isEmpty();
    }
    sql.execute("INSERT INTO growing_on (n) VALUES (DEFAULT)");
    assertThat(sql.rows("SELECT id, n FROM growing_on ORDER BY id"))
        .containsExactly("1099511627776|9223372036854775807", "1099511627777|5");
    assertThat(
            sql.value(
                "SELECT column_comment FROM information_schema.columns WHERE column_name = 'n'"
                    + " AND table_schema = database() AND table_name = 'growing_on'"))
        .isEqualTo("it's \\ n");
  }

  @Test
  void batchesStayBelowWhatTheServerTakesAtOnce() throws Exception {
    Schema schema = SchemaBuilder.struct().field("raw", Schema.BYTES_SCHEMA).build();
    try (SinkHarness sink = sink("packets", "batch.max.bytes", "1000000000")) {
      List<SinkRecord> records = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        // Zeros have to be escaped: twice their size on the wire.
        Struct value = new Struct(schema).put("raw", new byte[i == 20 ? 9_000_000 : 1_000_000]);
        records.add(sink.record("packets", KEY, key(i), schema, value));
      }
      // Fits with its bytes as they are, not as hexadecimal digits.
      byte[] ones = new byte[9_000_000];
      Arrays.fill(ones, (byte) 1);
      records.add(
          sink.record("packets", KEY, key(40), schema, new Struct(schema).put("raw", ones)));
      sink.write(records.toArray(SinkRecord[]::new));
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("offset 20", "max_allowed_packet");
      assertThat(sql.value("SELECT count(*), sum(length(raw)) FROM packets"))
          .isEqualTo("40|48000000");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "hnsw, l2, 'm=8,ef_construction=32'",
    "hnsw_sq, cosine, ''",
    "hnsw_bq, cosine, ''",
    "ivf_flat, inner_product, 'nlist=10'",
    "ivf_sq8, l2, 'nlist=10'",
    "ivf_pq, l2, 'nlist=10,m=3'",
  })
  void indexesOfEveryKindAreMadeWithTheTable(String type, String metric, String parameters)
      throws Exception {
    String table = "indexed_" + type;
    try (SinkHarness sink =
        sink(
            table,
            "index.build",
            "immediate",
            "index.type",
            type,
            "index.metric",
            metric,
            "index.params",
            parameters)) {
      sink.write(row(sink, table, 1, "a", 1, 2, 3));
      assertThat(sink.reasons()).isEmpty();
      String index = sql.vectorIndexes(table).get(0);
      assertThat(index)
          .containsIgnoringCase("TYPE=" + type)
          .containsIgnoringCase("DISTANCE=" + metric);
      for (String parameter : List.of(parameters.split(",", -1))) {
        assertThat(index).containsIgnoringCase(parameter);
      }
    }
  }

  @Test
  void aCrashDuringTheBuildLeavesNoBrokenIndex() throws Exception {
    int dimension = 512;
    Schema schema = VectorSchema.builder(VectorType.FLOAT, dimension).build();
    String[] config = {"index.build", "after_snapshot", "index.idle.ms", "1000"};
    Random random = new Random(3);
    try (SinkHarness sink = sink("crashed", config)) {
      for (int i = 0; i < 8_000; i++) {
        float[] elements = new float[dimension];
        for (int j = 0; j < dimension; j++) {
          elements[j] = random.nextFloat();
        }
        sink.put(field(sink, "crashed", i, "v", schema, PackedVector.ofFloats(elements).bytes()));
      }
      sink.flush();
      while (sql.vectorIndexes("crashed")
          .isEmpty()) { // it is listed from the beginning of its build
        sink.put();
        Thread.sleep(5);
      }
      Stack.get().oceanBase().kill();
    }
    Stack.get().oceanBase().start();
    try (SinkHarness restarted = sink("crashed", config)) {
      awaitIndexes(restarted, "crashed");
      assertThat(sql.vectorIndexes("crashed").get(0)).contains("crashed_v_hnsw", "COSINE");
      String one =
          sql.value("SELECT v FROM crashed WHERE id = 77"); // in six digits: near enough to find it
      String nearest =
          "SELECT id FROM crashed ORDER BY cosine_distance(v, '%s') APPROXIMATE LIMIT 1";
      assertThat(sql.value(nearest.formatted(one))).isEqualTo("77");
    }
  }

  @Test
  void validateTellsWhatIsWrongOnItsKey() throws Exception {
    sql.execute(
        "CREATE USER limited IDENTIFIED BY 'limited'",
        "CREATE TABLE unfit_target (a bigint, b bigint, v vector(3), PRIMARY KEY (a, b))");
    assertThat(Stack.connect().validate(sql.sinkConfig("absent"))).isEmpty();
    assertError("connection.password", "does not let user", "connection.password", "wrong");
    assertError("connection.host", "No connection to 127.0.0.1:1", "connection.port", "1");
    assertError("connection.database", "nowhere", "connection.database", "nowhere");
    assertError("connection.sslmode", "SSL", "connection.sslmode", "require"); // seekdb has none
    assertError("table.name.format", "Database nowhere", "table.name.format", "nowhere.${topic}");
    assertError("auto.create", "Table absent does not exist", "auto.create", "false");
    assertError("pk.fields", "no primary key", "topics", "unfit_target", "pk.fields", "a");
    assertError(
        "vector.fields",
        "unfit_target is VECTOR(3), not of dimension 4",
        "topics",
        "unfit_target",
        "vector.fields",
        "v:4");
    String database = sql.value("SELECT database()");
    sql.execute("GRANT SELECT, INSERT ON " + database + ".unfit_target TO limited");
    assertError(
        "connection.user",
        "limited has not UPDATE on table unfit_target",
        "topics",
        "unfit_target",
        "connection.user",
        "limited",
        "connection.password",
        "limited");
    assertError(
        "auto.create",
        "limited may not create tables",
        "connection.user",
        "limited",
        "connection.password",
        "limited");
  }

  private void assertError(String key, String message, String... config) {
    Map<String, String> properties = sql.sinkConfig("absent");
    for (int i = 0; i < config.length; i += 2) {
      properties.put(config[i], config[i + 1]);
    }
    Map<String, List<String>> errors = Stack.connect().validate(properties);
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).singleElement().asString().contains(message);
  }

  @Test
  void zeroIsAKeyLikeAnyOther() throws Exception {
    sql.execute(
        "CREATE TABLE numbered (id bigint AUTO_INCREMENT PRIMARY KEY, label text, v vector(3))");
    try (SinkHarness sink = sink("numbered")) {
      sink.write(
          row(sink, "numbered", 0, "zero", 0, 0, 0), row(sink, "numbered", 1, "one", 1, 1, 1));
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(rows("numbered")).containsExactly("0|zero|[0,0,0]", "1|one|[1,1,1]");
  }
}
