package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.source.NameFilter;
import io.vectorconnect.source.range.RangePlan;
import io.vectorconnect.weaviate.source.client.GrpcPages;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.client.Pages;
import io.vectorconnect.weaviate.source.client.Pages.Detail;
import io.vectorconnect.weaviate.source.client.WeaviateClient;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what is scanned, and in which ranges. */
public final class ScanPlanner {
  private static final Logger log = LoggerFactory.getLogger(ScanPlanner.class);

  /** A number of objects that the server does not tell. */
  private static final long UNKNOWN = -1;

  private final WeaviateClient client;
  private final WeaviateSourceConfig config;

  public ScanPlanner(WeaviateClient client, WeaviateSourceConfig config) {
    this.client = client;
    this.config = config;
  }

  /**
   * The collections that the lists name, by their own names or plainly by an alias. An alias is
   * looked up once: records and offsets are those of the collection, so nothing is lost when the
   * alias moves to another one.
   *
   * @throws ConnectException when one that is named plainly does not exist, or none matches
   */
  public List<Collection> collections() {
    List<String> existing = client.rest().collections();
    NameFilter names = withoutAliases(config.source().names(), existing);
    if (!names.missing(existing).isEmpty()) {
      throw new ConnectException(
          "there are no collections, and no aliases that this user may list, called "
              + names.describeMissing(existing));
    }
    List<String> chosen = names.choose(existing);
    if (chosen.isEmpty()) {
      throw new ConnectException("no collection matches " + WeaviateSourceConfig.INCLUDE);
    }
    return chosen.stream().map(client.rest()::describe).toList();
  }

  private NameFilter withoutAliases(NameFilter names, List<String> existing) {
    List<String> unknown = new ArrayList<>(names.missing(existing));
    unknown.addAll(new NameFilter(names.exclude(), List.of()).missing(existing));
    if (unknown.isEmpty()) {
      return names;
    }
    Map<String, String> aliases = client.rest().aliases();
    unknown.retainAll(aliases.keySet());
    unknown.forEach(
        alias ->
            log.info(
                "{} is an alias of collection {}, whose name its topic and offsets have",
                alias,
                aliases.get(alias)));
    return new NameFilter(resolved(names.include(), aliases), resolved(names.exclude(), aliases));
  }

  private static List<String> resolved(List<String> names, Map<String, String> aliases) {
    return names.stream().map(name -> aliases.getOrDefault(name, name)).toList();
  }

  /** What is scanned of a collection: itself, or its tenants. */
  public List<Scope> scopes(Collection collection) {
    if (!collection.multiTenant()) {
      return List.of(new Scope(collection.name(), ""));
    }
    Map<String, String> states = client.rest().tenants(collection.name());
    List<Scope> scopes = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (String tenant : config.tenants().choose(List.copyOf(states.keySet()))) {
      if (Tenants.isActive(states.get(tenant)) || config.activateTenants()) {
        scopes.add(new Scope(collection.name(), tenant));
      } else {
        left.add(tenant + " (" + states.get(tenant) + ")");
      }
    }
    if (!left.isEmpty()) {
      log.warn(
          "Collection {}: {} tenants are not active and are left out; {}=true reads them: {}",
          collection.name(),
          left.size(),
          WeaviateSourceConfig.TENANT_ACTIVATE,
          left);
    }
    return scopes;
  }

  /** The ranges of a scope that is scanned for the first time. */
  public RangePlan plan(Collection collection, Scope scope, int maxTasks) {
    long rows = scope.tenant().isEmpty() ? client.rest().count(scope) : UNKNOWN;
    RangePlan plan =
        config.rowLimit() > 0
            ? limited(collection, scope)
            : scope.tenant().isEmpty()
                ? divided(collection, scope, rows, maxTasks)
                : RangePlan.whole();
    log.info(
        "{}: {} objects, {} ranges, by {}; properties {}; vectors {}",
        scope,
        rows < 0 ? "?" : rows,
        plan.size(),
        client.pages(collection) instanceof GrpcPages ? "gRPC" : "REST",
        collection.properties().stream().map(p -> p.name() + " " + p.type()).toList(),
        collection.vectors());
    return plan;
  }

  private RangePlan divided(Collection collection, Scope scope, long rows, int maxTasks) {
    int ranges = config.source().scanRanges();
    if (ranges == 0) {
      ranges =
          rows < 0
              ? Math.min(maxTasks, RangePlan.MAX_RANGES - 1)
              : RangePlan.automaticSize(rows, maxTasks);
      if (ranges == 1) {
        return RangePlan.whole();
      }
    }
    Pages pages = client.pages(collection);
    return new RangePlan(Uuids.bounds(ranges, after -> next(pages, scope, after)));
  }

  private static Optional<String> next(Pages pages, Scope scope, String after) {
    return pages.after(scope, after, 1, Detail.IDS).objects().stream()
        .findFirst()
        .map(ObjectView::id);
  }

  /** Up to the last object within the limit. */
  private RangePlan limited(Collection collection, Scope scope) {
    Tenants tenants = new Tenants(client.rest(), config.activateTenants());
    try {
      return tenants.active(scope, () -> limit(collection, scope));
    } finally {
      tenants.releaseAll();
    }
  }

  private RangePlan limit(Collection collection, Scope scope) {
    Pages pages = client.pages(collection);
    long left = config.rowLimit();
    int most = config.maxRows();
    String after = null;
    while (true) {
      int rows = (int) Math.min(left, most);
      List<? extends ObjectView> page;
      try {
        page = pages.after(scope, after, rows, Detail.IDS).objects();
      } catch (WeaviateException e) {
        if (e.kind() != Kind.TOO_LARGE || rows == 1) {
          throw e;
        }
        most = rows / 2; // REST sends whole objects
        continue;
      }
      if (page.isEmpty()) {
        return RangePlan.whole();
      }
      left -= page.size();
      after = page.get(page.size() - 1).id();
      if (left == 0) {
        return new RangePlan(List.of(after));
      }
    }
  }
}
