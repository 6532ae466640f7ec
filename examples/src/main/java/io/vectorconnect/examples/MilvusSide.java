package io.vectorconnect.examples;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.QueryResp;
import io.vectorconnect.localstack.MilvusServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The example's application on Milvus, by the vendor's own client. */
final class MilvusSide implements AutoCloseable {
  static final String COLLECTION = "debian_packages";
  private static final int CHUNK = 500;

  private final MilvusClientV2 client;

  MilvusSide(MilvusServer server) {
    client =
        new MilvusClientV2(
            ConnectConfig.builder()
                .uri(server.uri())
                .username(server.user())
                .password(server.password())
                .build());
  }

  void createCollection() {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    for (String text : List.of("name", "section", "description")) {
      schema.addField(
          AddFieldReq.builder().fieldName(text).dataType(DataType.VarChar).maxLength(1024).build());
    }
    schema.addField(
        AddFieldReq.builder().fieldName("installed_size_kib").dataType(DataType.Int32).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("embedding")
            .dataType(DataType.FloatVector)
            .dimension(DebianPackage.DIMENSION)
            .build());
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(COLLECTION)
            .collectionSchema(schema)
            .consistencyLevel(ConsistencyLevel.STRONG)
            .indexParams(
                List.of(
                    IndexParam.builder()
                        .fieldName("embedding")
                        .indexType(IndexParam.IndexType.FLAT)
                        .metricType(IndexParam.MetricType.COSINE)
                        .build()))
            .build());
  }

  void insert(List<DebianPackage> rows) {
    for (int from = 0; from < rows.size(); from += CHUNK) {
      List<JsonObject> chunk =
          rows.subList(from, Math.min(from + CHUNK, rows.size())).stream()
              .map(MilvusSide::toJson)
              .toList();
      client.insert(InsertReq.builder().collectionName(COLLECTION).data(chunk).build());
    }
  }

  private static JsonObject toJson(DebianPackage row) {
    JsonObject json = new JsonObject();
    json.addProperty("id", row.id());
    json.addProperty("name", row.name());
    json.addProperty("section", row.section());
    json.addProperty("description", row.description());
    json.addProperty("installed_size_kib", row.installedSizeKib());
    JsonArray vector = new JsonArray();
    for (float element : row.embedding()) {
      vector.add(element);
    }
    json.add("embedding", vector);
    return json;
  }

  /** The rows with these keys, as Milvus has them now. */
  Map<Long, DebianPackage> read(List<Long> ids) {
    Map<Long, DebianPackage> rows = new TreeMap<>();
    for (int from = 0; from < ids.size(); from += CHUNK) {
      String list =
          ids.subList(from, Math.min(from + CHUNK, ids.size())).stream()
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
      QueryResp response =
          client.query(
              QueryReq.builder()
                  .collectionName(COLLECTION)
                  .filter("id in [" + list + "]")
                  .outputFields(List.of("*"))
                  .consistencyLevel(ConsistencyLevel.STRONG)
                  .build());
      response.getQueryResults().forEach(result -> add(rows, result.getEntity()));
    }
    return rows;
  }

  private static void add(Map<Long, DebianPackage> rows, Map<String, Object> entity) {
    List<?> vector = (List<?>) entity.get("embedding");
    float[] embedding = new float[vector.size()];
    for (int i = 0; i < embedding.length; i++) {
      embedding[i] = (Float) vector.get(i);
    }
    long id = (Long) entity.get("id");
    rows.put(
        id,
        new DebianPackage(
            id,
            embedding,
            (String) entity.get("name"),
            (String) entity.get("section"),
            (String) entity.get("description"),
            (Integer) entity.get("installed_size_kib")));
  }

  long count() {
    QueryResp response =
        client.query(
            QueryReq.builder()
                .collectionName(COLLECTION)
                .filter("")
                .outputFields(List.of("count(*)"))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
    return (Long) response.getQueryResults().get(0).getEntity().get("count(*)");
  }

  /** The nearest rows by cosine, the nearest first. */
  List<Neighbour> nearest(float[] query, int limit) {
    return client
        .search(
            SearchReq.builder()
                .collectionName(COLLECTION)
                .annsField("embedding")
                .data(List.of(new FloatVec(query)))
                .limit(limit)
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build())
        .getSearchResults()
        .get(0)
        .stream()
        .map(hit -> new Neighbour((Long) hit.getId(), 1 - hit.getScore()))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  static List<Long> keys(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Override
  public void close() {
    client.close();
  }
}
