package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.localstack.ConnectRest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Debezium leaves out or changes: our converter carries it, or stops the connector. */
@Services(shared = {CONNECT, POSTGRESQL})
@Timeout(300)
class PostgresValuesIT {
  private static Map<String, String> sink(String name) {
    Map<String, String> config = Sql.postgresql().sinkConfig(name + ".public." + name);
    config.put("table.name.format", "${table}");
    config.put("auto.create", "true");
    PostgresSource.keepNulls(config);
    return config;
  }

  private static String failure(String connector) throws Exception {
    Await.until("the connector to fail", () -> !Stack.connect().failures(connector).isEmpty());
    return Stack.connect().failures(connector).get(0);
  }

  private static void restart(String name, Map<String, String> config) throws Exception {
    ConnectRest connect = Stack.connect();
    connect.delete(name);
    connect.put(name, config);
  }

  @Test
  void everyTypeArrivesAsItIsOrAsItsText() throws Exception {
    String name = "carried";
    Sql source = Sql.postgresql().createDatabase("carried_source");
    source.execute(
        "DROP EXTENSION vector",
        "CREATE SCHEMA extensions", // as Supabase does
        "CREATE EXTENSION vector SCHEMA extensions",
        "CREATE TYPE pair AS (x int, y text)",
        "CREATE DOMAIN emb AS extensions.vector(3)",
        "CREATE DOMAIN emb2 AS emb CHECK (value IS NOT NULL)",
        "CREATE DOMAIN half AS extensions.halfvec",
        "CREATE DOMAIN bits AS bit(12)",
        "CREATE TABLE carried (id int PRIMARY KEY, c pair, ia interval[], x xid, l pg_lsn, mm int[][],"
            + " m1 int[], n name, nn name NOT NULL, i interval, tz timetz, mr int4multirange,"
            + " va extensions.vector[], e emb, e2 emb2, h half, b bits, v extensions.vector(2),"
            + " tza timetz[], r real DEFAULT 1.5)");
    String row =
        "INSERT INTO carried VALUES (%d, ROW(1,'a b'), '{1 mon,2 days}', '42', '16/B374D848',"
            + " '{{1,2},{3,4}}', '{5,NULL}', 'nm', 'n2', '1 mon 2 days 00:00:00.000001',"
            + " '12:00:00.5+02', '{[1,3),[7,9)}', ARRAY['[1,2]'::extensions.vector],"
            + " '[0.1,-0,1e-45]', '[1,2,3]', '[65504,-6e-08]', B'100000000110', '[1,2]',"
            + " '{12:00:00+02}', 0.1)";
    String nulls =
        "INSERT INTO carried (id, nn, e2, r) VALUES (%d, 'n', '[1,2,3]'::extensions.vector, NULL)";
    source.execute(row.formatted(1), nulls.formatted(2));
    Map<String, String> config = PostgresSource.config(name, source, "public.carried");
    config.put("include.unknown.datatypes", "true");
    config.put("interval.handling.mode", "string");
    Stack.connect().put(name, config);
    Map<String, String> sink = sink(name);
    Stack.connect().put(sink.get("name"), sink);
    Sql target = Sql.postgresql();
    Await.until("the scan", () -> target.count(name) == 2, name, sink.get("name"));
    source.execute(
        row.formatted(3),
        nulls.formatted(4),
        "UPDATE carried SET n = 'changed' WHERE id = 1",
        "DELETE FROM carried WHERE id = 2");
    String sent =
        "SELECT id, c::text, ia::text, x::text, l::text, mm::text, m1::text, n::text, nn::text,"
            + " i::interval::text, tz::text, mr::text, va::text, e::text, e2::text, h::text,"
            + " b::text, v::text, tza::text, r FROM carried ORDER BY id";
    Await.until(
        "the changes",
        () -> target.rows("SELECT id FROM carried ORDER BY id").equals(List.of("1", "3", "4")),
        name,
        sink.get("name"));
    assertThat(target.rows(sent)).isEqualTo(source.rows(sent));
    assertThat(
            target.rows(
                "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                    + " WHERE attrelid = 'carried'::regclass AND attname IN ('e', 'e2', 'h', 'b', 'v')"
                    + " ORDER BY attnum"))
        .containsExactly("e|vector(3)", "e2|vector(3)", "h|halfvec", "b|bit(12)", "v|vector(2)");
    Stack.connect().delete(sink.get("name"));
    PostgresSource.remove(name, source);
  }

