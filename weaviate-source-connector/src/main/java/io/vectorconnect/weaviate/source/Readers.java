package io.vectorconnect.weaviate.source;

import io.vectorconnect.source.KeyRange;
import io.vectorconnect.source.RangeOffsets;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.weaviate.source.Pages.Detail;
import io.vectorconnect.weaviate.source.WeaviateSourceConfig.PollStrategy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.errors.ConnectException;

/** Makes the readers of a task. */
final class Readers {
  /** How many objects are looked at for their vectors' dimensions before the scan. */
  private static final int SAMPLE = 20;

  private final WeaviateClient client;
  private final WeaviateSourceConfig config;
  private final Tenants tenants;
  private final String now;
  private final Map<String, Collection> collections = new HashMap<>();
  private final Map<String, Map<String, Integer>> dimensions = new HashMap<>();
  private final AtomicLong remembered = new AtomicLong();

  /**
   * Readers.
   *
   * @param now when scans begin that have no offsets yet, see {@link ScanOffsets}
   */
  Readers(WeaviateClient client, WeaviateSourceConfig config, Tenants tenants, String now) {
    this.client = client;
    this.config = config;
    this.tenants = tenants;
    this.now = now;
  }

  /** The reader of a range, or none beyond the row limit. */
  Optional<RangeReader> reader(String name, RangeOffsets stored, KeyRange range) {
    boolean beyondLimit = config.rowLimit() > 0 && range.isLast() && stored.plan().size() > 1;
    return beyondLimit
        ? Optional.empty()
        : Optional.of(reader(Scope.parse(name), new ScanOffsets(stored, range, now)));
  }

  private RangeReader reader(Scope scope, ScanOffsets offsets) {
    Collection collection =
        collections.computeIfAbsent(scope.collection(), client.rest()::describe);
    RecordMapper mapper =
        new RecordMapper(collection, scope, config.records(), dimensions(collection, scope));
    Emitter emitter = new Emitter(mapper, offsets.partition(), config.records().skipsBadObjects());
    PageReader pages = pages(collection, scope);
    return new RangeReader(
        scope,
        offsets,
        pages,
        emitter,
        poller(collection, scope, offsets, emitter),
        config.source().pollInterval(),
        tenants);
  }

  private PageReader pages(Collection collection, Scope scope) {
    return new PageReader(client.pages(collection), scope, config.source().pageSize());
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
      Collection collection, Scope scope, ScanOffsets offsets, Emitter emitter) {
    if (!config.polls()) {
      return Optional.empty();
    }
    if (strategy(collection) == PollStrategy.RECONCILE) {
      return Optional.of(
          new Reconciler(
              pages(collection, scope),
              scope,
              offsets,
              emitter,
              client.rest()::serverTime,
              new Reconciler.Settings(
                  config.pollOverlap().toMillis(), config.reconcileMaxObjects()),
              remembered));
    }
    if (!offsets.range().isLast()) {
      return Optional.empty(); // the last range's reader finds the changes of all
    }
    GrpcPages changes = new GrpcPages(client.grpc().orElseThrow(), collection);
    return Optional.of(
        new UpdateTimePoller(
            changes,
            object -> whole(collection, scope, object),
            scope,
            offsets,
            config.source().pageSize(),
            emitter,
            config.pollOverlap()));
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
                  SourceKeys.POLL_STRATEGY,
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
