package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.OPENGAUSS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL by Debezium, with our converter, to both SQL targets. */
@Services(
    alone = POSTGRESQL,
    shared = {CONNECT, OPENGAUSS})
@Timeout(300)
class PostgresSourceIT {
  private static final String COLUMNS =
      "id bigint PRIMARY KEY, label text, v vector(3), loose vector, required vector(2) NOT NULL,"
          + " h halfvec(3), s sparsevec(250002), any_s sparsevec, b bit(12), one bit(1),"
          + " d vector(2) DEFAULT '[1,2]', t text DEFAULT 'default'";

  private static String everyType(long id) {
    return "INSERT INTO items VALUES (%d, 'row %d', '[0.1,-0,1e-45]', '[3.4028235e+38,%d]', '[1,2]',"
            .formatted(id, id, id)
        + " '[65504,-0,6e-08]', '{1:0.5,250002:-3}/250002', '{40000:0.1}/50000',"
        + " B'100000000110', B'1', '[9,9]', 'told')";
  }

  private static String nulls(long id) {
    return "INSERT INTO items VALUES (%d, NULL, NULL, NULL, '[1,2]', NULL, NULL, NULL, NULL, NULL, NULL, NULL)"
        .formatted(id);
  }

  @Test
  void everyTypeBitForBitInTheSnapshotAndInTheStream() throws Exception {
    Sql source = Sql.postgresql().createDatabase("every_type");
    source.execute("CREATE TABLE items (" + COLUMNS + ")", everyType(1), nulls(2));
    Map<String, String> config = PostgresSource.config("every_type", source, "public.items");
    Stack.connect().put("every_type", config);
    List<String> names = new ArrayList<>();
    for (Sql target : List.of(Sql.postgresql(), Sql.openGauss())) {
      target.execute("CREATE TABLE items (" + COLUMNS + ")");
      Map<String, String> sink = target.sinkConfig("every_type.public.items");
      sink.put("table.name.format", "items");
      PostgresSource.keepNulls(sink);
      names.add(sink.get("name"));
      Stack.connect().put(sink.get("name"), sink);
      Await.until("the snapshot", () -> target.count("items") == 2, "every_type", sink.get("name"));
    }
    source.execute(everyType(3), nulls(4));
    for (Sql target : List.of(Sql.postgresql(), Sql.openGauss())) {
      Await.until("the stream", () -> target.count("items") == 4, "every_type", names.get(0));
      assertThat(target.rows(SENT)).isEqualTo(source.rows(SENT));
    }
    for (String name : names) {
      Stack.connect().delete(name);
    }
    PostgresSource.remove("every_type", source);
  }

  @Test
  void columnsChangeWhileTheStreamRuns() throws Exception {
    String name = "altered";
    Sql source = Sql.postgresql().createDatabase("altered_source");
    source.execute(
        "CREATE TABLE altered (id bigint PRIMARY KEY, label text, v vector(3))",
        "INSERT INTO altered VALUES (1, 'first', '[0.1,-0,1e-45]')");
    Stack.connect().put(name, PostgresSource.config(name, source, "public.altered"));
    Sql target = Sql.postgresql();
    Map<String, String> sink = target.sinkConfig("altered.public.altered");
    sink.put("table.name.format", "${table}");
    sink.put("auto.evolve", "true");
    sink.put("errors.tolerance", "all");
    sink.put("errors.deadletterqueue.topic.name", "errors-altered");
    sink.put("errors.deadletterqueue.topic.replication.factor", "1");
    sink.put("errors.deadletterqueue.context.headers.enable", "true");
    Stack.connect().put(sink.get("name"), sink);
    Await.until("the snapshot", () -> target.count(name) == 1, name, sink.get("name"));

    source.execute(
        "ALTER TABLE altered ADD COLUMN h halfvec(2), ADD COLUMN s sparsevec(250002), ADD n int",
        "INSERT INTO altered VALUES (2, 'added', '[1,2,3]', '[65504,-6e-08]', '{250002:7}/250002',"
            + " 5)",
        "ALTER TABLE altered DROP COLUMN label, ALTER COLUMN v TYPE vector",
        "INSERT INTO altered VALUES (3, '[4,5,6]', '[1,2]', NULL, 6)",
        "INSERT INTO altered VALUES (4, '[4,5,6,7]', '[1,2]', NULL, 7)",
        "UPDATE altered SET n = 8 WHERE id = 1");
    String same = "SELECT id, v::text, h::text, s::text, n FROM altered WHERE id <> 4 ORDER BY id";
    Await.until(
        "the changes",
        () -> target.count(name) == 3 && target.rows(same).equals(source.rows(same)),
        name,
        sink.get("name"));
    assertThat(target.rows("SELECT id, label FROM altered ORDER BY id"))
        .containsExactly("1|first", "2|added", "3|null");
    try (Topics topics = new Topics()) {
      assertThat(topics.poll("errors-altered", java.time.Duration.ofSeconds(20)))
          .singleElement()
          .extracting(record -> Topics.header(record, "__connect.errors.exception.message"))
          .asString()
          .contains("column v (vector(3)) of table", "4");
    }
    Stack.connect().delete(sink.get("name"));
    PostgresSource.remove(name, source);
  }

