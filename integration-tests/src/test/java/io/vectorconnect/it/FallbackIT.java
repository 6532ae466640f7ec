package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way back: after the cut-over to PostgreSQL, its changes flow to the Milvus that was left. */
@Services(
    alone = MILVUS,
    shared = {CONNECT, POSTGRESQL})
@Timeout(240)
class FallbackIT {
  private static final String NAME = "fallback";
  private static final String BACK = "fallback_back";
  private static final String BACK_SINK = "fallback-back-sink";

  private static JsonObject row(long id) {
    JsonObject row = MilvusCollections.row(id);
    row.addProperty("tiny", id % 100);
    row.addProperty("colour", "blue " + id); // a dynamic field
    return row;
  }

  /** Every row as {@code label|tiny|vector|colour}, by key. */
  private static Map<Long, String> inMilvus(MilvusRows rows) {
    Map<Long, String> found = new TreeMap<>();
    rows.byId(NAME, 2_000)
        .forEach(
            (id, row) ->
                found.put(
                    id,
                    row.get("label")
                        + "|"
                        + row.get("tiny")
                        + "|"
                        + row.get("v").toString().replace(" ", "").replace(".0,", ",")
                        + "|"
                        + row.get("colour")));
    return found;
  }

  private static Map<Long, String> inPostgresql(Sql sql) throws Exception {
    Map<Long, String> found = new TreeMap<>();
    for (String row :
        sql.rows(
            "SELECT id, label, tiny, ARRAY(SELECT e FROM unnest(v::real[]) e), \"$meta\"->>'colour'"
                + " FROM fallback")) {
      String[] parts = row.split("\\|", 2);
      String[] rest = parts[1].split("\\|", -1);
      List<Float> elements =
          List.of(rest[2].substring(1, rest[2].length() - 1).split(",")).stream()
              .map(Float::valueOf)
              .toList();
      found.put(
          Long.valueOf(parts[0]),
          rest[0]
              + "|"
              + rest[1]
              + "|"
              + elements.toString().replace(" ", "").replace(".0,", ",")
              + "|"
              + rest[3]);
    }
    return found;
  }

  @Test
  void writesToTheNewDatabaseFlowBackToTheOldOne() throws Exception {
    Sql sql = Sql.postgresql().createDatabase(NAME);
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create(
          NAME,
          DataType.Int64,
          true,
          AddFieldReq.builder().fieldName("tiny").dataType(DataType.Int8).build());
      milvus.insert(NAME, 1, 1_000, FallbackIT::row);
      MilvusRows old = new MilvusRows(milvus.client());
      Stack.connect().put(NAME, MilvusCollections.sourceConfig(NAME, NAME));
      Map<String, String> sink = sql.sinkConfig(NAME);
      Stack.connect().put(sink.get("name"), sink);
      Await.until("the scan", () -> sql.count(NAME) == 1_000, NAME, sink.get("name"));
      Stack.connect().delete(NAME);
      Stack.connect().delete(sink.get("name"));

      startTheWayBack(sql);
      sql.execute(
          "UPDATE fallback SET label = 'changed', tiny = -128 WHERE id = 1",
          "UPDATE fallback SET v = '[0.1,-0,1e-40,3]' WHERE id = 2",
          "UPDATE fallback SET \"$meta\" = '{\"colour\": \"red\"}' WHERE id = 3",
          "DELETE FROM fallback WHERE id BETWEEN 4 AND 9",
          "INSERT INTO fallback SELECT 1001, 'new', 7, '[1,2,3,4]', '{\"colour\": \"green\"}'",
          "UPDATE fallback SET id = 1500 WHERE id = 10");
      Map<Long, String> expected = inPostgresql(sql);
      assertThat(expected).hasSize(995);
      Await.until("the way back", () -> inMilvus(old).equals(expected), BACK, BACK_SINK);
      Stack.connect().delete(BACK_SINK);
      PostgresSource.remove(BACK, sql);
      milvus.drop(NAME);
    }
  }

  /** What is there already is in both; the slot must be there before the application writes. */
  private static void startTheWayBack(Sql sql) throws Exception {
    Map<String, String> source = PostgresSource.config(BACK, sql, "public.fallback");
    source.put("snapshot.mode", "no_data");
    Stack.connect().put(BACK, source);
    Map<String, String> sink = MilvusCollections.sinkConfig(BACK_SINK, BACK + ".public.fallback");
    sink.put("collection.name.format", NAME);
    sink.put("auto.create", "false");
    PostgresSource.keepNulls(sink);
    Stack.connect().put(BACK_SINK, sink);
    Await.until(
        "the slot",
        () ->
            sql.value(
                    "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '"
                        + BACK
                        + "'")
                .equals("1"),
        BACK);
  }
}
