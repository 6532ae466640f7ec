package io.vectorconnect.it;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvus.common.clientenum.FunctionType;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.index.request.CreateIndexReq;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.vectorconnect.localstack.MilvusServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Collections made and filled by the vendor's client. */
final class MilvusCollections implements AutoCloseable {
  static final int DIMENSION = 4;
  private static final int CHUNK = 5_000;

  /** No failure of its own: whoever then asks the collection tells what is wrong. */
  private static final Duration LOAD = Duration.ofSeconds(20);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final MilvusClientV2 client;
  private final boolean toldOfLoads;

  MilvusCollections() {
    this(Stack.milvus());
  }

  MilvusCollections(MilvusServer server) {
    this(MilvusAddress.of(server));
  }

  MilvusCollections(MilvusAddress address) {
    client = address.client();
    toldOfLoads = true;
  }

  /** Of a server without login. */
  MilvusCollections(String uri) {
    client = new MilvusClientV2(ConnectConfig.builder().uri(uri).build());
    toldOfLoads = false; // of Milvus Lite
  }

  /** Waits until all of a collection answers, which can be a while after it was loaded. */
  void awaitLoaded(String name) throws Exception {
    MilvusRows rows = new MilvusRows(client);
    Await.until(name + " to be loaded", () -> rows.count(name) >= 0);
  }

  MilvusClientV2 client() {
    return client;
  }

