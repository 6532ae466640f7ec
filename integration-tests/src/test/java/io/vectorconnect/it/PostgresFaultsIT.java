package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.LocalStack;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A source database that cannot tell its changes, or no longer: loud, and never a silent gap. */
@Services(shared = {CONNECT, POSTGRESQL})
@Timeout(240)
class PostgresFaultsIT {
  private static final String ONE_MORE =
      "INSERT INTO items SELECT max(id) + 1, '[1,1,1]' FROM items";

  private static LocalStack server(String setting, String value) {
    return LocalStack.builder()
        .components(Component.POSTGRESQL)
        .postgresqlSetting(setting, value)
        .start();
  }

  private static Sql items(LocalStack server) throws Exception {
    Sql source = Sql.postgresql(server.postgresql().server());
    source.execute(
        "CREATE TABLE items (id bigint PRIMARY KEY, v vector(3))",
        "INSERT INTO items SELECT i, '[1,2,3]' FROM generate_series(1, 10) i");
    return source;
  }

  private static void awaitStream(Sql source, String name) throws Exception {
    Await.until(
        "the stream",
        () -> {
          source.execute(ONE_MORE);
          return PostgresSource.isScanned(name);
        },
        name);
  }

  private static String failure(String connector) throws Exception {
    Await.until("the connector to fail", () -> !Stack.connect().failures(connector).isEmpty());
    return Stack.connect().failures(connector).get(0);
  }

  @Test
  void aServerWithoutLogicalReplicationStopsTheConnector() throws Exception {
    try (LocalStack server = server("wal_level", "replica")) {
      Sql source = items(server);
      String name = "no_logical";
      Stack.connect().put(name, PostgresSource.config(name, source, "public.items"));
      assertThat(failure(name)).contains("wal_level");
      Stack.connect().delete(name);
    }
  }

  @Test
  void aSlotThatIsGoneStopsTheConnector() throws Exception {
    Sql source = Sql.postgresql().createDatabase("slot_gone");
    source.execute(
        "CREATE TABLE items (id bigint PRIMARY KEY, v vector(3))",
        "INSERT INTO items SELECT i, '[1,2,3]' FROM generate_series(1, 10) i");
    String name = "slot_gone";
    Stack.connect().put(name, PostgresSource.config(name, source, "public.items"));
    awaitStream(source, name);
    Stack.connect().action("PUT", name, "stop");
    dropSlot(source, name);
    source.execute(ONE_MORE); // nobody will ever tell this one
    Stack.connect().action("PUT", name, "resume");
    assertThat(failure(name)).contains("no longer available on the server");
    Stack.connect().delete(name);
  }

  private static void dropSlot(Sql source, String slot) throws Exception {
    Await.until(
        "the slot to be free",
        () ->
            source
                .value(
                    "SELECT count(*) FROM pg_replication_slots WHERE NOT active AND slot_name = '"
                        + slot
                        + "'")
                .equals("1"));
    source.execute("SELECT pg_drop_replication_slot('" + slot + "')");
  }

  /** Debezium 3.7 tries again for half an hour, and only then lets the task fail. */
  @Test
  void aSlotThatTheServerInvalidatedIsWarnedOfAndNothingIsSent() throws Exception {
    try (LocalStack server = server("max_slot_wal_keep_size", "1MB")) {
      Sql source = items(server);
      String name = "slot_lost";
      Stack.connect().put(name, PostgresSource.config(name, source, "public.items"));
      awaitStream(source, name);
      Stack.connect().action("PUT", name, "stop");
      Await.until(
          "the slot to be lost",
          () -> {
            source.execute(
                "INSERT INTO items SELECT i, '[4,5,6]' FROM generate_series((SELECT max(id) + 1 FROM"
                    + " items), (SELECT max(id) + 1000 FROM items)) i",
                "SELECT pg_switch_wal()",
                "CHECKPOINT");
            return source.value("SELECT wal_status FROM pg_replication_slots").equals("lost");
          });
      Stack.connect().action("PUT", name, "resume");
      Await.until(
          "the warning",
          () ->
              Files.readString(Stack.get().connect().log())
                  .contains("Cannot obtain valid replication slot 'slot_lost'"));
      Stack.connect().delete(name);
    }
  }
}