  @Test
  void infiniteTimesAndTheFirstAndLastOnesArriveAsTheyAre() throws Exception {
    Sql source = Sql.postgresql().createDatabase("endless_source");
    String columns = "(id bigint PRIMARY KEY, at timestamp, zoned timestamptz, day date)";
    source.execute("CREATE TABLE endless " + columns);
    String values =
        "(%d, 'infinity', 'infinity', '0001-01-01'), (%d, '-infinity', '-infinity', '2000-01-01'),"
            + " (%d, '294246-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999Z', '9999-12-31'),"
            + " (%d, '4713-01-01 BC', '0001-01-01Z', '0001-01-02')";
    source.execute("INSERT INTO endless VALUES " + values.formatted(1, 2, 3, 4));
    Map<String, String> config = PostgresSource.config("endless", source, "public.endless");
    Stack.connect().put("endless", config);
    Sql target = Sql.postgresql();
    target.execute("CREATE TABLE endless " + columns);
    Map<String, String> sink = target.sinkConfig("endless.public.endless");
    sink.put("table.name.format", "${table}");
    PostgresSource.keepNulls(sink);
    Stack.connect().put(sink.get("name"), sink);
    Await.until("the snapshot", () -> target.count("endless") == 4, "endless", sink.get("name"));
    source.execute("INSERT INTO endless VALUES " + values.formatted(5, 6, 7, 8));
    StringBuilder events = new StringBuilder();
    try (Topics topics = new Topics()) {
      int told = 0;
      for (int i = 0; i < 5 && told < 8; i++) {
        for (var record : topics.poll("endless.public.endless", java.time.Duration.ofSeconds(1))) {
          events.append('\n').append(record.value());
          told++;
        }
      }
    }
    Await.until("the stream", () -> target.count("endless") == 8, "endless", sink.get("name"));
    String all = "SELECT id, at::text, zoned::text, day::text FROM endless ORDER BY id";
    assertThat(target.rows(all)).as("of the events%s", events).isEqualTo(source.rows(all));
    Stack.connect().delete(sink.get("name"));
    PostgresSource.remove("endless", source);
  }

  private static final String VECTOR =
      "ARRAY(SELECT (random() - 0.5)::real FROM generate_series(1, 768) WHERE %s = %s)::vector";

  private static String vector(String id) {
    return VECTOR.formatted(id, id);
  }

  private static String sent(String table) {
    return "SELECT id, label, note, md5(vector_send(v)) FROM " + table + " ORDER BY id";
  }

  private static void awaitSame(Sql source, Sql target, String table, String... connectors)
      throws Exception {
    List<String> expected = source.rows(sent(table));
    try {
      Await.until(
          "the target to be as the source",
          // Counted first: to look at every row ten times a second takes the time of the sinks.
          () -> target.count(table) == expected.size() && target.rows(sent(table)).equals(expected),
          connectors);
    } catch (AssertionError e) {
      assertThat(target.rows(sent(table))).as(e.getMessage()).isEqualTo(expected);
      throw e;
    }
  }

