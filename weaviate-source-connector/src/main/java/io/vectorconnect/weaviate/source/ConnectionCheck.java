package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.Problem;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.reconcile.PublishedTopic;
import io.vectorconnect.source.reconcile.ReconcileKeys;
import io.vectorconnect.weaviate.source.client.GrpcClient;
import io.vectorconnect.weaviate.source.client.Pages.Detail;
import io.vectorconnect.weaviate.source.client.WeaviateClient;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.RecordKeys;
import io.vectorconnect.weaviate.source.config.WeaviateConnection;
import io.vectorconnect.weaviate.source.config.WeaviateConnection.Transport;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.scan.Readers;
import io.vectorconnect.weaviate.source.scan.RecordMapper;
import io.vectorconnect.weaviate.source.scan.ScanPlanner;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;

/** Tries the server and the collections that a configuration names, before anything is started. */
final class ConnectionCheck {
  /** Long enough for a slow network, short enough for a person who waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private ConnectionCheck() {}

  /** The first problem found, on the key that it is about; never throws. */
  static Optional<Problem> run(WeaviateSourceConfig config) {
    WeaviateConnection connection = config.connection();
    Duration timeout =
        connection.requestTimeout().compareTo(PATIENCE) < 0
            ? connection.requestTimeout()
            : PATIENCE;
    try {
      connection.sslContext();
    } catch (ConfigException e) {
      return problem(WeaviateConnection.CA_FILE, e.getMessage());
    }
    try (WeaviateClient client = new WeaviateClient(connection, timeout, config.maxBytes())) {
      if (!client.rest().version().matches("[1-9]\\d*\\..*")) {
        return problem(WeaviateConnection.URI_KEY, connection.uri() + " is not Weaviate");
      }
      Optional<WeaviateException> closed =
          connection.transport() == Transport.GRPC
              ? client.grpc().flatMap(GrpcClient::unreachable)
              : Optional.empty();
      if (closed.isPresent()) {
        return problem(
            WeaviateConnection.GRPC_ADDRESS,
            "Nothing answers gRPC: %s; correct it, or set %s=auto"
                .formatted(closed.get().getMessage(), WeaviateConnection.TRANSPORT));
      }
      return collections(client, config);
    } catch (WeaviateException e) {
      return problem(e.key().orElseGet(() -> key(e.kind(), connection)), e.getMessage());
    } catch (ConfigException e) {
      return problem(RecordKeys.VECTOR_FIELD_FORMAT, e.getMessage());
    } catch (ConnectException e) {
      return problem(WeaviateSourceConfig.INCLUDE, e.getMessage());
    } catch (IllegalArgumentException e) { // an address that cannot be taken apart
      return problem(WeaviateConnection.URI_KEY, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Problem> collections(WeaviateClient client, WeaviateSourceConfig config) {
    ScanPlanner planner = new ScanPlanner(client, config);
    List<Collection> chosen = planner.collections();
    for (Collection collection : chosen) {
      try {
        boolean reconciles = Readers.reconciles(config, collection, client.grpc().isPresent());
        if (reconciles && !config.reconcile().areSet()) {
          return problem(
              ReconcileKeys.SERVERS,
              "the changes of collection %s are found by poll.strategy=reconcile, which needs a Kafka that keeps what was published, as a rule the worker's own; or set mode=snapshot"
                  .formatted(collection.name()));
        }
        Optional<Problem> problem =
            reconciles
                ? PublishedTopic.problem(config.reconcile(), config.name())
                : Optional.empty();
        if (problem.isPresent()) {
          return problem;
        }
      } catch (ConnectException e) {
        return problem(SourceKeys.POLL_STRATEGY, e.getMessage());
      }
      List<Scope> scopes = planner.scopes(collection);
      Scope scope = scopes.isEmpty() ? new Scope(collection.name(), "") : scopes.get(0);
      new RecordMapper(collection, scope, config.records(), new HashMap<>());
      if (!scopes.isEmpty()) {
        read(client, collection, scope);
      }
    }
    Set<String> unused = config.records().unusedDimensions(chosen);
    return unused.isEmpty()
        ? Optional.empty()
        : problem(
            RecordKeys.VECTOR_DIMENSIONS,
            "the collections have no vectors with the fields " + unused + "; correct the names");
  }

  /** Tries whether this user may read. */
  private static void read(WeaviateClient client, Collection collection, Scope scope) {
    try {
      client.pages(collection).after(scope, null, 1, Detail.IDS);
    } catch (WeaviateException e) {
      if (e.kind() != Kind.INACTIVE) { // it is activated when it is read
        throw e;
      }
    }
  }

  private static Optional<Problem> problem(String key, String message) {
    return Optional.of(new Problem(key, message));
  }

  private static String key(Kind kind, WeaviateConnection connection) {
    return switch (kind) {
      case DENIED -> connection.loginKey();
      case NOT_FOUND, INACTIVE -> WeaviateSourceConfig.INCLUDE;
      case UNREACHABLE, BUSY, SLOW, UNTRUSTED, TOO_LARGE, REFUSED -> WeaviateConnection.URI_KEY;
    };
  }
}
