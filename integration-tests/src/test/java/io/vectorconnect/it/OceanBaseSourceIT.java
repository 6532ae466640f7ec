package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.oceanbase.source.OceanBaseSourceConnector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the scan of the OceanBase source promises, stopped and started at any record. */
@Services(alone = OCEANBASE, shared = CONNECT)
@Timeout(180)
class OceanBaseSourceIT {
  private final OceanBase oceanBase = OceanBase.database("source_scans");

  private static SourceHarness source() {
    return new SourceHarness(new OceanBaseSourceConnector());
  }

  private Map<String, String> snapshot(String table, String... more) {
    Map<String, String> config = oceanBase.sourceConfig("it", table, more);
    config.put("mode", "snapshot");
    return config;
  }

  private static Object key(SourceRecord record) {
    return ((Struct) record.key()).get("id");
  }

  private static List<Object> keys(List<SourceRecord> records) {
    return records.stream().map(OceanBaseSourceIT::key).toList();
  }

  private static Struct value(SourceRecord record) {
    return (Struct) record.value();
  }

  private static List<Object> upTo(long last) {
    return new ArrayList<>(LongStream.rangeClosed(1, last).boxed().toList());
  }

  @Test
  void stoppedAtAnyRecordAndGoneOnWithAnyNumberOfTasksItLosesAndDoublesNothing() throws Exception {
    int rows = 25_000;
    oceanBase.create("resumed");
    oceanBase.insert("resumed", 1, rows);
    Random random = new Random(42);
    for (int trial = 0; trial < 2; trial++) {
      SourceHarness source = source();
      List<SourceRecord> records = new ArrayList<>();
      while (records.size() < rows) {
        Map<String, String> config =
            snapshot(
                "resumed",
                "scan.ranges",
                Integer.toString(1 + trial * 3),
                "tasks.max",
                Integer.toString(1 + random.nextInt(4)),
                "batch.max.rows",
                Integer.toString(50 + random.nextInt(3_000)));
        int stop = Math.min(rows - records.size(), 1 + random.nextInt(rows));
        records.addAll(source.run(config, read -> read.size() == stop));
      }
      assertThat(keys(records)).as("trial %d", trial).hasSameElementsAs(upTo(rows)).hasSize(rows);
      for (SourceRecord record : records) {
        long id = (long) key(record);
        byte[] v = value(record).getBytes("v");
        assertThat(v).hasSize(12);
        assertThat(LittleEndian.getFloat(v, 0)).isEqualTo((float) id);
        assertThat(LittleEndian.getFloat(v, 4)).isEqualTo((float) id / 7);
        assertThat(LittleEndian.getFloat(v, 8)).isEqualTo((float) -id);
      }
    }
  }