  /** The loss that the stock connector is silent about: the vector of such an update is NULL. */
  @Test
  void anUpdateThatLeavesATooLongVectorAloneLeavesItInTheTarget() throws Exception {
    String table = "toasted";
    Sql source = Sql.postgresql().createDatabase("toasted_source");
    source.execute(
        "CREATE TABLE toasted (id bigint PRIMARY KEY, label text, note text, v vector(768))",
        "ALTER TABLE toasted ALTER note SET STORAGE EXTERNAL",
        "INSERT INTO toasted SELECT i, 'row ' || i, repeat('long ' || i, 1000), "
            + vector("i")
            + " FROM generate_series(1, 10) i");
    Stack.connect().put(table, PostgresSource.config(table, source, "public.toasted"));
    for (Sql target : List.of(Sql.postgresql(), Sql.openGauss())) {
      Map<String, String> sink = target.sinkConfig(table + ".public." + table);
      sink.put("table.name.format", "${table}");
      sink.put("errors.tolerance", "all");
      sink.put("errors.deadletterqueue.topic.name", "errors-" + sink.get("name"));
      sink.put("errors.deadletterqueue.topic.replication.factor", "1");
      sink.put("errors.deadletterqueue.context.headers.enable", "true");
      String name = sink.get("name");
      Stack.connect().put(name, sink);
      Await.until("the snapshot", () -> target.count(table) == 10, name, table);
      source.execute(
          "UPDATE toasted SET label = label || ' changed' WHERE id = 1",
          "UPDATE toasted SET v = NULL WHERE id = 2",
          "UPDATE toasted SET note = 'short' WHERE id = 3",
          "UPDATE toasted SET v = " + vector("id") + ", label = NULL WHERE id = 4",
          "DELETE FROM toasted WHERE id = 5",
          "UPDATE toasted SET id = id + 100, note = 'n', v = " + vector("id") + " WHERE id = 6");
      // In one transaction, so in one batch: whole, in part, other parts.
      source.execute(
          "INSERT INTO toasted VALUES (20, 'new', repeat('long', 1000), "
              + vector("1")
              + ");"
              + "UPDATE toasted SET label = 'newer' WHERE id = 20;"
              + "UPDATE toasted SET note = repeat('longer', 1000) WHERE id = 20;"
              + "UPDATE toasted SET label = 'newest' WHERE id = 20");
      awaitSame(source, target, table, name, table);
      assertThat(source.value("SELECT count(*) FROM toasted WHERE v IS NULL")).isEqualTo("1");

      source.execute("UPDATE toasted SET id = 107 WHERE id = 7");
      try (Topics topics = new Topics()) {
        List<String> reasons = new ArrayList<>();
        Await.until(
            "the refused record",
            () ->
                topics.poll("errors-" + name, java.time.Duration.ofSeconds(1)).stream()
                    .map(record -> Topics.header(record, "__connect.errors.exception.message"))
                    .anyMatch(reasons::add),
            name);
        assertThat(reasons).singleElement().asString().contains("REPLICA IDENTITY FULL");
      }
      source.execute(
          "DELETE FROM toasted",
          "INSERT INTO toasted SELECT i, 'row ' || i, repeat('long ' || i, 1000), "
              + vector("i")
              + " FROM generate_series(1, 10) i");
      awaitSame(source, target, table, name, table);
      Stack.connect().delete(name);
    }
    PostgresSource.remove(table, source);
  }

