package io.vectorconnect.weaviate.source;

import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.weaviate.source.client.GrpcPages;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.client.Pages.Detail;
import io.vectorconnect.weaviate.source.client.WeaviateClient;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.scan.Dimensions;
import io.vectorconnect.weaviate.source.scan.Readers;
import io.vectorconnect.weaviate.source.scan.RecordMapper;
import io.vectorconnect.weaviate.source.scan.ScanPlanner;
import io.vectorconnect.weaviate.source.scan.Tenants;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports on one collection what would be published, and publishes nothing. */
final class DryRun implements RecordReader {
  private static final Logger log = LoggerFactory.getLogger(DryRun.class);

  private static final int MAX_TENANTS = 50;

  private final WeaviateClient client;
  private final WeaviateSourceConfig config;
  private final Collection collection;
  private boolean done;

  private DryRun(WeaviateClient client, WeaviateSourceConfig config, Collection collection) {
    this.client = client;
    this.config = config;
    this.collection = collection;
  }

  /** One for each collection that would be read. */
  static List<DryRun> readers(WeaviateClient client, WeaviateSourceConfig config) {
    return new ScanPlanner(client, config)
        .collections().stream().map(collection -> new DryRun(client, config, collection)).toList();
  }

  @Override
  public boolean isDone() {
    return done;
  }

  @Override
  public long idleNanos() {
    return 0;
  }

  /** Writes the report, once. */
  @Override
  public List<SourceRecord> next() {
    log.info("{}", String.join(System.lineSeparator(), report()));
    done = true;
    return List.of();
  }

  private List<String> report() {
    List<String> lines = new ArrayList<>();
    lines.add("Dry run, nothing is published. Collection " + collection.name() + ":");
    lines.add("  read by " + way());
    Scope scope = collection.multiTenant() ? tenants(lines) : all(lines);
    RecordMapper mapper = new RecordMapper(collection, scope, config.records(), dimensions(scope));
    lines.add("  topic: " + mapper.topic());
    ReportText.fields(mapper.keySchema()).forEach(field -> lines.add("  key " + field));
    ReportText.fields(mapper.valueSchema()).forEach(field -> lines.add("  field " + field));
    lines.add("  sample: " + sample(mapper, first(scope)));
    return lines;
  }

  private String way() {
    boolean grpc = client.pages(collection) instanceof GrpcPages;
    String changes =
        config.polls()
            ? "then looked at for changes, "
                + SourceKeys.POLL_STRATEGY
                + "="
                + (Readers.reconciles(config, collection, client.grpc().isPresent())
                    ? "reconcile"
                    : "update_time")
            : "once";
    return (grpc ? "gRPC" : "REST") + ", " + changes;
  }

  private Scope all(List<String> lines) {
    Scope scope = new Scope(collection.name(), "");
    lines.add("  objects: " + count(scope));
    return scope;
  }

  /** The first tenant that can be read now, or else one without objects. */
  private Scope tenants(List<String> lines) {
    Map<String, String> states = client.rest().tenants(collection.name());
    List<String> chosen = config.tenants().choose(List.copyOf(states.keySet()));
    lines.add("  tenants: %d of %d".formatted(chosen.size(), states.size()));
    for (String tenant : chosen.subList(0, Math.min(MAX_TENANTS, chosen.size()))) {
      lines.add("  tenant " + tenant + ": " + tenant(tenant, states.get(tenant)));
    }
    if (chosen.size() > MAX_TENANTS) {
      lines.add("  and %d tenants more".formatted(chosen.size() - MAX_TENANTS));
    }
    return new Scope(
        collection.name(),
        chosen.stream()
            .filter(tenant -> Tenants.isActive(states.get(tenant)))
            .findFirst()
            .orElse(chosen.isEmpty() ? "" : chosen.get(0)));
  }

  private String tenant(String tenant, String state) {
    if (Tenants.isActive(state)) {
      return count(new Scope(collection.name(), tenant)) + " objects";
    }
    return state + (config.activateTenants() ? ", would be activated" : ", would be left out");
  }

  private String count(Scope scope) {
    long count = client.rest().count(scope);
    return count < 0 ? "an unknown number of" : Long.toString(count);
  }

  private Map<String, Integer> dimensions(Scope scope) {
    return isNothing(scope)
        ? Map.of()
        : new Dimensions(client, config, new Tenants(client.rest(), false)).of(collection, scope);
  }

  /** Whether the collection has tenants, and none of them is chosen. */
  private boolean isNothing(Scope scope) {
    return collection.multiTenant() && scope.tenant().isEmpty();
  }

  private List<? extends ObjectView> first(Scope scope) {
    if (isNothing(scope)) {
      return List.of();
    }
    try {
      return client.pages(collection).after(scope, null, 1, Detail.FULL).objects();
    } catch (WeaviateException e) {
      if (e.kind() == Kind.INACTIVE) {
        return List.of();
      }
      throw e;
    }
  }

  private static String sample(RecordMapper mapper, List<? extends ObjectView> objects) {
    Optional<? extends ObjectView> first = objects.stream().findFirst();
    if (first.isEmpty()) {
      return "there is no object to read";
    }
    try {
      return ReportText.value(mapper.value(first.get()));
    } catch (DataException e) {
      return "cannot be told: " + e.getMessage();
    }
  }
}
