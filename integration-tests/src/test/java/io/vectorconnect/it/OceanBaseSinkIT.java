package io.vectorconnect.it;

import static io.vectorconnect.it.DataVecSinkContract.KEY;
import static io.vectorconnect.it.DataVecSinkContract.key;
import static io.vectorconnect.it.DataVecSinkContract.row;
import static io.vectorconnect.it.DataVecSinkContract.shortRow;
import static io.vectorconnect.it.DataVecSinkContract.tombstone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.oceanbase.sink.OceanBaseSinkTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the OceanBase sink promises about rows, tables, errors and restarts. */
@ExtendWith(Stack.class)
@Timeout(120)
class OceanBaseSinkIT {
  private static final String[] EXACTLY_ONCE = {
    "delivery.guarantee", "exactly_once", "insert.mode", "insert", "pk.mode", "none"
  };

  private final OceanBase sql = OceanBase.database("sink");

  private SinkHarness sink(String topic, String... more) {
    Map<String, String> config = sql.sinkConfig(topic);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(new OceanBaseSinkTask(), config);
  }

  private List<String> rows(String table) throws Exception {
    return sql.rows("SELECT id, label, v FROM `" + table + "` ORDER BY id");
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
      sink.write(tombstone(sink, "order", 1), row(sink, "order", 2, null, 0.5f, -0.0f, 1));
      assertThat(rows("order")).containsExactly("2|null|[0.5,-0,1]", "4|returns|[4,4,4]");
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
      records.add(45, row(sink, "bad", 104, "half \uD83D", 1, 2, 3));
      records.add(47, row(sink, "bad", 105, "torn", 1, 2));
      sink.write(records.toArray(SinkRecord[]::new));

      assertThat(sql.count("bad")).isEqualTo(50);
      assertThat(sink.errant.keySet().stream().map(r -> ((Struct) r.key()).getInt64("id")))
          .containsExactlyInAnyOrder(100L, 101L, 102L, 103L, 104L, 105L);
      assertThat(sink.reasons())
          .allMatch(reason -> reason.contains("topic bad, partition 0, offset 5"))
          .anyMatch(
              reason ->
                  reason.contains("column v (VECTOR(3)) of table bad")
                      && reason.contains("expected a vector of dimension 3, got 2"))
          .anyMatch(reason -> reason.contains("of dimension 3 in 12 bytes, got 8 bytes"))
          .anyMatch(reason -> reason.contains("element 1 of the vector is NaN or infinite"))
          .anyMatch(reason -> reason.contains("half a surrogate pair at position 5"))
          .anyMatch(reason -> reason.contains("error 3819"))
          .anyMatch(reason -> reason.contains("15 characters, more than varchar(10)"))
          .noneMatch(reason -> reason.contains("forbidden") || reason.contains("longer than"));
    }
  }

  @Test
  void withoutDeadLetterQueueTheTaskFailsAndCommitsNothingBeyond() throws Exception {
    try (SinkHarness sink =
        new SinkHarness(new OceanBaseSinkTask(), sql.sinkConfig("strict"), false)) {
      sink.write(row(sink, "strict", 1, "fine", 1, 2, 3));
      SinkRecord bad = shortRow(sink, "strict", 2);
      assertThatThrownBy(() -> sink.put(bad))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("topic strict, partition 0, offset 1")
          .hasMessageContaining("errors.deadletterqueue.topic.name");
      assertThat(sink.commit().get(new TopicPartition("strict", 0)).offset()).isEqualTo(1);
      assertThat(sql.count("strict")).isEqualTo(1);
    }
  }

  @Test
  void namesThatNeedQuotingAreQuoted() throws Exception {
    String topic = "select `from` ; drop";
    sql.execute("CREATE DATABASE `strange db`");
    Schema schema =
        SchemaBuilder.struct()
            .field("order", Schema.INT32_SCHEMA)
            .field("a`b", VectorSchema.builder(VectorType.FLOAT, 1).build())
            .build();
    try (SinkHarness sink = sink(topic, "table.name.format", "strange db.${topic}.x")) {
      for (int i = 0; i < 2; i++) {
        Struct value =
            new Struct(schema)
                .put("order", 5 + i)
                .put("a`b", PackedVector.ofFloats(new float[] {1}).bytes());
        sink.write(sink.record(topic, KEY, key(1), schema, value));
      }
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql.rows("SELECT id, `order`, `a``b` FROM `strange db`.`select ``from`` ; drop.x`"))
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
  void tablesThatDoNotFitAreToldAndNeverCutShort() throws Exception {
    sql.execute(
        "CREATE TABLE keyless (id bigint, label text, v vector(3))",
        "CREATE TABLE narrow (id bigint PRIMARY KEY, v vector(3))");
    for (String table : List.of("keyless", "narrow")) {
      try (SinkHarness sink = sink(table)) {
        sink.write(row(sink, table, 1, "a", 1, 1, 1));
        assertThat(sql.count(table)).isZero();
        assertThat(sink.reasons())
            .singleElement()
            .asString()
            .contains(
                table.equals("keyless")
                    ? "table keyless has no primary key or unique index on exactly (id)"
                    : "has no column label");
      }
    }
  }

  @Test
  void anotherUniqueKeyNeverLetsARowChangeAnotherOne() throws Exception {
    sql.execute(
        "CREATE TABLE doubly (id bigint PRIMARY KEY, label varchar(20) UNIQUE, v vector(3))");
    try (SinkHarness sink = sink("doubly")) {
      sink.write(
          row(sink, "doubly", 1, "one", 1, 1, 1),
          row(sink, "doubly", 2, "two", 2, 2, 2),
          row(sink, "doubly", 3, "one", 3, 3, 3),
          row(sink, "doubly", 2, "again", 4, 4, 4));
      assertThat(rows("doubly")).containsExactly("1|one|[1,1,1]", "2|again|[4,4,4]");
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("offset 2", "Duplicate entry for key")
          .doesNotContain("'one'");
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
      Struct other = new Struct(composite).put("tenant", "É").put("id", 1L);
      sink.write(
          sink.record("composite", composite, key, composite, key),
          sink.record("composite", composite, other, composite, other),
          sink.record("composite", composite, key, composite, key));
      sink.write(sink.record("composite", composite, key, composite, key));
      assertThat(sql.count("composite")).isEqualTo(2);
      sink.write(sink.record("composite", composite, key, null, null));
      assertThat(sql.rows("SELECT tenant, id FROM composite")).containsExactly("É|1");
    }
  }

  @Test
  void tablesGrowWhereTheyMay() throws Exception {
    sql.execute("CREATE TABLE growing (id bigint PRIMARY KEY, count smallint, ratio float)");
    Schema schema =
        SchemaBuilder.struct()
            .field("count", Schema.INT64_SCHEMA)
            .field("ratio", Schema.FLOAT64_SCHEMA)
            .field("v", VectorSchema.builder(VectorType.FLOAT, 2).build())
            .field("s", VectorSchema.builder(VectorType.SPARSE).build())
            .build();
    Struct value =
        new Struct(schema)
            .put("count", Long.MAX_VALUE)
            .put("ratio", 0.1)
            .put("v", PackedVector.ofFloats(new float[] {1, 2}).bytes())
            .put("s", PackedVector.ofSparse(0, new int[] {3}, new float[] {1}).bytes());
    try (SinkHarness sink = sink("growing", "auto.evolve", "true")) {
      sink.write(sink.record("growing", KEY, key(1), schema, value));
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql.value("SELECT count, ratio, v, s FROM growing"))
          .isEqualTo("9223372036854775807|0.1|[1,2]|{3:1}");
    }
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
  void absentColumnsStayAsTheyAre() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("label", Schema.OPTIONAL_STRING_SCHEMA)
            .field("v", VectorSchema.builder(VectorType.FLOAT, 3).optional().build())
            .build();
    byte[] vector = PackedVector.ofFloats(new float[] {1, 2, 3}).bytes();
    Struct whole = new Struct(schema).put("label", "whole").put("v", vector);
    Struct part = new Struct(schema).put("label", "part").put("v", UnavailableValue.bytes());
    try (SinkHarness sink = sink("partial")) {
      sink.write(
          sink.record("partial", KEY, key(1), schema, whole),
          sink.record("partial", KEY, key(2), schema, whole),
          sink.record("partial", KEY, key(2), schema, part));
      sink.write(
          sink.record("partial", KEY, key(1), schema, part),
          sink.record("partial", KEY, key(3), schema, part));
      sink.write(sink.record("partial", KEY, key(1), schema, part)); // it says what is there
      assertThat(rows("partial")).containsExactly("1|part|[1,2,3]", "2|part|[1,2,3]");
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("offset 4", "no row of this key");
    }
  }

  @Test
  void debeziumsTruncateAndMappedDocumentsAreTaken() throws Exception {
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
            "id:varchar(24),title:varchar(50),price:decimal(10.2),extra:json")) {
      Map<String, Object> document =
          Map.of(
              "_id", Map.of("$oid", "64b1"),
              "meta", Map.of("title", "Zwölf", "author", "x"),
              "embedding", List.of(1L, 2.5, 3L),
              "price", 9.99,
              "extra", Map.of("k", List.of(1L)),
              "secret", "s");
      sink.write(sink.record("documents", null, null, null, document));
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql.value("SELECT id, title, embedding, price, extra FROM documents"))
          .isEqualTo("64b1|Zwölf|[1,2.5,3]|9.99|{\"k\": [1]}");
      Map<String, Object> truncate = new java.util.HashMap<>();
      truncate.put("op", "t");
      truncate.put("source", Map.of());
      truncate.put("after", null);
      sink.write(sink.record("documents", null, null, null, truncate));
      assertThat(sql.count("documents")).isZero();
    }
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

  @Test
  void exactlyOnceGoesOnFromTheTargetsPositionsWhateverIsDelivered() throws Exception {
    sql.execute("CREATE TABLE exact (id bigint, label text, v vector(3))");
    List<SinkRecord> topic = new ArrayList<>();
    try (SinkHarness sink = sink("exact", EXACTLY_ONCE)) {
      for (int i = 0; i < 40; i++) {
        topic.add(row(sink, "exact", i, "row", i, i, i));
      }
      topic.add(25, row(sink, "exact", 99, "not finite", Float.NaN, 1, 1));
      sink.write(topic.subList(0, 20).toArray(SinkRecord[]::new));
    }
    try (SinkHarness again = sink("exact", EXACTLY_ONCE)) {
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
    try (SinkHarness zombie = sink("fenced", EXACTLY_ONCE);
        SinkHarness owner = sink("fenced", EXACTLY_ONCE)) {
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

  @ParameterizedTest
  @ValueSource(strings = {"append", "skip", "overwrite", "truncate", "fail"})
  void aTableThatIsThereBeforeIsTreatedOnceAsTold(String mode) throws Exception {
    String table = "before_" + mode;
    sql.execute(
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
    assertThat(sql.rows("SELECT id, label FROM " + table + " ORDER BY id"))
        .isEqualTo(
            switch (mode) {
              case "append" -> List.of("1|old", "2|new", "3|new");
              case "overwrite", "truncate" -> List.of("2|new", "3|new");
              default -> List.of("1|old");
            });
  }

  private String index(String table) throws Exception {
    String definition = sql.value("SHOW CREATE TABLE " + table);
    int at = definition.indexOf("VECTOR KEY");
    return at < 0 ? "" : definition.substring(at).lines().findFirst().orElseThrow();
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
      assertThat(index(table))
          .containsIgnoringCase("TYPE=" + type)
          .containsIgnoringCase("DISTANCE=" + metric);
      for (String parameter : List.of(parameters.split(",", -1))) {
        assertThat(index(table)).containsIgnoringCase(parameter);
      }
    }
  }

  @Test
  void indexesAreBuiltWhenTheFirstScanIsDoneAndOnlyOnce() throws Exception {
    String[] config = {"index.build", "after_snapshot", "index.idle.ms", "1000"};
    try (SinkHarness sink = sink("indexed", config)) {
      for (int i = 0; i < 8; i++) {
        sink.write(row(sink, "indexed", i, "scan", i, i, i));
        Thread.sleep(300);
        sink.put();
      }
      assertThat(index("indexed")).as("while the scan goes on").isEmpty();
    }
    try (SinkHarness restarted = sink("indexed", config)) {
      String built = "SELECT built FROM vector_connect_indexes WHERE table_name = 'indexed'";
      for (int i = 0; i < 200 && !sql.value(built).matches("1|true"); i++) {
        restarted.put();
        Thread.sleep(100);
      }
      assertThat(index("indexed")).contains("indexed_v_hnsw").contains("COSINE");
      restarted.write(row(restarted, "indexed", 1, "later", 9, 9, 9));
    }
    assertThat(sql.value("SELECT label FROM indexed WHERE id = 1")).isEqualTo("later");
  }

  @Test
  void aCrashDuringTheBuildLeavesNoBrokenIndex() throws Exception {
    int dimension = 512;
    Schema schema =
        SchemaBuilder.struct()
            .field("v", VectorSchema.builder(VectorType.FLOAT, dimension).build())
            .build();
    String[] config = {"index.build", "after_snapshot", "index.idle.ms", "1000"};
    Random random = new Random(3);
    try (SinkHarness sink = sink("crashed", config)) {
      for (int i = 0; i < 8_000; i++) {
        float[] elements = new float[dimension];
        for (int j = 0; j < dimension; j++) {
          elements[j] = random.nextFloat();
        }
        Struct value = new Struct(schema).put("v", PackedVector.ofFloats(elements).bytes());
        sink.put(sink.record("crashed", KEY, key(i), schema, value));
      }
      sink.flush();
      while (index("crashed").isEmpty()) { // it is listed from the beginning of its build
        sink.put();
        Thread.sleep(5);
      }
      Stack.get().oceanBase().kill();
    }
    Stack.get().oceanBase().start();
    try (SinkHarness restarted = sink("crashed", config)) {
      String built = "SELECT built FROM vector_connect_indexes WHERE table_name = 'crashed'";
      for (int i = 0; i < 300 && !sql.value(built).matches("1|true"); i++) {
        restarted.put();
        Thread.sleep(100);
      }
      assertThat(sql.value(built)).matches("1|true");
      assertThat(index("crashed")).contains("crashed_v_hnsw");
      String one =
          sql.value("SELECT v FROM crashed WHERE id = 77"); // in six digits: near enough to find it
      String nearest =
          "SELECT id FROM crashed ORDER BY cosine_distance(v, '%s') APPROXIMATE LIMIT 1";
      assertThat(sql.value(nearest.formatted(one))).isEqualTo("77");
    }
  }

  @Test
  void anIndexThatTheDatabaseCannotBuildStopsTheTaskBeforeItWrites() throws Exception {
    Schema schema =
        SchemaBuilder.struct()
            .field("v", VectorSchema.builder(VectorType.FLOAT, 4097).build())
            .build();
    Struct value = new Struct(schema).put("v", PackedVector.ofFloats(new float[4097]).bytes());
    try (SinkHarness sink = sink("wide", "index.build", "immediate")) {
      SinkRecord record = sink.record("wide", KEY, key(1), schema, value);
      assertThatThrownBy(() -> sink.put(record))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("column v (VECTOR(4097)) of table wide cannot be indexed")
          .hasMessageContaining("index.build=none");
    }
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
          Stack.get().oceanBase().kill();
          Stack.get().oceanBase().start();
        }
      }
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql.value(
                  "SELECT count(*), count(DISTINCT id), min(id), max(id) FROM restart"
                      + " WHERE label = concat('row ', id)"
                      + " AND inner_product(v, '[1,0,0]') = id AND inner_product(v, '[0,0,1]') = id + 2"))
          .isEqualTo("20000|20000|0|19999");
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
}
