package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.source.PageSize;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.client.Pages.Detail;
import io.vectorconnect.weaviate.source.client.WeaviateClient;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.RecordKeys;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.SchemaGuard;
import io.vectorconnect.weaviate.source.schema.Scope;
import io.vectorconnect.weaviate.source.schema.VectorSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dimensions of a topic's vectors, by the vector's name.
 *
 * <p>Weaviate reports no dimension: neither its schema nor its nodes' status contains one, and its
 * filters do not find objects that have a vector. A search near a vector of another length is no
 * proof either: Weaviate 1.35 refuses it on some indexes and finds nothing on others (HNSW with RQ
 * or BQ). So objects are read in the order of their UUIDs, vectors only, until each vector was seen
 * once. Every task that reads a topic does the same and has the same answer.
 */
public final class Dimensions {
  private static final Logger log = LoggerFactory.getLogger(Dimensions.class);
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final WeaviateClient client;
  private final WeaviateSourceConfig config;
  private final Tenants tenants;
  private final Map<String, Map<String, Integer>> byTopic = new HashMap<>();
  private long objects;
  private long reported;

  public Dimensions(WeaviateClient client, WeaviateSourceConfig config, Tenants tenants) {
    this.client = client;
    this.config = config;
    this.tenants = tenants;
  }

  /**
   * The dimensions that are known of a scope's topic. The mappers of a topic share the map and add
   * what they learn.
   *
   * @throws WeaviateException when the server does not answer
   */
  public Map<String, Integer> of(Collection collection, Scope scope) {
    String topic = config.records().topic(scope);
    Map<String, Integer> known = byTopic.get(topic);
    if (known == null) {
      known = find(collection, scope);
      byTopic.put(topic, known);
    }
    return known;
  }

  private Map<String, Integer> find(Collection collection, Scope scope) {
    Map<String, Integer> known = new HashMap<>(config.records().dimensions(collection));
    objects = 0;
    reported = System.nanoTime();
    for (Scope candidate : candidates(collection, scope)) {
      if (unknown(collection, known).isEmpty()) {
        break;
      }
      lookInto(collection, candidate, known);
    }
    List<String> missing = fields(unknown(collection, known));
    if (!missing.isEmpty()) {
      log.info(
          "Collection {}: none of its {} objects has the vectors {}, so schemas have no dimension"
              + " for them until an object has. Set {}=field:dimension if a sink needs it.",
          collection.name(),
          objects,
          missing,
          RecordKeys.VECTOR_DIMENSIONS);
    }
    return known;
  }

  /**
   * Scopes of the same topic: all active tenants, in an order that is the same for every task, and
   * then the scope itself. No other tenant is activated for this.
   */
  private List<Scope> candidates(Collection collection, Scope scope) {
    if (!collection.multiTenant() || config.records().tenantTopics()) {
      return List.of(scope);
    }
    Map<String, String> states = client.rest().tenants(collection.name());
    List<Scope> candidates = new ArrayList<>();
    for (String tenant : config.tenants().choose(List.copyOf(states.keySet()))) {
      if (Tenants.isActive(states.get(tenant))) {
        candidates.add(new Scope(collection.name(), tenant));
      }
    }
    if (!candidates.contains(scope)) {
      candidates.add(scope);
    }
    return candidates;
  }

  private void lookInto(Collection collection, Scope scope, Map<String, Integer> known) {
    try {
      tenants.active(
          scope,
          () -> {
            read(collection, scope, known);
            return known;
          });
    } catch (WeaviateException e) {
      // The tenant was deactivated or deleted a moment ago: its reader reports it.
      if (e.kind() != Kind.INACTIVE && e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  private void read(Collection collection, Scope scope, Map<String, Integer> known) {
    PageSize size = config.source().pageSize();
    String after = null;
    List<VectorSpace> wanted = unknown(collection, known);
    while (!wanted.isEmpty()) {
      Collection vectors = collection.onlyVectors(wanted);
      List<? extends ObjectView> page =
          new PageReader(
                  client.pages(vectors), scope, size, new SchemaGuard(vectors, () -> vectors))
              .after(after, Detail.FULL);
      if (page.isEmpty()) {
        return;
      }
      page.forEach(object -> learn(vectors, object, known));
      objects += page.size();
      after = page.get(page.size() - 1).id();
      wanted = unknown(collection, known);
      report(collection, wanted);
    }
  }

  private void report(Collection collection, List<VectorSpace> wanted) {
    if (client.isClosed()) {
      throw new WeaviateException(Kind.UNREACHABLE, "the task is being stopped");
    }
    if (!wanted.isEmpty() && System.nanoTime() - reported > REPORT_NANOS) {
      reported = System.nanoTime();
      log.info(
          "Collection {}: {} objects were searched for the dimension of {}, which none of them has."
              + " {}=field:dimension saves this search.",
          collection.name(),
          objects,
          fields(wanted),
          RecordKeys.VECTOR_DIMENSIONS);
    }
  }

  private List<String> fields(List<VectorSpace> spaces) {
    return spaces.stream().map(space -> config.records().vectorField(space.name())).toList();
  }

  /** The vectors whose dimension belongs in a schema and is not known. */
  private static List<VectorSpace> unknown(Collection collection, Map<String, Integer> known) {
    return collection.vectors().stream()
        .filter(space -> !space.multi() && !known.containsKey(space.name()))
        .toList();
  }

  /** Adds the dimensions of an object's vectors that are not known. */
  static void learn(Collection collection, ObjectView object, Map<String, Integer> known) {
    for (VectorSpace space : unknown(collection, known)) {
      byte[] bytes = object.vector(space);
      if (bytes != null) {
        known.put(space.name(), bytes.length / Float.BYTES);
      }
    }
  }
}
