package io.vectorconnect.source.reconcile;

import io.vectorconnect.source.range.RangePlan;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a task of a reconciling source knows of its ranges, and where it keeps it. */
public final class Reconciliation implements AutoCloseable {
  private final PublishedRows published;
  private final RowLimit limit;
  private final Map<String, Scope> scopes = new HashMap<>();
  private final Map<String, KnownRows.Loader> loaders = new HashMap<>();

  private Reconciliation(PublishedRows published, RowLimit limit) {
    this.published = published;
    this.limit = limit;
  }

  /**
   * What a task reads of a collection.
   *
   * @param name the collection's
   * @param plan all its ranges
   * @param ranges the task's
   * @param order of keys, as the store has it
   */
  public record Scope(String name, RangePlan plan, Set<Integer> ranges, Comparator<String> order) {}

  /** Reads what was published of some ranges. */
  public static Reconciliation load(ReconcileKeys keys, String connector, List<Scope> scopes) {
    Reconciliation loaded = new Reconciliation(new PublishedRows(keys, connector), keys.limit());
    for (Scope scope : scopes) {
      loaded.scopes.put(scope.name, scope);
      loaded.loaders.put(scope.name, new KnownRows.Loader(loaded.limit));
    }
    try {
      loaded.published.read(loaded::take);
    } catch (RuntimeException e) {
      loaded.close();
      throw e;
    }
    return loaded;
  }

  private void take(String collection, String key, RowHash hash) {
    Scope scope = scopes.get(collection);
    if (scope == null) {
      return;
    }
    int range = scope.plan.rangeOf(key, scope.order);
    if (!scope.ranges.contains(range)) {
      return;
    }
    if (hash == null) {
      loaders.get(collection).remove(range, key);
    } else {
      loaders.get(collection).put(range, key, hash);
    }
  }

  /** What was published of a range; asked once, for its memory is given away. */
  KnownRows known(String collection, int range) {
    return loaders.get(collection).range(range, scopes.get(collection).order);
  }

  /** The order of keys. */
  Comparator<String> order(String collection) {
    return scopes.get(collection).order;
  }

  /** A pass over a range. */
  RangeComparison compare(String collection, KnownRows before) {
    return new RangeComparison(before, scopes.get(collection).order, limit);
  }

  /** Where it is kept. */
  public PublishedRows published() {
    return published;
  }

  @Override
  public void close() {
    published.close();
  }
}
