package io.vectorconnect.milvus.sink.collection;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.sink.config.CollectionKeys;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig.IndexBuild;
import io.vectorconnect.milvus.sink.row.DynamicFields;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.PlanCache.UndecidedException;
import io.vectorconnect.sink.RecordField;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates a collection from the schema of its first record; then its indexes; then loads it. */
public final class CollectionCreator {
  private static final Logger log = LoggerFactory.getLogger(CollectionCreator.class);

  private final MilvusSinkConfig config;
  private final TypeProbe types = new TypeProbe();

  /**
   * The property of created collections that tells what is still to be done, so that a task after a
   * crash does it: the metric of each vector field as {@code field=metric,field=metric}, or
   * nothing.
   */
  private static final String UNFINISHED = "vector_connect.unfinished";

  public CollectionCreator(MilvusSinkConfig config) {
    this.config = config;
  }

  /**
   * Creates the collection, without its indexes.
   *
   * @return why the server refused, if it did
   * @throws DataException when the record does not tell a schema that Milvus takes
   * @throws org.apache.kafka.connect.errors.ConnectException when the server lacks a type
   */
  public Optional<DataException> create(
      MilvusClient client,
      String name,
      Change change,
      List<RecordField> fields,
      Optional<RecordField> key) {
    CollectionSchema.Builder schema =
        CollectionSchema.newBuilder().setName(name).setEnableDynamicField(config.dynamicField());
    if (key.isEmpty()) {
      schema.addFields(automaticKey(name, fields));
    }
    Map<String, String> metrics = new LinkedHashMap<>();
    for (RecordField field : fields) {
      if (field.schema() == null) {
        throw new DataException(
            "collection %s does not exist, and a record without schema does not tell its types; create the collection yourself"
                .formatted(name));
      }
      if (DynamicFields.isCarrier(field)) {
        schema.setEnableDynamicField(true);
      } else {
        schema.addFields(field(name, field, Optional.of(field).equals(key), change));
        metric(name, field).ifPresent(metric -> metrics.put(field.name(), metric));
      }
    }
    markPartitionKey(name, schema);
    if (metrics.isEmpty()) {
      throw new DataException(
          "collection %s cannot be created: the record has no vector, and Milvus needs one; a vector is BYTES named io.vectorconnect.data.*, an ARRAY of FLOAT32 or FLOAT64, or a Debezium vector type"
              .formatted(name));
    }
    types.require(client, schema.build(), metrics);
    try {
      CollectionRequests.create(
          client, schema.build(), config.createOptions(), properties(metrics));
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.INVALID || e.kind() == MilvusException.Kind.REFUSED) {
        return Optional.of(
            new DataException(
                "collection %s cannot be created: %s; create the collection yourself"
                    .formatted(name, e.getMessage())));
      }
      throw e;
    }
    log.info(
        "Created collection {} with fields {}",
        name,
        schema.getFieldsList().stream().map(f -> f.getName() + " " + f.getDataType()).toList());
    return Optional.empty();
  }

  private FieldSchema automaticKey(String collection, List<RecordField> fields) {
    String name = config.autoId();
    if (name.isEmpty()) {
      throw new DataException(
          "collection %s does not exist, and pk.mode=none does not tell its primary key; set %s, or create the collection yourself"
              .formatted(collection, CollectionKeys.AUTO_ID));
    }
    if (fields.stream().anyMatch(field -> field.name().equals(name))) {
      throw new DataException(
          "collection %s cannot be created: the record has a field %s, which %s names as the key that the server makes; name another one"
              .formatted(collection, name, CollectionKeys.AUTO_ID));
    }
    return FieldSchema.newBuilder()
        .setName(name)
        .setDataType(DataType.Int64)
        .setIsPrimaryKey(true)
        .setAutoID(true)
        .build();
  }

  private void markPartitionKey(String collection, CollectionSchema.Builder schema) {
    String wanted = config.partitionKey();
    if (wanted.isEmpty()) {
      return;
    }
    for (FieldSchema.Builder field : schema.getFieldsBuilderList()) {
      if (field.getName().equals(wanted)) {
        field.setIsPartitionKey(true);
        return;
      }
    }
    throw new DataException(
        "collection %s cannot be created: the record has no field %s, which %s names"
            .formatted(collection, wanted, CollectionKeys.PARTITION_KEY));
  }

  private Map<String, String> properties(Map<String, String> metrics) {
    Map<String, String> properties = new HashMap<>();
    properties.put(Collection.CREATED_BY, config.connector());
    if (config.indexBuild() != IndexBuild.NONE) {
      properties.put(
          UNFINISHED,
          metrics.entrySet().stream()
              .map(metric -> metric.getKey() + '=' + metric.getValue())
              .collect(Collectors.joining(",")));
    }
    return properties;
  }

  private FieldSchema field(String collection, RecordField field, boolean key, Change change) {
    try {
      if (!CollectionNames.isAllowed(field.name())) {
        throw new DataException(
            "Milvus takes only letters, digits and _ in names, not a digit first; rename the field"
                + " by a transform");
      }
      return key
          ? FieldTypes.key(field, config.fieldLimits())
          : FieldTypes.of(field, change, config.fieldLimits());
    } catch (DataException e) {
      throw located(collection, field, e);
    }
  }

  private Optional<String> metric(String collection, RecordField field) {
    Schema schema = field.schema();
    Optional<VectorType> type = FieldTypes.vectorType(field, config.fieldLimits());
    try {
      return type.map(vector -> VectorIndex.metric(vector, schema, config.indexMetric()));
    } catch (DataException e) {
      throw located(collection, field, e);
    }
  }

  private static DataException located(String collection, RecordField field, DataException e) {
    String message =
        "field %s of collection %s: %s".formatted(field.name(), collection, e.getMessage());
    return e instanceof UndecidedException
        ? new UndecidedException(message)
        : new DataException(message);
  }

  /** Whether a collection is this connector's, and is to have indexes that it has not yet. */
  boolean isUnfinished(Collection collection) {
    return !collection.properties().getOrDefault(UNFINISHED, "").isEmpty()
        && collection.createdBy(config.connector())
        && config.indexBuild() != IndexBuild.NONE;
  }

  /**
   * Builds the indexes and loads, if this connector created the collection and nobody has come to
   * it. Several tasks may do so at once: a request for what is there already changes nothing.
   */
  public void finish(MilvusClient client, Collection collection) {
    if (!isUnfinished(collection)) {
      return;
    }
    try {
      for (String metric : collection.properties().get(UNFINISHED).split(",", -1)) {
        int equals = metric.indexOf('=');
        createIndex(client, collection, metric.substring(0, equals), metric.substring(equals + 1));
      }
      CollectionRequests.load(client, collection.name());
      CollectionRequests.alter(client, collection.name(), Map.of(UNFINISHED, ""));
    } catch (MilvusException e) {
      if (e.kind().isTransient()) {
        throw e;
      }
      throw new ConnectException(
          "%s; collection %s is there without it: correct %s or %s, or drop the collection"
              .formatted(
                  e.getMessage(),
                  collection.name(),
                  MilvusSinkConfig.INDEX_TYPE,
                  MilvusSinkConfig.INDEX_PARAMS),
          e);
    }
    log.info("Collection {} has its indexes, and is loaded", collection.name());
  }

  private void createIndex(
      MilvusClient client, Collection collection, String field, String metric) {
    if (collection.metrics().containsKey(field)) {
      return;
    }
    for (FieldSchema schema : collection.fields()) {
      if (schema.getName().equals(field)) {
        CollectionRequests.createIndex(
            client, collection.name(), field, VectorIndex.of(schema.getDataType(), metric, config));
      }
    }
  }
}