  /**
   * Creates a collection whose field {@code words} is computed from {@code text} (BM25).
   *
   * @param vectors more fields
   */
  void createWithFunction(String name, AddFieldReq... vectors) {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    List<IndexParam> indexes = new ArrayList<>();
    schema.addField(
        AddFieldReq.builder()
            .fieldName("id")
            .dataType(DataType.Int64)
            .isPrimaryKey(true)
            .autoID(false)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("text")
            .dataType(DataType.VarChar)
            .maxLength(200)
            .enableAnalyzer(true)
            .build());
    for (AddFieldReq vector : vectors) {
      schema.addField(vector);
      indexes.add(
          IndexParam.builder()
              .fieldName(vector.getFieldName())
              .indexType(IndexParam.IndexType.FLAT)
              .metricType(IndexParam.MetricType.L2)
              .build());
    }
    schema.addField(
        AddFieldReq.builder().fieldName("words").dataType(DataType.SparseFloatVector).build());
    schema.addFunction(
        CreateCollectionReq.Function.builder()
            .name("bm25")
            .functionType(FunctionType.BM25)
            .inputFieldNames(List.of("text"))
            .outputFieldNames(List.of("words"))
            .build());
    indexes.add(
        IndexParam.builder()
            .fieldName("words")
            .indexType(IndexParam.IndexType.SPARSE_INVERTED_INDEX)
            .metricType(IndexParam.MetricType.BM25)
            .build());
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(name)
            .collectionSchema(schema)
            .indexParams(indexes)
            .build());
  }

  /** A source's keys for these collections. */
  static Map<String, String> sourceConfig(String name, String collections) {
    Map<String, String> config = new HashMap<>();
    config.put("name", name);
    config.put("connector.class", "io.vectorconnect.milvus.source.MilvusSourceConnector");
    config.put("tasks.max", "1");
    config.putAll(Stack.milvus().keys());
    config.put("collection.include.list", collections);
    config.put("poll.interval.ms", "200");
    return config;
  }

  /** A sink's keys for this server. */
  static Map<String, String> sinkConfig(String name, String topic) {
    Map<String, String> config = new HashMap<>();
    config.put("name", name);
    config.put("connector.class", "io.vectorconnect.milvus.sink.MilvusSinkConnector");
    config.put("topics", topic);
    config.put("tasks.max", "1");
    config.putAll(Stack.milvus().keys());
    return config;
  }

  /**
   * Key {@code id}, a text, and a small float vector with a cosine index (unless there is another
   * vector); loaded.
   */
  void create(String name, DataType keyType) {
    create(name, keyType, false);
  }

  void create(String name, DataType keyType, boolean dynamic, AddFieldReq... more) {
    create(name, keyType, 1, dynamic, more);
  }

  void create(String name, DataType keyType, int shards, boolean dynamic, AddFieldReq... more) {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.setEnableDynamicField(dynamic);
    AddFieldReq.AddFieldReqBuilder<?> key =
        AddFieldReq.builder().fieldName("id").dataType(keyType).isPrimaryKey(true);
    schema.addField(keyType == DataType.VarChar ? key.maxLength(200).build() : key.build());
    schema.addField(
        AddFieldReq.builder().fieldName("label").dataType(DataType.VarChar).maxLength(300).build());
    List<IndexParam> indexes = new ArrayList<>();
    for (AddFieldReq field : more) {
      schema.addField(field);
      if (field.getDataType() == DataType.FloatVector) {
        indexes.add(
            index(field.getFieldName(), IndexParam.IndexType.FLAT, IndexParam.MetricType.COSINE));
      } else if (field.getDataType() == DataType.BinaryVector) {
        indexes.add(
            index(
                field.getFieldName(),
                IndexParam.IndexType.BIN_FLAT,
                IndexParam.MetricType.HAMMING));
      }
    }
    if (indexes.isEmpty()) { // Milvus 2.3 takes one vector field
      schema.addField(
          AddFieldReq.builder()
              .fieldName("v")
              .dataType(DataType.FloatVector)
              .dimension(DIMENSION)
              .build());
      indexes.add(index("v", IndexParam.IndexType.FLAT, IndexParam.MetricType.COSINE));
    }
    dropLeftOver(name);
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(name)
            .collectionSchema(schema)
            .numShards(shards)
            .consistencyLevel(ConsistencyLevel.STRONG)
            .indexParams(indexes)
            .build());
    awaitLoad(name);
  }

  /**
   * Waits for a load, of one or two seconds. Without, the first question to the collection is asked
   * again inside of Milvus after 0.2, 0.6, 1.4 and 3 s, and most loads end between the last two.
   */
  private void awaitLoad(String name) {
    GetLoadStateReq request = GetLoadStateReq.builder().collectionName(name).build();
    long deadline = System.nanoTime() + LOAD.toNanos();
    while (toldOfLoads && !client.getLoadState(request) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** Another class of tests may have had one of this name. */
  private void dropLeftOver(String name) {
    if (client.hasCollection(HasCollectionReq.builder().collectionName(name).build())) {
      drop(name);
    }
  }

  /** A collection of any schema with one float vector; loaded. */
  void createLoaded(String name, CreateCollectionReq.CollectionSchema schema, String vector) {
    dropLeftOver(name);
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(name)
            .collectionSchema(schema)
            .indexParams(
                List.of(index(vector, IndexParam.IndexType.FLAT, IndexParam.MetricType.COSINE)))
            .build());
    awaitLoad(name);
  }

  /** What auto-creation leaves out under {@code index.build=none}. */
  void indexAndLoad(String name, String vector) {
    client.createIndex(
        CreateIndexReq.builder()
            .collectionName(name)
            .indexParams(
                List.of(index(vector, IndexParam.IndexType.FLAT, IndexParam.MetricType.COSINE)))
            .build());
    client.loadCollection(LoadCollectionReq.builder().collectionName(name).build());
  }

  private static IndexParam index(
      String field, IndexParam.IndexType type, IndexParam.MetricType metric) {
    return IndexParam.builder().fieldName(field).indexType(type).metricType(metric).build();
  }

  /** A row of {@link #create} whose values tell its key. */
  static JsonObject row(long number) {
    JsonObject row = new JsonObject();
    row.addProperty("id", number);
    row.addProperty("label", "row " + number);
    row.add("v", vector(number));
    return row;
  }

  static JsonObject row(String key) {
    JsonObject row = row(key.length());
    row.addProperty("id", key);
    row.addProperty("label", "key " + key);
    return row;
  }

  private static JsonArray vector(long number) {
    JsonArray vector = new JsonArray();
    for (int i = 0; i < DIMENSION; i++) {
      vector.add(element(number, i));
    }
    return vector;
  }

  /** The i-th element of row {@code number}'s vector: an awkward float, different for each. */
  static float element(long number, int i) {
    return (number % 100_003 + 1) / (float) (7 + i);
  }

  /** Inserts rows made from the numbers {@code from} to {@code to}. */
  void insert(String name, long from, long to, LongFunction<JsonObject> maker) {
    for (long start = from; start <= to; start += CHUNK) {
      List<JsonObject> rows =
          LongStream.rangeClosed(start, Math.min(to, start + CHUNK - 1)).mapToObj(maker).toList();
      insert(name, rows);
    }
  }

  void insert(String name, List<JsonObject> rows) {
    client.insert(InsertReq.builder().collectionName(name).data(rows).build());
  }

  /** Ends the segment that rows were inserted into. */
  void flush(String name) {
    client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
  }

  void delete(String name, String filter) {
    client.delete(DeleteReq.builder().collectionName(name).filter(filter).build());
  }

  void drop(String name) {
    client.dropCollection(DropCollectionReq.builder().collectionName(name).build());
  }

  @Override
  public void close() {
    client.close();
  }
}
