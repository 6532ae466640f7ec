package io.vectorconnect.milvus.sink;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.sink.MilvusSinkConfig.IndexBuild;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.PlanCache.UndecidedException;
import io.vectorconnect.sink.RecordField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates a collection from the schema of its first record; then its indexes; then loads it. */
final class CollectionCreator {
  private static final Logger log = LoggerFactory.getLogger(CollectionCreator.class);

  private final MilvusSinkConfig config;

  /** Indexes that are still to be built, of collections that this task created. */
  private final Map<String, Map<String, VectorIndex>> unfinished = new HashMap<>();

  CollectionCreator(MilvusSinkConfig config) {
    this.config = config;
  }

  /**
   * Creates the collection, without its indexes.
   *
   * @return why the server refused, if it did
   * @throws DataException when the record does not tell a schema that Milvus takes
   */
  Optional<DataException> create(
      MilvusClient client,
      String name,
      Change change,
      List<RecordField> fields,
      Optional<RecordField> key) {
    RecordField primary =
        key.orElseThrow(
            () ->
                new DataException(
                    "collection %s does not exist, and pk.mode=none does not tell its primary key; create the collection yourself"
                        .formatted(name)));
    CollectionSchema.Builder schema = CollectionSchema.newBuilder().setName(name);
    Map<String, VectorIndex> indexes = new HashMap<>();
    for (RecordField field : fields) {
      if (field.schema() == null) {
        throw new DataException(
            "collection %s does not exist, and a record without schema does not tell its types; create the collection yourself"
                .formatted(name));
      }
      if (DynamicFields.isCarrier(field)) {
        schema.setEnableDynamicField(true);
      } else {
        schema.addFields(field(name, field, field.equals(primary), change));
        index(name, field).ifPresent(index -> indexes.put(field.name(), index));
      }
    }
    if (indexes.isEmpty()) {
      throw new DataException(
          "collection %s cannot be created: the record has no vector, and Milvus needs one; a vector is BYTES named io.vectorconnect.data.*, an ARRAY of FLOAT32 or FLOAT64, or a Debezium vector type"
              .formatted(name));
    }
    try {
      CollectionRequests.create(client, name, schema.build());
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
    if (config.indexBuild() == IndexBuild.IMMEDIATE) {
      unfinished.put(name, indexes);
    }
    return Optional.empty();
  }

  private FieldSchema field(String collection, RecordField field, boolean key, Change change) {
    try {
      if (!CollectionNames.isAllowed(field.name())) {
        throw new DataException(
            "Milvus takes only letters, digits and _ in names, not a digit first; rename the field by a transform");
      }
      return key
          ? FieldTypes.key(field, config.varcharMaxLength())
          : FieldTypes.of(field, change, config.varcharMaxLength());
    } catch (DataException e) {
      throw located(collection, field, e);
    }
  }

  private Optional<VectorIndex> index(String collection, RecordField field) {
    Schema schema = field.schema();
    Optional<VectorType> type = FieldTypes.vectorType(schema);
    try {
      return type.map(vector -> VectorIndex.of(vector, schema, config));
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

  /** Builds the indexes and loads, if this task created the collection and has not come to it. */
  void finish(MilvusClient client, Collection collection) {
    Map<String, VectorIndex> indexes = unfinished.get(collection.name());
    if (indexes == null) {
      return;
    }
    try {
      indexes.forEach(
          (field, index) ->
              CollectionRequests.createIndex(client, collection.name(), field, index));
      CollectionRequests.load(client, collection.name());
    } catch (MilvusException e) {
      if (e.kind().isTransient()) {
        throw e;
      }
      throw new ConnectException(
          "%s; collection %s is there without it: correct %s or %s and drop the collection, or create the index and load it yourself"
              .formatted(
                  e.getMessage(),
                  collection.name(),
                  MilvusSinkConfig.INDEX_TYPE,
                  MilvusSinkConfig.INDEX_PARAMS),
          e);
    }
    unfinished.remove(collection.name());
    log.info("Collection {} has its indexes, and is loaded", collection.name());
  }
}