  @Test
  void theFullReplicaIdentityTellsEverything() throws Exception {
    String table = "full_identity";
    Sql source = Sql.postgresql().createDatabase("full_identity_source");
    source.execute(
        "CREATE TABLE full_identity (id bigint PRIMARY KEY, label text, note text,"
            + " v vector(768) NOT NULL)",
        "ALTER TABLE full_identity REPLICA IDENTITY FULL",
        "INSERT INTO full_identity SELECT i, 'row ' || i, NULL, "
            + vector("i")
            + " FROM generate_series(1, 10) i");
    Stack.connect().put(table, PostgresSource.config(table, source, "public.full_identity"));
    List<String> names = new ArrayList<>();
    for (Sql target : List.of(Sql.postgresql(), Sql.openGauss())) {
      Map<String, String> sink = target.sinkConfig(table + ".public." + table);
      sink.put("table.name.format", "${table}");
      names.add(sink.get("name"));
      Stack.connect().put(sink.get("name"), sink);
    }
    Sql postgresql = Sql.postgresql();
    Await.until("the snapshot", () -> postgresql.count(table) == 10, names.get(0), table);
    source.execute(
        "UPDATE full_identity SET label = 'changed' WHERE id = 1",
        "UPDATE full_identity SET id = 102 WHERE id = 2",
        "DELETE FROM full_identity WHERE id = 3");
    for (Sql target : List.of(postgresql, Sql.openGauss())) {
      awaitSame(source, target, table, names.get(0), names.get(1), table);
      // The dimension is known in the stream as in the snapshot.
      assertThat(
              target.value(
                  "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attname = 'v'"
                      + " AND attrelid = 'full_identity'::regclass"))
          .isEqualTo("vector(768)");
    }
    try (Topics topics = new Topics()) {
      List<String> dimensions = new ArrayList<>();
      Await.until(
          "the change events",
          () -> {
            topics.poll(table + ".public." + table, java.time.Duration.ofSeconds(1)).stream()
                .filter(record -> record.value() != null)
                .forEach(record -> dimensions.add(record.value().replaceAll(DIMENSION, "$1")));
            return dimensions.size() >= 14;
          });
      assertThat(dimensions).containsOnly("768");
    }

    source.execute(
        "TRUNCATE full_identity",
        "INSERT INTO full_identity SELECT i, 'in one transaction', NULL, "
            + vector("i")
            + " FROM generate_series(1, 20000) i");
    for (Sql target : List.of(postgresql, Sql.openGauss())) {
      awaitSame(source, target, table, names.get(0), names.get(1), table);
    }
    for (String name : names) {
      Stack.connect().delete(name);
    }
    PostgresSource.remove(table, source);
  }

  @Test
  void aTransactionOfAHundredThousandRowsAndABlockingScan() throws Exception {
    String name = "bulk";
    Sql source = Sql.postgresql().createDatabase("bulk_source");
    source.execute(
        "CREATE TABLE bulk (id bigint PRIMARY KEY, v vector(8))",
        "CREATE TABLE signals (id varchar(64) PRIMARY KEY, type varchar(32), data varchar(2048))",
        "INSERT INTO bulk SELECT -i, array_fill(i::real, ARRAY[8])::vector"
            + " FROM generate_series(1, 5000) i");
    Map<String, String> config = PostgresSource.config(name, source, "public.bulk");
    config.put("snapshot.mode", "no_data");
    config.put("signal.data.collection", "public.signals");
    Stack.connect().put(name, config);
    Sql target = Sql.postgresql();
    Map<String, String> sink = target.sinkConfig("bulk.public.bulk");
    sink.put("table.name.format", "${table}");
    sink.put("consumer.override.max.poll.records", "5000");
    Stack.connect().put(sink.get("name"), sink);
    Await.until(
        "the slot",
        () ->
            source
                .value(
                    "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = 'bulk'")
                .equals("1"),
        name);

    source.execute( // one transaction
        "INSERT INTO bulk SELECT i, array_fill(i::real, ARRAY[8])::vector FROM generate_series(1,"
            + " 100000) i;UPDATE bulk SET v = array_fill(-id::real, ARRAY[8])::vector WHERE id % 10"
            + " = 0 AND id > 0;DELETE FROM bulk WHERE id % 10 = 5 AND id > 0");
    Await.until("the transaction", () -> target.count("bulk") == 90_000, name, sink.get("name"));
    source.execute(
        "INSERT INTO signals VALUES ('1', 'execute-snapshot',"
            + " '{\"data-collections\": [\"public.bulk\"], \"type\": \"blocking\"}')",
        "UPDATE bulk SET v = '[1,2,3,4,5,6,7,8]' WHERE id = -1");
    String all = "SELECT count(*), md5(string_agg(id || v::text, ',' ORDER BY id)) FROM bulk";
    String expected = source.value(all);
    Await.until(
        "the scan",
        () -> target.count("bulk") == 95_000 && target.value(all).equals(expected),
        name,
        sink.get("name"));
    Stack.connect().delete(sink.get("name"));
    PostgresSource.remove(name, source);
  }

  private static final String DIMENSION = "(?s)^.*?\"dimension\":\"(\\d+)\".*$";

  private static final String SENT =
      "SELECT id, label, vector_send(v), vector_send(loose), vector_send(required),"
          + " halfvec_send(h), sparsevec_send(s), sparsevec_send(any_s), b, one, vector_send(d), t"
          + " FROM items ORDER BY id";
}
