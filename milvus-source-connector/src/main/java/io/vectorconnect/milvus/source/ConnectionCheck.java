package io.vectorconnect.milvus.source;

import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.Freshness;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.config.TimestampKeys;
import io.vectorconnect.milvus.source.log.LogCheck;
import io.vectorconnect.milvus.source.record.ReadableFields;
import io.vectorconnect.milvus.source.record.RecordMapper;
import io.vectorconnect.milvus.source.timestamp.TimestampField;
import io.vectorconnect.source.NameFilter;
import io.vectorconnect.source.TopicNames;
import io.vectorconnect.source.reconcile.PublishedTopic;
import io.vectorconnect.source.reconcile.ReconcileKeys;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/** Tries the server and the collections that a configuration names, before anything is started. */
final class ConnectionCheck {
  private ConnectionCheck() {}

  /** The first problem found, on the key that it is about; never throws. */
  static Optional<Problem> run(MilvusSourceConfig config) {
    try (MilvusClient client =
        new MilvusClient(config.connection(), config.connection().checkTimeout())) {
      NameFilter filter = config.source().names();
      List<String> existing = CollectionNames.existing(client, filter);
      if (!filter.missing(existing).isEmpty()) {
        return Optional.of(
            new Problem(
                MilvusSourceConfig.INCLUDE,
                "Database %s on %s has no collections %s"
                    .formatted(
                        config.connection().database(),
                        config.connection().uri(),
                        filter.describeMissing(existing))));
      }
      List<String> chosen = filter.choose(existing);
      if (chosen.isEmpty()) {
        return Optional.of(
            new Problem(
                MilvusSourceConfig.INCLUDE,
                "No collection of database %s on %s matches"
                    .formatted(config.connection().database(), config.connection().uri())));
      }
      if (config.reconciles() && !config.reconcile().areSet()) {
        return Optional.of(
            new Problem(
                ReconcileKeys.SERVERS,
                "poll.strategy=reconcile needs a Kafka that keeps what was published"));
      }
      if (config.reconciles()) {
        Optional<Problem> problem = PublishedTopic.problem(config.reconcile(), config.name());
        if (problem.isPresent()) {
          return problem;
        }
      }
      if ((config.pollsForNewKeys() || config.readsTimestamps() || config.reconciles())
          && config.partitions().matter()) {
        return Optional.of(
            new Problem(
                MilvusSourceConfig.PARTITIONS,
                "Partitions are read by mode=snapshot and poll.strategy=change_stream"));
      }
      if (!config.partitionField().isEmpty() && !config.partitions().matter()) {
        return Optional.of(
            new Problem(
                MilvusSourceConfig.PARTITION_FIELD,
                "Name the partitions in partitions.include; .* for all of them"));
      }
      Optional<Problem> topic =
          TopicNames.problem(config.source(), MilvusSourceConfig.NOUN, chosen);
      if (topic.isPresent()) {
        return topic;
      }
      for (String name : chosen) {
        Collection collection = Collection.describe(client, name);
        new RecordMapper(collection, config);
        if (config.readsTimestamps()) {
          Optional<Problem> problem = checkField(collection, config);
          if (problem.isPresent()) {
            return problem;
          }
        }
        client.count(
            name,
            List.of(),
            collection.keyType().any(collection.key().getName()),
            Freshness.BOUNDED);
        config.partitions().scans(client, collection);
        Optional<Problem> unreadable = ReadableFields.problem(client, collection, config);
        if (unreadable.isPresent()) {
          return unreadable;
        }
      }
      return config.readsChangeStream() ? LogCheck.run(client, config, chosen) : Optional.empty();
    } catch (MilvusException e) {
      return Optional.of(problem(e, config));
    } catch (ConnectException e) {
      return Optional.of(new Problem(MilvusSourceConfig.INCLUDE, e.getMessage()));
    }
  }

  private static Optional<Problem> checkField(Collection collection, MilvusSourceConfig config) {
    try {
      TimestampField.of(collection, config);
      return Optional.empty();
    } catch (ConnectException e) {
      boolean lacksOverlap = !config.timestampField().isEmpty() && config.timestampOverlap() < 0;
      return Optional.of(
          new Problem(lacksOverlap ? TimestampKeys.OVERLAP : TimestampKeys.FIELD, e.getMessage()));
    }
  }

  private static Problem problem(MilvusException e, MilvusSourceConfig config) {
    return switch (e.kind()) {
      case NO_COLLECTION -> new Problem(MilvusSourceConfig.INCLUDE, e.getMessage());
      case NOT_LOADED ->
          new Problem(
              MilvusSourceConfig.INCLUDE,
              "Load the collection first, because only loaded ones can be read. " + e.getMessage());
      default -> config.connection().problem(e);
    };
  }
}
