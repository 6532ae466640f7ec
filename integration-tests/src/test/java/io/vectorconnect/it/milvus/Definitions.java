package io.vectorconnect.it.milvus;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.Status;
import io.milvus.grpc.StructArrayFieldSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Creates and describes collections. */
final class Definitions {
  private static final int LEAST_DIMENSION = 2;
  private static final int LARGEST_DIMENSION = 32_768;

  /** Some of the words that 2.6 refuses as names of fields. */
  private static final Set<String> RESERVED =
      Set.of("like", "exists", "and", "or", "not", "in", "true", "false", "json_contains");

  private final MilvusVersion version;
  private final AliasNames aliases;
  private final Map<String, List<StructArrayFieldSchema>> structArrays = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> loadedFields = new ConcurrentHashMap<>();

  Definitions(MilvusVersion version, AliasNames aliases) {
    this.version = version;
    this.aliases = aliases;
  }

  /**
   * A collection as reads and writes need it.
   *
   * @param id its number
   * @param key the field of the primary key
   * @param fields the names of all fields
   * @param omitted those that cannot be read
   */
  record Known(long id, FieldSchema key, Set<String> fields, Set<String> omitted) {}

  /** Empty when there is no such collection. */
  Optional<Known> known(String database, String collection, MilvusServiceBlockingStub server) {
    DescribeCollectionResponse description =
        server.describeCollection(
            DescribeCollectionRequest.newBuilder()
                .setDbName(database)
                .setCollectionName(collection)
                .build());
    if (!Statuses.isSuccess(description.getStatus())) {
      return Optional.empty();
    }
    CollectionSchema schema = description.getSchema();
    Set<String> fields = new HashSet<>();
    Set<String> omitted = new HashSet<>();
    for (FunctionSchema function : schema.getFunctionsList()) {
      omitted.addAll(function.getOutputFieldNamesList());
    }
    Set<String> loaded = loadedFields.getOrDefault(schema.getName(), Set.of());
    FieldSchema key = FieldSchema.getDefaultInstance();
    for (FieldSchema field : schema.getFieldsList()) {
      fields.add(field.getName());
      if (field.getIsFunctionOutput() || (!loaded.isEmpty() && !loaded.contains(field.getName()))) {
        omitted.add(field.getName());
      }
      key = field.getIsPrimaryKey() ? field : key;
    }
    return Optional.of(new Known(description.getCollectionID(), key, fields, omitted));
  }

  Status create(CreateCollectionRequest request, MilvusServiceBlockingStub server) {
    CollectionSchema schema;
    try {
      schema = CollectionSchema.parseFrom(request.getSchema());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
    for (FieldSchema field : schema.getFieldsList()) {
      if (version.reservesNames() && RESERVED.contains(field.getName())) {
        return Statuses.refusal(
            Statuses.INVALID_FIELD_NAME,
            "Invalid field name: %s. Field name cannot be a keyword: field name invalid[field=%s]"
                .formatted(field.getName(), field.getName()));
      }
      if (version.refusesDimensionOne() && dimension(field) < LEAST_DIMENSION) {
        return Statuses.refusal(
            Statuses.INVALID_PARAMETER,
            "invalid dimension: %d. should be in range %d ~ %d"
                .formatted(dimension(field), LEAST_DIMENSION, LARGEST_DIMENSION));
      }
    }
    Status status =
        server.createCollection(
            request.toBuilder()
                .setSchema(schema.toBuilder().clearStructArrayFields().build().toByteString())
                .build());
    if (Statuses.isSuccess(status) && schema.getStructArrayFieldsCount() > 0) {
      structArrays.put(request.getCollectionName(), schema.getStructArrayFieldsList());
    }
    return status;
  }

  /** A large number where a field has none. */
  private static long dimension(FieldSchema field) {
    for (KeyValuePair parameter : field.getTypeParamsList()) {
      if (parameter.getKey().equals("dim")) {
        return Long.parseLong(parameter.getValue());
      }
    }
    return Long.MAX_VALUE;
  }

  DescribeCollectionResponse describe(
      DescribeCollectionRequest request, MilvusServiceBlockingStub server) {
    DescribeCollectionResponse answer = server.describeCollection(request);
    if (Statuses.isMissingCollection(answer.getStatus())) {
      return version.reportsMissingByOldCode()
          ? DescribeCollectionResponse.newBuilder()
              .setStatus(
                  Statuses.missingByOldCode(request.getDbName(), request.getCollectionName()))
              .build()
          : answer;
    }
    String name = answer.getSchema().getName();
    DescribeCollectionResponse.Builder changed = answer.toBuilder();
    changed.getSchemaBuilder().addAllStructArrayFields(structArrays.getOrDefault(name, List.of()));
    return changed
        .clearAliases()
        .addAllAliases(aliases.described(name, answer.getAliasesList()))
        .build();
  }

  /** 2.3.5 loads all fields; which ones were asked for decides what reads leave out. */
  Status load(LoadCollectionRequest request, MilvusServiceBlockingStub server) {
    Status status = server.loadCollection(request.toBuilder().clearLoadFields().build());
    if (Statuses.isSuccess(status)) {
      loadedFields.put(request.getCollectionName(), Set.copyOf(request.getLoadFieldsList()));
    }
    return status;
  }

  void forget(DropCollectionRequest request) {
    structArrays.remove(request.getCollectionName());
    loadedFields.remove(request.getCollectionName());
  }
}
