package io.vectorconnect.milvus.sink;

import io.vectorconnect.config.Problem;
import io.vectorconnect.config.SimilarName;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.Filter;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusConnection;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.sink.alias.Rebuilds;
import io.vectorconnect.milvus.sink.collection.CollectionNames;
import io.vectorconnect.milvus.sink.config.AliasKeys;
import io.vectorconnect.milvus.sink.config.Aliases;
import io.vectorconnect.milvus.sink.config.CollectionKeys;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.row.WritableFields;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.RecordField;
import io.vectorconnect.sink.SinkKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;

/** Tries the server that a configuration names, before anything is started. */
final class ConnectionCheck {
  private ConnectionCheck() {}

  /** The first problem found, if any; never throws. */
  static Optional<Problem> run(Map<String, String> properties) {
    Optional<Problem> conflict = Aliases.conflict(properties);
    if (conflict.isPresent()) {
      return conflict;
    }
    MilvusSinkConfig config;
    try {
      config = MilvusSinkConfig.parse(properties);
    } catch (ConfigException e) {
      return Optional.of(new Problem(SinkKeys.PK_MODE, e.getMessage()));
    }
    Optional<Problem> contradiction = config.contradiction();
    if (contradiction.isPresent()) {
      return contradiction;
    }
    MilvusConnection connection = config.connection();
    try (MilvusClient client = new MilvusClient(connection, connection.checkTimeout())) {
      List<String> existing = client.collections();
      return missingCollection(config, existing)
          .or(() -> keyword(config))
          .or(() -> existingCollection(config, client, existing));
    } catch (MilvusException e) {
      return Optional.of(connection.problem(e));
    }
  }

  private static Optional<Problem> missingCollection(
      MilvusSinkConfig config, List<String> existing) {
    String fixed = CollectionNames.fixed(config.collectionNameFormat());
    if (fixed != null && config.alias().isSwitched() && existing.contains(fixed)) {
      return Optional.of(new Problem(AliasKeys.SWITCH, Rebuilds.nameIsTaken(fixed)));
    }
    if (fixed == null || config.autoCreate() || existing.contains(fixed)) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            CollectionKeys.COLLECTION_NAME_FORMAT,
            "There is no collection %s in database %s%s; create it, or set auto.create=true"
                .formatted(
                    fixed, config.connection().database(), SimilarName.hint(fixed, existing))));
  }

  /** A key that filters cannot name, by the configuration. */
  private static Optional<Problem> keyword(MilvusSinkConfig config) {
    if (config.rows().insertMode() != InsertMode.UPSERT) {
      return Optional.empty();
    }
    List<RecordField> keys =
        config.rows().pkFields().stream()
            .map(name -> new RecordField(name, null, change -> null))
            .toList();
    return config.rows().fields().ofKey(keys).stream()
        .map(RecordField::name)
        .filter(name -> !Filter.canName(name))
        .findFirst()
        .map(name -> new Problem(SinkKeys.PK_FIELDS, Filter.cannotName(name)));
  }

  private static Optional<Problem> existingCollection(
      MilvusSinkConfig config, MilvusClient client, List<String> existing) {
    String fixed = CollectionNames.fixed(config.collectionNameFormat());
    if (fixed == null
        || !existing.contains(fixed)
        || config.existingCollection() != MilvusSinkConfig.ExistingCollection.APPEND) {
      return Optional.empty();
    }
    Collection collection = Collection.describe(client, fixed);
    return keyword(config, collection)
        .or(() -> WritableFields.problem(collection, config.textTypes()))
        .map(problem -> new Problem(CollectionKeys.COLLECTION_NAME_FORMAT, problem));
  }

  /** A key of the collection that filters cannot name. */
  private static Optional<String> keyword(MilvusSinkConfig config, Collection collection) {
    return Optional.of(collection.key().getName())
        .filter(name -> config.rows().insertMode() == InsertMode.UPSERT)
        .filter(name -> !Filter.canName(name))
        .map(name -> "Collection %s: %s".formatted(collection.name(), Filter.cannotName(name)));
  }
}
