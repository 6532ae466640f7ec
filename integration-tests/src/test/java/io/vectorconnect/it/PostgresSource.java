package io.vectorconnect.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorconnect.localstack.ConnectRest;
import java.util.HashMap;
import java.util.Map;

/** Debezium with our converter, on one database. */
final class PostgresSource {
  private PostgresSource() {}

  /**
   * A source connector; its topics are {@code <name>.public.<table>}.
   *
   * @param tables as {@code table.include.list} takes them
   */
  static Map<String, String> config(String name, Sql database, String tables) {
    Map<String, String> config = new HashMap<>();
    config.put("name", name);
    config.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    config.put("tasks.max", "1");
    config.put("plugin.name", "pgoutput");
    config.put("database.hostname", database.server().host());
    config.put("database.port", Integer.toString(database.server().port()));
    config.put("database.dbname", database.server().database());
    config.put("database.user", database.server().user());
    config.put("database.password", database.server().password());
    config.put("topic.prefix", name);
    config.put("table.include.list", tables);
    config.put("slot.name", name);
    config.put("slot.drop.on.stop", "false");
    config.put("publication.name", name);
    config.put("publication.autocreate.mode", "filtered");
    config.put("converters", "vectors");
    config.put("vectors.type", "io.vectorconnect.debezium.VectorConverter");
    config.put("event.converting.failure.handling.mode", "fail");
    config.put("skipped.operations", "none");
    keepNulls(config);
    return config;
  }

  /** Or JsonConverter puts a column's default where its value is NULL. */
  static void keepNulls(Map<String, String> config) {
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.replace.null.with.default", "false");
  }

  /** Whether Connect has stored an offset behind the first scan: a kill before begins it anew. */
  static boolean isScanned(String name) {
    return isScanned(Stack.connect(), name);
  }

  /** The same of a connector in another worker. */
  static boolean isScanned(ConnectRest worker, String name) {
    JsonNode offsets = worker.get("/connectors/" + name + "/offsets").get("offsets");
    return !offsets.isEmpty()
        && offsets.get(0).get("offset").has("lsn")
        && !offsets.get(0).get("offset").has("snapshot");
  }

  /** Ends the connector and gives its slot back. */
  static void remove(String name, Sql database) throws Exception {
    remove(Stack.connect(), name, name, database);
  }

  /** The same, of a connector whose slot has another name. */
  static void remove(String name, String slot, Sql database) throws Exception {
    remove(Stack.connect(), name, slot, database);
  }

  /** The same, of a connector in another worker. */
  static void remove(ConnectRest worker, String name, String slot, Sql database) throws Exception {
    worker.delete(name);
    Await.until(
        "the slot to be free",
        () ->
            database
                .value(
                    "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '"
                        + slot
                        + "'")
                .equals("0"));
    database.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
            + slot
            + "'");
  }
}
