package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.utility.request.ListAliasesReq;
import io.vectorconnect.localstack.ConnectRest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * MongoDB's own connector, our transform, our sinks. The server speaks MongoDB's protocol in this
 * process (it does not know BSON vectors, which the transform's own test has); the documents are
 * written by MongoDB's own driver.
 */
@Services(
    alone = MILVUS,
    shared = {CONNECT, POSTGRESQL})
@Timeout(240)
class MongoDbIT {
  private static final int COUNT = 300;
  private static final String SOURCE = "mongodb-to-milvus-source";
  private static final String SINK = "mongodb-to-milvus-sink";
  private static final String REBUILD_SOURCE = "mongodb-to-milvus-rebuild-1-source";
  private static final String RAW_SOURCE = "mongodb-raw-source";
  private static final String RAW_SINK = "mongodb-raw-sink";
  private static final String SQL_SINK = "sink-postgresql-shop.items";

  private final MongoServer server = new MongoServer(new MemoryBackend());
  private final List<String> started = new ArrayList<>();
  private MongoClient client;
  private MongoCollection<Document> items;

  @BeforeEach
  void fill() {
    server.enableOplog();
    var address = server.bind();
    client = MongoClients.create("mongodb://127.0.0.1:" + address.getPort());
    items = client.getDatabase("shop").getCollection("items");
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      documents.add(document(new ObjectId(), i));
    }
    documents.add(new Document("title", "without a vector"));
    documents.add(document(new ObjectId(), 3_000).append("archived", true));
    items.insertMany(documents);
  }

  @AfterEach
  void end() {
    started.forEach(Stack.connect()::delete);
    client.close();
    server.shutdownNow();
  }

  private static Document document(ObjectId id, int number) {
    List<Double> vector = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      vector.add((double) MilvusCollections.element(number, i));
    }
    return new Document("_id", id)
        .append("title", "item " + number)
        .append("embedding", vector)
        .append(
            "stock",
            new Document("count", (long) number).append("at", new ObjectId(id.toHexString())));
  }

  private Map<String, String> example(String file, Map<String, String> variables) throws Exception {
    String json = Files.readString(Stack.root().resolve("examples/mongodb-to-milvus/" + file));
    Map<String, String> config = ConnectRest.config(json, variables);
    Stack.milvus().addDatabase(config);
    return config;
  }

  private Map<String, String> source() throws Exception {
    Map<String, String> source =
        example("source.json", Map.of("MONGODB_URI", "mongodb://" + address()));
    // MongoDB tells in each event where it happened; this server does not.
    source.put("pipeline", "[{\"$addFields\": {\"ns\": {\"db\": \"shop\", \"coll\": \"items\"}}}]");
    return source;
  }

  private void register() throws Exception {
    Map<String, String> source = source();
    source.put(
        "startup.mode.copy.existing.pipeline", "[{\"$match\": {\"archived\": {\"$ne\": true}}}]");
    Map<String, String> sink = example("sink.json", milvusVariables());
    Map<String, String> sql = Sql.postgresql().sinkConfig("shop.items");
    sql.put("table.name.format", "mongodb_items");
    start(source, sink, sql);
  }

  @SafeVarargs
  private final void start(Map<String, String>... configs) {
    for (Map<String, String> config : configs) {
      assertThat(Stack.connect().validate(config)).isEmpty();
      Stack.connect().put(config.get("name"), config);
      started.add(config.get("name"));
    }
  }

  private String address() {
    var address = server.getLocalAddress();
    return "127.0.0.1:" + address.getPort();
  }

  @Test
  void documentsAndTheirChangesArriveInMilvusAndPostgresql() throws Exception {
    register();
    Sql sql = Sql.postgresql();
    Await.until("the copy", () -> sql.count("mongodb_items") == COUNT, SOURCE, SQL_SINK, SINK);
    awaitStream(sql);

    ObjectId changed = id(0);
    items.updateOne(Filters.eq(changed), Updates.set("title", "changed"));
    items.replaceOne(Filters.eq(id(1)), document(id(1), 1_000));
    items.deleteOne(Filters.eq(id(2)));
    items.insertOne(document(new ObjectId(), 2_001));

    Map<String, String> expected = new TreeMap<>();
    for (Document document :
        items.find(Filters.and(Filters.exists("embedding"), Filters.ne("archived", true)))) {
      expected.put(
          document.getObjectId("_id").toHexString(),
          document.getString("title") + "|" + hex(document.getList("embedding", Double.class)));
    }
    assertThat(expected).hasSize(COUNT + 1); // the probe, one more, one less
    try (MilvusCollections milvus = new MilvusCollections()) {
      MilvusRows rows = new MilvusRows(milvus.client());
      Await.until("Milvus", () -> milvusItems(rows).equals(expected), SOURCE, SINK);
      assertThat(rows.query("items", "title == \"changed\"").get(0).toString())
          .contains("stock", changed.toHexString());
      Await.until("PostgreSQL", () -> sqlItems(sql).equals(expected), SOURCE, SQL_SINK);
      assertThat(
              sql.value(
                  "SELECT \"$meta\"->'stock'->>'count' FROM mongodb_items WHERE title = 'changed'"))
          .isEqualTo("0");
      milvus.drop("items");
    }
  }

  @Test
  void aRebuildGetsTheAliasWhenTheCopyIsWritten() throws Exception {
    Map<String, String> source = source();
    source.put("name", REBUILD_SOURCE);
    source.put("topic.prefix", "rebuild-1");
    Map<String, String> sink = example("sink-rebuild.json", milvusVariables());
    sink.put("alias.idle.ms", "3000");
    String name = sink.get("name");
    start(source, sink);
    try (MilvusCollections milvus = new MilvusCollections()) {
      MilvusRows rows = new MilvusRows(milvus.client());
      Await.until("the switch", () -> hasAlias(milvus), REBUILD_SOURCE, name);
      assertThat(milvusItems(rows)).hasSize(COUNT + 1); // the archived one, too
      ObjectId probe = new ObjectId();
      Await.until( // the stream, into the same collection
          "a change",
          () -> {
            items.replaceOne(
                Filters.eq(probe), document(probe, 7), new ReplaceOptions().upsert(true));
            return milvusItems(rows).containsKey(probe.toHexString());
          },
          REBUILD_SOURCE,
          name);
      milvus.client().dropAlias(DropAliasReq.builder().alias("items").build());
      milvus.client().listCollections().getCollectionNames().stream()
          .filter(found -> found.startsWith("items_") || found.startsWith("vector_connect_alias_"))
          .forEach(milvus::drop);
    }
  }

  private static boolean hasAlias(MilvusCollections milvus) {
    return milvus.client().listCollections().getCollectionNames().stream()
        .filter(name -> name.startsWith("items_"))
        .anyMatch(
            name ->
                milvus
                    .client()
                    .listAliases(ListAliasesReq.builder().collectionName(name).build())
                    .getAlias()
                    .contains("items"));
  }

  private static Map<String, String> milvusVariables() {
    return Map.of(
        "MILVUS_URI", Stack.milvus().uri(),
        "MILVUS_USER", Stack.milvus().user(),
        "MILVUS_PASSWORD", Stack.milvus().password());
  }

  /** The transform before the sink instead of behind the source. */
  @Test
  void whatTheTransformRefusesBeforeASinkIsSetAside() throws Exception {
    Map<String, String> source = source();
    Map<String, String> sql = Sql.postgresql().sinkConfig("raw.shop.items");
    source.keySet().stream()
        .filter(key -> key.startsWith("transforms"))
        .forEach(key -> sql.put(key, source.get(key)));
    source.keySet().removeIf(key -> key.startsWith("transforms"));
    String bytes = "org.apache.kafka.connect.converters.ByteArrayConverter";
    source.put("name", RAW_SOURCE);
    source.put("topic.prefix", "raw");
    for (Map<String, String> config : List.of(source, sql)) {
      config.put("key.converter", bytes);
      config.put("value.converter", bytes);
    }
    sql.put("name", RAW_SINK);
    sql.put("table.name.format", "mongodb_raw");
    sql.put("transforms.vectors.vector.missing", "fail");
    sql.put("errors.tolerance", "all");
    sql.put("errors.deadletterqueue.topic.name", "mongodb-errors");
    sql.put("errors.deadletterqueue.topic.replication.factor", "1");
    sql.put("errors.deadletterqueue.context.headers.enable", "true");
    start(source, sql);
    Await.until(
        "the copy",
        () -> Sql.postgresql().count("mongodb_raw") == COUNT + 1, // the archived one, too
        RAW_SOURCE,
        RAW_SINK);
    try (Topics topics = new Topics()) {
      var refused = topics.poll("mongodb-errors", Duration.ofSeconds(20));
      assertThat(refused).hasSize(1);
      assertThat(Topics.header(refused.get(0), "__connect.errors.exception.message"))
          .contains("topic raw.shop.items, partition 0, offset " + COUNT)
          .contains("column embedding: the document has no vector there");
    }
  }

  /** This server's change stream begins when the copy is done; MongoDB's, before it. */
  private void awaitStream(Sql sql) throws Exception {
    ObjectId probe = new ObjectId();
    Await.until(
        "the stream",
        () -> {
          items.replaceOne(
              Filters.eq(probe), document(probe, 7), new ReplaceOptions().upsert(true));
          return sql.count("mongodb_items") == COUNT + 1;
        },
        SOURCE,
        SQL_SINK);
  }

  private ObjectId id(int skip) {
    return items.find(Filters.regex("title", "^item")).skip(skip).first().getObjectId("_id");
  }

  private static String hex(List<? extends Number> vector) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    vector.forEach(element -> bytes.putFloat(element.floatValue()));
    return HexFormat.of().formatHex(bytes.array());
  }

  private static Map<String, String> sqlItems(Sql sql) throws Exception {
    Map<String, String> items = new TreeMap<>();
    for (String row :
        sql.rows(
            "SELECT _id, title, encode(substr(vector_send(embedding), 5), 'hex') FROM"
                + " mongodb_items")) {
      String[] parts = row.split("\\|", 2);
      items.put(parts[0], parts[1]);
    }
    return items;
  }

  private static Map<String, String> milvusItems(MilvusRows rows) {
    Map<String, String> items = new TreeMap<>();
    for (Map<String, Object> row : rows.query("items", "_id != \"\"")) {
      List<Float> vector =
          ((List<?>) row.get("embedding")).stream().map(Float.class::cast).toList();
      items.put((String) row.get("_id"), row.get("title") + "|" + hex(vector));
    }
    return items;
  }
}
