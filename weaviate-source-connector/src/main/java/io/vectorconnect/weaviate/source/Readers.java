package io.vectorconnect.weaviate.source;

import io.vectorconnect.source.KeyRange;
import io.vectorconnect.source.PageSize;
import io.vectorconnect.source.RangeOffsets;
import io.vectorconnect.source.TaskShare.Part;
import io.vectorconnect.weaviate.source.Pages.Detail;
import io.vectorconnect.weaviate.source.WeaviateSourceConfig.PollStrategy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.errors.ConnectException;

/** Makes the readers of a task. */
final class Readers {
  /** Fact of a scan: when it began, by the server's clock, in milliseconds since 1970. */
  static final String SINCE = "since";

  /** How many objects are looked at for their vectors' dimensions before the scan. */
  private static final int SAMPLE = 20;

  private final WeaviateClient client;
  private final WeaviateSourceConfig config;
  private final Tenants tenants;
  private final Map<String, Collection> collections = new HashMap<>();
  private final Map<String, Map<String, Integer>> dimensions = new HashMap<>();
  private final AtomicLong remembered = new AtomicLong();

  Readers(WeaviateClient client, WeaviateSourceConfig config, Tenants tenants) {
    this.client = client;
    this.config = config;
    this.tenants = tenants;
  }

  /** A reader for each part that is to be read. */
  List<RangeReader> of(List<Part> parts) {
    List<RangeReader> readers = new ArrayList<>();
    for (Part part : parts) {
      boolean beyondLimit =
          config.rowLimit() > 0 && part.range().isLast() && part.offsets().plan().size() > 1;
      if (!beyondLimit) {
        readers.add(reader(Scope.parse(part.collection()), part.offsets(), part.range()));
      }
    }
    return readers;
  }

  private RangeReader reader(Scope scope, RangeOffsets offsets, KeyRange range) {
    Collection collection =
        collections.computeIfAbsent(scope.collection(), client.rest()::describe);
    RecordMapper mapper =
        new RecordMapper(collection, scope, config.records(), dimensions(collection, scope));
    Emitter emitter = new Emitter(mapper, offsets.partition(range), config.skipsBadObjects());
    PageReader pages = pages(collection, scope);
    return new RangeReader(
        scope,
        range,
        offsets,
        pages,
        emitter,
        poller(collection, scope, offsets, range, emitter),
        config.pollInterval(),
        tenants);
  }

  private PageReader pages(Collection collection, Scope scope) {
    return new PageReader(client.pages(collection), scope, pageSize());
  }

  private PageSize pageSize() {
    return new PageSize(config.maxRows(), config.maxBytes());
  }

  /** All tasks look at the same first objects, and so tell the same schema. */
  private Map<String, Integer> dimensions(Collection collection, Scope scope) {
    Map<String, Integer> known =
        dimensions.computeIfAbsent(collection.name(), name -> new HashMap<>());
    if (known.isEmpty()) {
      RecordMapper mapper = new RecordMapper(collection, scope, config.records(), known);
      tenants
          .active(scope, () -> client.pages(collection).after(scope, null, SAMPLE, Detail.FULL))
          .objects()
          .forEach(mapper::learn);
    }
    return known;
  }

  private Optional<Poller> poller(
      Collection collection, Scope scope, RangeOffsets offsets, KeyRange range, Emitter emitter) {
    if (!config.polls()) {
      return Optional.empty();
    }
    long since =
        offsets
            .fact(SINCE)
            .map(Long::parseLong)
            .orElseThrow(
                () ->
                    new ConnectException(
                        "the offsets of %s do not tell when its scan began (\"since\"); reset them to scan again"
                            .formatted(scope)));
    if (strategy(collection) == PollStrategy.RECONCILE) {
      return Optional.of(
          new Reconciler(
              pages(collection, scope),
              scope,
              range,
              offsets,
              emitter,
              client.rest()::serverTime,
              new Reconciler.Settings(
                  config.pollOverlap().toMillis(), config.reconcileMaxObjects()),
              since,
              remembered));
    }
    if (!range.isLast()) {
      return Optional.empty(); // the last range's reader finds the changes of all
    }
    GrpcPages changes = new GrpcPages(client.grpc().orElseThrow(), collection);
    return Optional.of(
        new UpdateTimePoller(
            changes,
            object -> whole(collection, scope, object),
            scope,
            offsets,
            range,
            pageSize(),
            emitter,
            config.pollOverlap(),
            since));
  }

  private Optional<? extends ObjectView> whole(
      Collection collection, Scope scope, ObjectView object) {
    return client.pages(collection) instanceof RestPages rest
        ? rest.object(scope, object.id())
        : Optional.of(object);
  }

  private PollStrategy strategy(Collection collection) {
    return strategy(config, collection, client.grpc().isPresent());
  }

  /**
   * The strategy for a collection.
   *
   * @throws ConnectException when the one that is asked for does not fit
   */
  static PollStrategy strategy(WeaviateSourceConfig config, Collection collection, boolean grpc) {
    PollStrategy strategy = config.pollStrategy();
    boolean possible = collection.timesIndexed() && grpc;
    if (strategy == PollStrategy.UPDATE_TIME && !possible) {
      throw new ConnectException(
          "%s=update_time needs %s; use reconcile"
              .formatted(
                  WeaviateSourceConfig.POLL_STRATEGY,
                  grpc
                      ? "invertedIndexConfig.indexTimestamps, which collection "
                          + collection.name()
                          + " does not have"
                      : "gRPC"));
    }
    if (strategy == PollStrategy.AUTO) {
      return possible ? PollStrategy.UPDATE_TIME : PollStrategy.RECONCILE;
    }
    return strategy;
  }
}