  @Test
  void whatCannotArriveStopsTheConnectorAtItsStart() throws Exception {
    String name = "refused";
    Sql source = Sql.postgresql().createDatabase("refused_source");
    source.execute(
        "CREATE TABLE refused (id int, k int, t text, i interval, l pg_lsn,"
            + " n int GENERATED ALWAYS AS (length(t)) STORED, PRIMARY KEY (id, k))"
            + " PARTITION BY LIST (k)",
        "CREATE TABLE refused_1 PARTITION OF refused FOR VALUES IN (1)",
        "CREATE TABLE aside (id int PRIMARY KEY, l pg_lsn)", // not captured
        "INSERT INTO refused VALUES (1, 1, 'hello', '1 mon', '0/1')");
    Map<String, String> config = PostgresSource.config(name, source, "public.refused");
    config.remove("event.converting.failure.handling.mode");
    Stack.connect().put(name, config);
    assertThat(failure(name))
        .contains(
            "event.converting.failure.handling.mode=fail",
            "table public.refused is partitioned",
            "publish.via.partition.root=true",
            "column n of table public.refused is generated",
            "publish_generated_columns = stored",
            "column l of table public.refused",
            "include.unknown.datatypes=true",
            "column i of table public.refused",
            "interval.handling.mode=string")
        .doesNotContain("aside");

    config.put("event.converting.failure.handling.mode", "fail");
    config.put("publish.via.partition.root", "true");
    config.put("include.unknown.datatypes", "true");
    config.put("interval.handling.mode", "string");
    restart(name, config);
    // Debezium made the publication at the first start, and does not change this setting of it.
    assertThat(failure(name))
        .contains("SET (publish_via_partition_root = true)")
        .doesNotContain("pg_lsn", "interval.handling");
    source.execute(
        "ALTER PUBLICATION refused SET (publish_via_partition_root = true)",
        "ALTER PUBLICATION refused SET (publish_generated_columns = stored)");
    restart(name, config);
    Map<String, String> sink = sink(name);
    Stack.connect().put(sink.get("name"), sink);
    Sql target = Sql.postgresql();
    Await.until("the scan", () -> target.count(name) == 1, name, sink.get("name"));
    source.execute(
        "UPDATE refused SET t = 'hello world'",
        "INSERT INTO refused VALUES (2, 1, 'x', '2 mons 1 day', '0/2')");
    Await.until("the changes", () -> target.count(name) == 2, name, sink.get("name"));
    String sent = "SELECT id, k, t, i::interval::text, l::text, n FROM refused ORDER BY id";
    assertThat(target.rows(sent)).isEqualTo(source.rows(sent));
    Stack.connect().delete(sink.get("name"));
    PostgresSource.remove(name, source);
  }

  @Test
  void aTableAddedLaterAndAColumnAddedWithADefaultStopTheConnector() throws Exception {
    String name = "later";
    Sql source = Sql.postgresql().createDatabase("later_source");
    source.execute(
        "CREATE TABLE later (id int PRIMARY KEY, t text)",
        "CREATE TABLE added (id int PRIMARY KEY, t text)",
        "CREATE TABLE empty (id int PRIMARY KEY, t text)",
        "INSERT INTO later VALUES (1, 'x')",
        "INSERT INTO added VALUES (1, 'old')");
    Map<String, String> config = PostgresSource.config(name, source, "public.later");
    config.put("tombstones.on.delete", "false");
    Stack.connect().put(name, config);
    Await.until(
        "the stream",
        () -> {
          source.execute("UPDATE later SET t = t || 'x'");
          return PostgresSource.isScanned(name);
        },
        name);

    source.execute(
        "ALTER TABLE later ADD COLUMN plain int", "INSERT INTO later VALUES (2, 'y', 1)");
    source.execute(
        "ALTER TABLE later ADD COLUMN n int NOT NULL DEFAULT 5",
        "INSERT INTO later VALUES (3, 'z', 1, 6)");
    assertThat(failure(name))
        .contains("column n of table public.later was added with a default", "execute-snapshot")
        .doesNotContain("column plain");

    config.put("table.include.list", "public.later,public.added,public.empty");
    restart(name, config);
    assertThat(failure(name))
        .contains("table public.added is new to this connector", "execute-snapshot")
        .doesNotContain("public.empty", "column n");
    config.put("vectors.check", "warn");
    restart(name, config);
    try (Topics topics = new Topics()) {
      StringBuilder seen = new StringBuilder();
      Await.until(
          "the changes after the restart",
          () -> {
            topics
                .poll("later.public.later", java.time.Duration.ofSeconds(1))
                .forEach(record -> seen.append(record.value()));
            return seen.toString().contains("\"n\":6");
          },
          name);
      Await.until(
          "the new table's changes",
          () -> {
            source.execute("INSERT INTO added SELECT max(id) + 1, 'new' FROM added");
            return topics.poll("later.public.added", java.time.Duration.ofSeconds(1)).stream()
                .anyMatch(record -> record.value().contains("\"t\":\"new\""));
          },
          name);
    }
    PostgresSource.remove(name, source);
  }
}
