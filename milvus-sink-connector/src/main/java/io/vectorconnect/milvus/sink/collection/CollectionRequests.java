package io.vectorconnect.milvus.sink.collection;

import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.UpsertRequest;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusErrors;
import io.vectorconnect.milvus.MilvusService;
import io.vectorconnect.milvus.sink.row.Columns;
import io.vectorconnect.milvus.sink.row.Row;
import io.vectorconnect.milvus.sink.row.Target;
import java.util.List;
import java.util.Map;

/** Requests that change something. */
public final class CollectionRequests {
  private CollectionRequests() {}

  static void create(
      MilvusClient client,
      CollectionSchema schema,
      CreateOptions options,
      Map<String, String> properties) {
    String action = "creating collection " + schema.getName();
    CreateCollectionRequest request =
        CreateCollectionRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(schema.getName())
            .setSchema(schema.toByteString())
            .setShardsNum(options.shards())
            .setConsistencyLevel(options.consistency())
            .addAllProperties(pairs(properties))
            .build();
    MilvusErrors.check(action, client.request(action, MilvusService.CREATE_COLLECTION, request));
  }

  /** Sets properties; others stay. */
  public static void alter(MilvusClient client, String collection, Map<String, String> properties) {
    String action = "changing the properties of collection " + collection;
    AlterCollectionRequest request =
        AlterCollectionRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(collection)
            .addAllProperties(pairs(properties))
            .build();
    MilvusErrors.check(action, client.request(action, MilvusService.ALTER_COLLECTION, request));
  }

  private static List<KeyValuePair> pairs(Map<String, String> properties) {
    return properties.entrySet().stream()
        .map(property -> FieldTypes.parameter(property.getKey(), property.getValue()))
        .toList();
  }

  static void rename(MilvusClient client, String collection, String newName) {
    String action = "renaming collection %s to %s".formatted(collection, newName);
    RenameCollectionRequest request =
        RenameCollectionRequest.newBuilder()
            .setDbName(client.database())
            .setOldName(collection)
            .setNewName(newName)
            .build();
    MilvusErrors.check(action, client.request(action, MilvusService.RENAME_COLLECTION, request));
  }

  public static void drop(MilvusClient client, String collection) {
    String action = "dropping collection " + collection;
    DropCollectionRequest request =
        DropCollectionRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(collection)
            .build();
    MilvusErrors.check(action, client.request(action, MilvusService.DROP_COLLECTION, request));
  }

  static void createIndex(MilvusClient client, String collection, String field, VectorIndex index) {
    String action = "creating the index of field %s of collection %s".formatted(field, collection);
    CreateIndexRequest request =
        CreateIndexRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(collection)
            .setFieldName(field)
            .addAllExtraParams(index.extraParameters())
            .build();
    MilvusErrors.check(action, client.request(action, MilvusService.CREATE_INDEX, request));
  }

  static void load(MilvusClient client, String collection) {
    String action = "loading collection " + collection;
    LoadCollectionRequest request =
        LoadCollectionRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(collection)
            .setReplicaNumber(1)
            .build();
    MilvusErrors.check(action, client.request(action, MilvusService.LOAD_COLLECTION, request));
  }

  /** Replaces the rows of these rows' keys. */
  public static void upsert(MilvusClient client, Target target, List<Row> rows) {
    String action = "upserting into collection " + target.collection();
    UpsertRequest request =
        UpsertRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(target.collection())
            .addAllFieldsData(Columns.of(target, rows))
            .setNumRows(rows.size())
            .build();
    check(action, client.request(action, MilvusService.UPSERT, request));
  }

  public static void insert(MilvusClient client, Target target, List<Row> rows) {
    String action = "inserting into collection " + target.collection();
    InsertRequest request =
        InsertRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(target.collection())
            .addAllFieldsData(Columns.of(target, rows))
            .setNumRows(rows.size())
            .build();
    check(action, client.request(action, MilvusService.INSERT, request));
  }

  public static void delete(MilvusClient client, Target target, List<Row> rows) {
    String action = "deleting from collection " + target.collection();
    DeleteRequest request =
        DeleteRequest.newBuilder()
            .setDbName(client.database())
            .setCollectionName(target.collection())
            .setExpr(filter(target, rows))
            .build();
    check(action, client.request(action, MilvusService.DELETE, request));
  }

  private static String filter(Target target, List<Row> rows) {
    return target.keyType().anyOf(target.keyName(), rows.stream().map(Row::key).iterator());
  }

  private static void check(String action, MutationResult result) {
    MilvusErrors.check(action, result.getStatus());
  }
}
