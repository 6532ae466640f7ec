package io.vectorconnect.it;

import static io.vectorconnect.it.MilvusCollections.row;
import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.OPENGAUSS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The main job on a real worker: Milvus to Kafka to both SQL targets. */
@Services(
    alone = MILVUS,
    shared = {CONNECT, OPENGAUSS, POSTGRESQL},
    mortalWorker = true)
@Timeout(600)
class MilvusToDataVecIT {
  private static final long ROWS = 60_000;

  @Test
  void migratesFarBeyondTheWindowOf16384RowsAndSurvivesKillsOfTheWorker() throws Exception {
    String name = "kills";
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create(name, DataType.Int64);
      milvus.insert(name, 1, ROWS, MilvusCollections::row);

      Map<String, String> source = MilvusCollections.sourceConfig("source-kills", name);
      source.put("tasks.max", "3");
      source.put("scan.ranges", "5");
      source.put("batch.max.rows", "700"); // so that the kills find it at work
      Stack.mortal().put("source-kills", source);
      Sql target = Sql.postgresql();
      Map<String, String> sink = target.sinkConfig(name);
      sink.put("batch.max.rows", "1000");
      Stack.mortal().put(sink.get("name"), sink);

      for (int share = 1; share <= 3; share++) {
        long enough = ROWS * share / 5;
        Await.until("part of the rows", () -> target.count(name) >= enough);
        Stack.mortalWorker().kill();
        assertThat(target.count(name)).isLessThan(ROWS);
        Stack.mortalWorker().start();
      }
      Await.until(
          "all rows",
          () -> target.count(name) == ROWS,
          Stack.mortal(),
          "source-kills",
          sink.get("name"));

      milvus.insert(name, ROWS + 1, ROWS + 10, MilvusCollections::row);
      Await.until(
          "new rows", () -> target.count(name) == ROWS + 10, Stack.mortal(), "source-kills");
      assertSameAsWritten(target, name, ROWS + 10);
      Stack.mortal().delete("source-kills");
      Stack.mortal().delete(sink.get("name"));
      milvus.drop(name);
    }
  }

  /** Recomputes every row's values from its key, in the database, to the last bit of the vector. */
  private static void assertSameAsWritten(Sql target, String table, long rows) throws Exception {
    assertThat(target.value("SELECT min(id), max(id), count(DISTINCT id) FROM " + table))
        .isEqualTo("1|" + rows + "|" + rows);
    assertThat(target.value("SELECT count(*) FROM " + table + " WHERE label <> 'row ' || id"))
        .isEqualTo("0");
    int number = 0;
    for (String sent : target.rows("SELECT id, encode(vector_send(v), 'hex') FROM " + table)) {
      long id = Long.parseLong(sent.substring(0, sent.indexOf('|')));
      ByteBuffer expected = ByteBuffer.allocate(4 + MilvusCollections.DIMENSION * Float.BYTES);
      expected.putShort((short) MilvusCollections.DIMENSION).putShort((short) 0);
      for (int i = 0; i < MilvusCollections.DIMENSION; i++) {
        expected.putFloat(MilvusCollections.element(id, i));
      }
      String hex = java.util.HexFormat.of().formatHex(expected.array());
      assertThat(sent).isEqualTo(id + "|" + hex);
      number++;
    }
    assertThat(number).isEqualTo(rows);
  }

  @Test
  void carriesEveryTypeToBothDialects() throws Exception {
    String name = "every_type";
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create(
          name,
          DataType.Int64,
          true,
          field("flag", DataType.Bool),
          field("tiny", DataType.Int8),
          field("small", DataType.Int16),
          field("medium", DataType.Int32),
          field("large", DataType.Int64),
          field("narrow", DataType.Float),
          field("wide", DataType.Double),
          field("document", DataType.JSON));
      JsonObject row = row(7);
      row.addProperty("label", "quote \" backslash \\ tab \t snow ☃ emoji 😀 and ''");
      row.addProperty("flag", true);
      row.addProperty("tiny", -128);
      row.addProperty("small", -32_768);
      row.addProperty("medium", Integer.MIN_VALUE);
      row.addProperty("large", Long.MAX_VALUE);
      row.addProperty("narrow", 0.1f);
      row.addProperty("wide", 0.1);
      row.add("document", JsonParser.parseString("{\"a\": [1, {\"b\": \"ü\"}]}"));
      row.addProperty("extra", "dynamic");
      milvus.insert(name, List.of(row));

      for (Sql target : List.of(Sql.postgresql(), Sql.openGauss())) {
        migrate(target, name);
        assertThat(
                target.value(
                    "SELECT label, flag, tiny, small, medium, large, narrow, wide, document->'a',"
                        + " \"$meta\"->>'extra', v FROM \"all.every_type\""))
            .isEqualTo(
                "quote \" backslash \\ tab \t snow ☃ emoji 😀 and ''|t|-128|-32768|-2147483648|"
                    + "9223372036854775807|0.1|0.1|[1, {\"b\": \"ü\"}]|dynamic|"
                    + "[1.1428572,1,0.8888889,0.8]");
        assertThat(columns(target, "all.every_type"))
            .containsExactly(
                "id bigint",
                "label character varying",
                "flag boolean",
                "tiny smallint",
                "small smallint",
                "medium integer",
                "large bigint",
                "narrow real",
                "wide double precision",
                "document jsonb",
                "v vector(4)",
                "$meta jsonb");
      }
      milvus.drop(name);
    }
  }

  @Test
  void carriesBinaryVectorsToBothDialects() throws Exception {
    String name = "bits";
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create(
          name,
          DataType.VarChar,
          false,
          AddFieldReq.builder()
              .fieldName("bits")
              .dataType(DataType.BinaryVector)
              .dimension(16)
              .build());
      JsonObject row = new JsonObject();
      row.addProperty("id", "a");
      row.addProperty("label", "bits 10000001 01111110");
      com.google.gson.JsonArray bits = new com.google.gson.JsonArray();
      bits.add(0x81);
      bits.add(0x7E);
      row.add("bits", bits);
      milvus.insert(name, List.of(row));
      for (Sql target : List.of(Sql.postgresql(), Sql.openGauss())) {
        migrate(target, name);
        assertThat(target.value("SELECT id, bits FROM \"all.bits\""))
            .isEqualTo("a|1000000101111110");
        assertThat(columns(target, "all.bits"))
            .containsExactly("id character varying", "label character varying", "bits bit(16)");
      }
      milvus.drop(name);
    }
  }

  private static void migrate(Sql target, String collection) throws Exception {
    String sourceName = "source-" + collection;
    Map<String, String> source = MilvusCollections.sourceConfig(sourceName, collection);
    source.put("topic.prefix", "all.");
    Stack.connect().put(sourceName, source);
    Map<String, String> sink = target.sinkConfig("all." + collection);
    String sinkName = sink.get("name");
    Stack.connect().put(sinkName, sink);
    Await.until("the row", () -> target.count("all." + collection) == 1, sinkName, sourceName);
    Stack.connect().delete(sinkName);
    Stack.connect().delete(sourceName);
  }

  private static List<String> columns(Sql target, String table) throws Exception {
    return target.rows(
        "SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute"
            + " WHERE attrelid = '\""
            + table
            + "\"'::regclass AND attnum > 0 ORDER BY attnum");
  }

  private static AddFieldReq field(String name, DataType type) {
    return AddFieldReq.builder().fieldName(name).dataType(type).build();
  }

  @Test
  void workerFindsThePluginsByTheirManifestsWithTheirVersion() {
    assertThat(Stack.connect().plugins())
        .containsEntry("io.vectorconnect.milvus.source.MilvusSourceConnector", "0.1.0-SNAPSHOT")
        .containsEntry("io.vectorconnect.milvus.sink.MilvusSinkConnector", "0.1.0-SNAPSHOT")
        .containsEntry("io.vectorconnect.datavec.sink.DataVecSinkConnector", "0.1.0-SNAPSHOT")
        .containsEntry("io.vectorconnect.oceanbase.sink.OceanBaseSinkConnector", "0.1.0-SNAPSHOT")
        .containsEntry("io.debezium.connector.postgresql.PostgresConnector", "3.7.0.Final");
  }
}
