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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the readers of a task. */
final class Readers {
  private static final Logger log = LoggerFactory.getLogger(Readers.class);

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
    try {
      return open(scope, offsets);
    } catch (WeaviateException e) {
      throw e.within(scope.told() + ": ");
    }
  }

  private RangeReader open(Scope scope, ScanOffsets offsets) {
    Collection collection = collections.computeIfAbsent(scope.collection(), this::describe);
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
    return new PageReader(
        client.pages(collection), scope, config.source().pageSize(), guard(collection));
  }

  private SchemaGuard guard(Collection collection) {
    return new SchemaGuard(collection, () -> client.rest().describe(collection.name()));
  }

  private Collection describe(String name) {
    Collection collection = client.rest().describe(name);
    if (collection.vectorized() && config.polls()) {
      log.warn(
          "Collection {} has a vectorizer: an update shows only when its vector is made, and tells"
              + " an earlier time. Looks for changes go back {} ms ({}); let that be longer than"
              + " any import request takes.",
          name,
          config.pollOverlap(collection).toMillis(),
          WeaviateSourceConfig.POLL_OVERLAP_MS);
    }
    return collection;
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
                  config.settleTime().toMillis(),
                  config.pollOverlap(collection).toMillis(),
                  config.reconcileMaxObjects()),
              remembered));
    }
    return Optional.of(
        new UpdateTimePoller(
            changes(collection),
            scope,
            offsets,
            config.source().pageSize(),
            emitter,
            guard(collection),
            config.pollOverlap(collection)));
  }

  /** By gRPC; the objects themselves by REST where gRPC does not tell everything. */
  private Changes changes(Collection collection) {
    GrpcPages grpc = new GrpcPages(client.grpc().orElseThrow(), collection);
    return client.pages(collection) instanceof RestPages rest ? new RestChanges(grpc, rest) : grpc;
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
