package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.TaskShare;
import io.vectorconnect.source.reconcile.ReconcileReader;
import io.vectorconnect.source.reconcile.Reconciliation;
import io.vectorconnect.weaviate.source.client.Changes;
import io.vectorconnect.weaviate.source.client.GrpcPages;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.client.RestChanges;
import io.vectorconnect.weaviate.source.client.RestPages;
import io.vectorconnect.weaviate.source.client.WeaviateClient;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig.PollStrategy;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.SchemaGuard;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the readers of a task. */
public final class Readers {
  private static final Logger log = LoggerFactory.getLogger(Readers.class);

  private final WeaviateClient client;
  private final WeaviateSourceConfig config;
  private final Tenants tenants;
  private final String now;
  private final Map<String, Collection> collections = new HashMap<>();
  private final Dimensions dimensions;
  private Reconciliation reconciliation;

  /**
   * Readers.
   *
   * @param now when scans begin that have no offsets yet, see {@link ScanOffsets}
   */
  public Readers(WeaviateClient client, WeaviateSourceConfig config, Tenants tenants, String now) {
    this.client = client;
    this.config = config;
    this.tenants = tenants;
    this.now = now;
    this.dimensions = new Dimensions(client, config, tenants);
  }

  /** Readers of a task's ranges; none of one that is beyond the row limit. */
  public List<RecordReader> of(List<TaskShare.Share> shares) {
    loadReconciliation(shares.stream().filter(this::reconciles).toList());
    List<RecordReader> readers = new ArrayList<>();
    for (TaskShare.Share share : shares) {
      RangeOffsets stored = share.offsets();
      for (KeyRange range : share.ranges()) {
        boolean beyondLimit = config.rowLimit() > 0 && range.isLast() && stored.plan().size() > 1;
        if (!beyondLimit) {
          readers.add(reader(share, range));
        }
      }
    }
    return readers;
  }

  private void loadReconciliation(List<TaskShare.Share> shares) {
    if (!shares.isEmpty()) {
      reconciliation =
          Reconciliation.load(
              config.reconcile(),
              config.name(),
              shares.stream()
                  .map(
                      share ->
                          new Reconciliation.Scope(
                              share.name(),
                              share.offsets().plan(),
                              share.ranges().stream()
                                  .map(KeyRange::index)
                                  .collect(Collectors.toSet()),
                              Comparator.naturalOrder()))
                  .toList());
    }
  }

  /** What was published of the ranges that are reconciled, if there are any. */
  public Optional<Reconciliation> reconciliation() {
    return Optional.ofNullable(reconciliation);
  }

  private boolean reconciles(TaskShare.Share share) {
    return within(
        Scope.parse(share.name()),
        scope -> reconciles(config, collection(scope), client.grpc().isPresent()));
  }

  private RecordReader reader(TaskShare.Share share, KeyRange range) {
    return within(
        Scope.parse(share.name()),
        scope ->
            reconciles(share)
                ? reconciler(scope, share, range)
                : scan(
                    scope,
                    new ScanOffsets(ScanOffsets.limited(config, share.offsets()), range, now)));
  }

  private static <T> T within(Scope scope, Function<Scope, T> work) {
    try {
      return work.apply(scope);
    } catch (WeaviateException e) {
      throw e.within(scope.told() + ": ");
    }
  }

  private ReconcileReader<ObjectView> reconciler(
      Scope scope, TaskShare.Share share, KeyRange range) {
    Collection collection = collection(scope);
    return new ReconcileReader<>(
        new ReconciledObjects(
            pages(collection, scope),
            scope,
            range,
            emitter(collection, scope, share.offsets().partition(range)),
            tenants,
            client.rest()::serverTime,
            config.settleTime()),
        reconciliation,
        share.name(),
        share.offsets(),
        range,
        config.maxRows(),
        config.source().pollInterval());
  }

  private RangeReader scan(Scope scope, ScanOffsets offsets) {
    Collection collection = collection(scope);
    Emitter emitter = emitter(collection, scope, offsets.partition());
    return new RangeReader(
        scope,
        offsets,
        pages(collection, scope),
        emitter,
        config.polls()
            ? Optional.of(poller(collection, scope, offsets, emitter))
            : Optional.empty(),
        config.source().pollInterval(),
        tenants);
  }

  private Emitter emitter(Collection collection, Scope scope, Map<String, String> partition) {
    RecordMapper mapper =
        new RecordMapper(collection, scope, config.records(), dimensions.of(collection, scope));
    return new Emitter(mapper, partition, config.records().skipsBadObjects());
  }

  private Collection collection(Scope scope) {
    return collections.computeIfAbsent(scope.collection(), this::describe);
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

  private UpdateTimePoller poller(
      Collection collection, Scope scope, ScanOffsets offsets, Emitter emitter) {
    return new UpdateTimePoller(
        changes(collection),
        scope,
        offsets,
        config.source().pageSize(),
        emitter,
        guard(collection),
        config.pollOverlap(collection));
  }

  /** By gRPC; the objects themselves by REST where gRPC does not tell everything. */
  private Changes changes(Collection collection) {
    GrpcPages grpc = new GrpcPages(client.grpc().orElseThrow(), collection);
    return client.pages(collection) instanceof RestPages rest ? new RestChanges(grpc, rest) : grpc;
  }

  /**
   * Whether a collection is compared with what was published of it.
   *
   * @throws ConnectException when the strategy that is asked for does not fit
   */
  public static boolean reconciles(
      WeaviateSourceConfig config, Collection collection, boolean grpc) {
    return config.polls() && strategy(config, collection, grpc) == PollStrategy.RECONCILE;
  }

  private static PollStrategy strategy(
      WeaviateSourceConfig config, Collection collection, boolean grpc) {
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