  @Test
  void vectorsAreTheOnesWrittenBitForBitWhateverTheServerPrints() throws Exception {
    int dimension = 64;
    oceanBase.execute(
        "DROP TABLE IF EXISTS bits", "CREATE TABLE bits (id BIGINT PRIMARY KEY, v VECTOR(64))");
    Random random = new Random(1);
    Map<Object, String> written = new TreeMap<>();
    for (long id = 1; id <= 600; id++) {
      ByteBuffer bytes = ByteBuffer.allocate(dimension * 4).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < dimension; i++) {
        bytes.putFloat(element(random, id));
      }
      written.put(id, HexFormat.of().formatHex(bytes.array()));
      oceanBase.execute("INSERT INTO bits VALUES (%d, x'%s')".formatted(id, written.get(id)));
    }
    assertThat(oceanBase.value("SELECT v FROM bits WHERE id = 1"))
        .as("the trap: the server prints six digits")
        .doesNotContainPattern("[1-9]\\d{6}[,\\]]");
    List<SourceRecord> records =
        source().run(snapshot("bits", "batch.max.rows", "100"), read -> read.size() == 600);
    for (SourceRecord record : records) {
      assertThat(HexFormat.of().formatHex(value(record).getBytes("v")))
          .as("row %s", key(record))
          .isEqualTo(written.get(key(record)));
    }
    SourceRecord array =
        source().run(snapshot("bits", "vector.format", "array"), read -> read.size() == 1).get(0);
    assertThat(value(array).getArray("v")).hasSize(dimension).hasOnlyElementsOfType(Float.class);
  }

  /** Numbers of embeddings, then such as fit the server's arithmetic, then any. */
  private static float element(Random random, long id) {
    float[] edges = {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, 1f, 16777215f};
    if (id <= 300) {
      return (float) random.nextGaussian() / 8;
    }
    if (id <= 350) {
      return edges[random.nextInt(edges.length)];
    }
    if (id <= 500) { // magnitudes up to 4e34
      return Float.intBitsToFloat(random.nextInt(0x79000000) | (random.nextInt(2) << 31));
    }
    while (true) {
      float any = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(any)) {
        return any;
      }
    }
  }

  @Test
  void everyTypeArrivesExactly() throws Exception {
    oceanBase.execute(
        "DROP TABLE IF EXISTS types",
        "CREATE TABLE types (id BIGINT PRIMARY KEY, ti TINYINT, tu TINYINT UNSIGNED, si SMALLINT,"
            + " su SMALLINT UNSIGNED, mi MEDIUMINT, mu MEDIUMINT UNSIGNED, i INT, iu INT UNSIGNED,"
            + " b BIGINT, bu BIGINT UNSIGNED, d DECIMAL(38,10), f FLOAT, db DOUBLE, da DATE,"
            + " dt DATETIME(6), ts TIMESTAMP(6) NULL, tm TIME(6), y YEAR, c CHAR(10),"
            + " vc VARCHAR(100), tx TEXT, bi BINARY(4), vb VARBINARY(20), bl BLOB, b1 BIT(1),"
            + " bt BIT(13), e ENUM('a','b ''x'), s SET('p','q','r'), j JSON, v VECTOR(3),"
            + " sv SPARSEVECTOR)",
        "INSERT INTO types VALUES (1,-128,255,-32768,65535,-8388608,16777215,-2147483648,"
            + "4294967295,-9223372036854775808,18446744073709551615,"
            + "-1234567890123456789012345678.0123456789,0.333333343,0.1,'2024-02-29',"
            + "'2024-02-29 23:59:59.123456','2024-02-29 23:59:59.654321','-838:59:58.123456',1901,"
            + "'ab','é😀 ','a''b\\\\c',x'00ff00ff',x'00',x'000102ff',b'1',b'1000000000001',"
            + "'b ''x','p,r','{\"a\": 0.30000000000000004, \"b\": [1, \"ü\"]}','[0.1,-0.0,1e-40]',"
            + "'{4294967295:3.3333333e37,7:0.123456789,9:16777217,100:-0.33333334}')",
        "INSERT INTO types (id) VALUES (2)",
        "INSERT INTO types (id, f, db, sv, v) VALUES (3, 16777215, 1.7976931348623157e308, '{}',"
            + " '[1,2,3]'), (4, 1e-45, 5e-324, NULL, NULL)");
    List<SourceRecord> records = source().run(snapshot("types"), read -> read.size() == 4);
    Struct row = value(records.get(0));
    assertThat(row.schema().fields().stream().skip(1).limit(29).map(f -> text(row.get(f))))
        .containsExactly(
            "-128",
            "255",
            "-32768",
            "65535",
            "-8388608",
            "16777215",
            "-2147483648",
            "4294967295",
            "-9223372036854775808",
            "18446744073709551615",
            "-1234567890123456789012345678.0123456789",
            "0.33333334",
            "0.1",
            "2024-02-29T00:00:00Z",
            "1709251199123456",
            "2024-02-29T23:59:59.654321Z",
            "-3020398123456",
            "1901",
            "ab",
            "é😀 ",
            "a'b\\c",
            "00ff00ff",
            "00",
            "000102ff",
            "true",
            "0110",
            "b 'x",
            "p,r",
            "{\"a\": 0.30000000000000004, \"b\": [1, \"ü\"]}");
    assertThat(text(row.getBytes("v"))).isEqualTo("cdcccc3d" + "00000080" + "c2160100");
    ByteBuffer sparse = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    sparse.putInt(7).putFloat(Float.parseFloat("0.123456789")).putInt(9).putFloat(16777216f);
    sparse.putInt(100).putFloat(-0.33333334f).putInt(-1).putFloat(Float.parseFloat("3.3333333e37"));
    assertThat(row.getBytes("sv")).isEqualTo(sparse.array());

    Struct nulls = value(records.get(1));
    assertThat(nulls.schema().fields().stream().skip(1).map(nulls::get)).containsOnlyNulls();
    assertThat(value(records.get(2)).getFloat32("f")).isEqualTo(16777215f);
    assertThat(value(records.get(2)).getFloat64("db")).isEqualTo(Double.MAX_VALUE);
    assertThat(value(records.get(2)).getBytes("sv")).isEmpty();
    assertThat(value(records.get(3)).getFloat32("f")).isEqualTo(Float.MIN_VALUE);
    assertThat(value(records.get(3)).getFloat64("db")).isEqualTo(Double.MIN_VALUE);
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? HexFormat.of().formatHex(bytes)
        : value instanceof Date date ? date.toInstant().toString() : String.valueOf(value);
  }

  @Test
  void keysOfTextAndBytesAreReadInTheServersOrder() throws Exception {
    List<String> texts =
        List.of(
            "''",
            "' x'",
            "'\"'",
            "'\\\\'",
            "''''",
            "'a\\nb'",
            "'%_'",
            "'É'",
            "'f'",
            "'G'",
            "'日本'",
            "'😀'",
            "'z '",
            "'~'",
            "'select'",
            "'ab'",
            "'AC'");
    for (String type :
        List.of("VARCHAR(50)", "VARCHAR(50) COLLATE utf8mb4_bin", "CHAR(50)", "VARBINARY(60)")) {
      oceanBase.execute(
          "DROP TABLE IF EXISTS `te``xt s`",
          "CREATE TABLE `te``xt s` (id %s, `n``x` INT, PRIMARY KEY (id))".formatted(type));
      for (String text : texts) {
        oceanBase.execute("INSERT INTO `te``xt s` VALUES (%s, 1)".formatted(text));
      }
      for (String ranges : List.of("1", "5")) {
        List<SourceRecord> records =
            source()
                .run(
                    snapshot("te`xt s", "batch.max.rows", "1", "scan.ranges", ranges),
                    read -> read.size() == texts.size());
        assertThat(keys(records).stream().map(OceanBaseSourceIT::text))
            .as(type)
            .doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void keysOfSeveralColumnsAreReadInTheOrderOfTheKey() throws Exception {
    oceanBase.execute(
        "DROP TABLE IF EXISTS composite_keys",
        "CREATE TABLE composite_keys (b INT, n BIGINT UNSIGNED, d DECIMAL(20,4), t DATETIME(6),"
            + " ts TIMESTAMP(6), bin BINARY(2), id VARCHAR(10),"
            + " PRIMARY KEY (id, n, d, t, ts, bin))");
    for (String id : List.of("a", "b")) {
      for (String n : List.of("0", "18446744073709551615")) {
        for (String d : List.of("-1.5000", "0.3333")) {
          for (String t : List.of("2024-01-01 00:00:00.000001", "2024-01-01 00:00:00.000002")) {
            for (String bin : List.of("0000", "ff27")) {
              oceanBase.execute(
                  "INSERT INTO composite_keys VALUES (1,%s,%s,'%s','%s',x'%s','%s')"
                      .formatted(n, d, t, t, bin, id));
            }
          }
        }
      }
    }
    List<SourceRecord> records =
        source()
            .run(
                snapshot("composite_keys", "batch.max.rows", "3", "scan.ranges", "4"),
                read -> read.size() == 32);
    List<String> keys = new ArrayList<>();
    for (SourceRecord record : records) {
      Struct key = (Struct) record.key();
      keys.add(key.schema().fields().stream().map(f -> text(key.get(f))).toList().toString());
    }
    assertThat(keys).doesNotHaveDuplicates().hasSize(32);
    assertThat(records.get(0).keySchema().fields())
        .extracting(Field::name)
        .containsExactly("id", "n", "d", "t", "ts", "bin");
  }

  @Test
  void aScanWhoseSnapshotTheServerDoesNotKeepGoesOnAtANewOne() throws Exception {
    oceanBase.create("lost");
    oceanBase.insert("lost", 1, 500);
    Map<String, String> config = snapshot("lost", "batch.max.rows", "50");
    SourceHarness source = source();
    source.run(config, read -> read.size() == 120);
    oceanBase.execute("ALTER TABLE lost ADD COLUMN extra INT DEFAULT 5");
    List<SourceRecord> records = source.run(config, read -> read.size() == 80);
    assertThat(keys(records)).as("a new column loses nothing").startsWith(121L).endsWith(200L);
    oceanBase.execute(
        "UPDATE lost SET label = 'changed' WHERE id = 5",
        "ALTER TABLE lost MODIFY COLUMN extra VARCHAR(20)"); // builds the table anew
    records = source.run(config, read -> read.size() == 300 + 30);
    assertThat(keys(records).subList(0, 300))
        .as("goes on behind the last key")
        .containsExactlyElementsOf(upTo(500).subList(200, 500));
    assertThat(keys(records).subList(300, 330))
        .as("and then tells what changed before it was lost")
        .containsExactlyElementsOf(upTo(30));
    assertThat(value(records.get(304)).getString("label")).isEqualTo("changed");
  }

  @Test
  void aTableThatIsFilledAnewDuringItsScanArrivesWhole() throws Exception {
    oceanBase.create("refilled");
    oceanBase.insert("refilled", 1, 500);
    Map<String, String> config = snapshot("refilled", "batch.max.rows", "50");
    SourceHarness source = source();
    source.run(config, read -> read.size() == 200);
    oceanBase.execute("TRUNCATE TABLE refilled");
    oceanBase.insert("refilled", 1, 450);
    List<Object> expected = new ArrayList<>(upTo(450).subList(200, 450));
    expected.addAll(upTo(450));
    List<SourceRecord> records = source.run(config, read -> read.size() == 250 + 450);
    assertThat(keys(records)).containsExactlyElementsOf(expected);
    long limit = System.nanoTime() + 500_000_000L;
    assertThat(source.run(config, read -> System.nanoTime() > limit)).as("and ends").isEmpty();
  }

  @Test
  void whatCannotBeReadIsRefusedByName() throws Exception {
    oceanBase.execute(
        "DROP TABLE IF EXISTS unfit",
        "CREATE TABLE unfit (id INT, a INT)",
        "DROP TABLE IF EXISTS unfit_type",
        "CREATE TABLE unfit_type (id INT PRIMARY KEY, g GEOMETRY)",
        "DROP TABLE IF EXISTS unfit_key",
        "CREATE TABLE unfit_key (id DOUBLE PRIMARY KEY)",
        "DROP TABLE IF EXISTS unfit_row",
        "CREATE TABLE unfit_row (id INT PRIMARY KEY, d DATE)",
        "INSERT INTO unfit_row VALUES (1, '0000-00-00')");
    assertThatThrownBy(() -> source().run(snapshot("unfit"), read -> false))
        .hasMessageContaining("table unfit has no primary key");
    assertThatThrownBy(() -> source().run(snapshot("unfit_type"), read -> false))
        .hasMessageContaining("table unfit_type has column g of type geometry");
    assertThatThrownBy(() -> source().run(snapshot("unfit_key"), read -> false))
        .hasMessageContaining("unfit_key has column id of type double");
    assertThatThrownBy(() -> source().run(snapshot("unfit_row"), read -> false))
        .hasMessageContaining("table unfit_row, column d: expected a date of the calendar");
    oceanBase.execute("DROP TABLE unfit", "DROP TABLE unfit_type", "DROP TABLE unfit_key");
  }

  @Test
  void aServerThatIsKilledIsWaitedFor() throws Exception {
    oceanBase.create("killed");
    oceanBase.insert("killed", 1, 5_000);
    List<CompletableFuture<Void>> restart = new ArrayList<>();
    List<SourceRecord> records =
        source()
            .run(
                snapshot("killed", "batch.max.rows", "200", "retry.backoff.ms", "100"),
                read -> {
                  if (read.size() >= 1_500 && restart.isEmpty()) {
                    Stack.get().oceanBase().kill();
                    restart.add(CompletableFuture.runAsync(Stack.get().oceanBase()::start));
                  }
                  return read.size() == 5_000;
                });
    restart.get(0).join();
    assertThat(keys(records)).containsExactlyElementsOf(upTo(5_000));
  }

  @Test
  void aTableThatTheCatalogueListsTooEarlyIsRead() throws Exception {
    for (int i = 0; i < 10; i++) {
      String table = "made_" + i;
      CompletableFuture<Void> creation = oceanBase.beginToCreate(table);
      SourceHarness source = source();
      assertThat(source.run(snapshot(table), read -> true)).isEmpty();
      creation.join();
    }
  }

  @Test
  void validateTellsEachProblemOnItsKey() throws Exception {
    oceanBase.create("fine");
    Map<String, String> config = oceanBase.sourceConfig("it", "fine");
    assertThat(Stack.connect().validate(config)).isEmpty();
    assertError(config, "connection.password", "wrong", "connection.password", "ccess denied");
    assertError(config, "connection.database", "nowhere", "connection.database", "nowhere");
    assertError(config, "connection.port", "1", "connection.host", "no answer");
    assertError(config, "table.include.list", "absent", "table.include.list", "[absent]");
    assertError(config, "connection.host", "a/?x=y", "connection.host", "host name");
    oceanBase.execute(
        "CREATE TABLE IF NOT EXISTS `文章` (id INT PRIMARY KEY)",
        "CREATE TABLE IF NOT EXISTS `dot.ted` (id INT PRIMARY KEY)",
        "CREATE TABLE IF NOT EXISTS dot_ted (id INT PRIMARY KEY)");
    assertError(config, "table.include.list", "文章", "topic.prefix", "文章");
    assertError(config, "table.include.list", "dot.ted", "topic.prefix", "dot_ted");
  }

  private static void assertError(
      Map<String, String> config, String key, String value, String on, String message) {
    Map<String, String> wrong = new TreeMap<>(config);
    wrong.put(key, value);
    Map<String, List<String>> errors = Stack.connect().validate(wrong);
    assertThat(errors.toString()).doesNotContain(config.get("connection.password"));
    assertThat(String.valueOf(errors.get(on))).as(errors.toString()).contains(message);
  }
}
