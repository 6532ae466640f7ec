package io.vectorconnect.weaviate.source.config;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.source.NameFilter;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.reconcile.ReconcileKeys;
import io.vectorconnect.weaviate.source.schema.Collection;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of the source. */
public final class WeaviateSourceConfig extends CheckedConfig {

  /** How changes are found after the first scan. */
  public enum PollStrategy {
    AUTO,
    UPDATE_TIME,
    RECONCILE
  }

  static final String NOUN = "collection";
  public static final String INCLUDE = NOUN + SourceKeys.INCLUDE;

  static final String TENANT_INCLUDE = "tenant" + SourceKeys.INCLUDE;
  static final String TENANT_EXCLUDE = "tenant" + SourceKeys.EXCLUDE;
  public static final String TENANT_ACTIVATE = "tenant.activate";

  public static final String POLL_OVERLAP_MS = "poll.overlap.ms";
  public static final String ROW_LIMIT = "row.limit";
  static final String DRY_RUN = "dry.run";

  private static final long BY_COLLECTION = -1;
  private static final Duration OVERLAP = Duration.ofSeconds(10);
  private static final Duration VECTORIZER_OVERLAP = Duration.ofMinutes(10);

  /** The server's own limit of rows in one answer, unless it is configured otherwise. */
  private static final int PAGE = 10_000;

  private static final int MAX_PAGE = 100_000;

  private static final EnumValidator<PollStrategy> STRATEGIES =
      EnumValidator.of(PollStrategy.class);

  public static final ConfigDef DEF =
      ReconcileKeys.define(
          changes(
              SourceKeys.defineScan(
                  RecordKeys.define(
                      tenants(
                          SourceKeys.defineNames(
                              WeaviateConnection.define(new ConfigDef()), NOUN))),
                  NOUN,
                  STRATEGIES,
                  "auto",
                  "update_time: new and updated objects, by the time of their last update; needs"
                      + " invertedIndexConfig.indexTimestamps, and does not see deletes. reconcile:"
                      + " compares the ids and times of all objects with what was published, which it"
                      + " keeps in a topic; sees deletes too, those made while it is down as well. auto: update_time"
                      + " where the collection indexes timestamps, else reconcile. There is no"
                      + " new_keys, for UUIDs do not ascend.",
                  PAGE,
                  MAX_PAGE)));

  private static ConfigDef tenants(ConfigDef def) {
    String group = "Tenants";
    return def.define(
            TENANT_INCLUDE,
            Type.LIST,
            ".*",
            SourceKeys.PATTERNS,
            Importance.MEDIUM,
            "Tenants to read of collections that have tenants: names or regular expressions that"
                + " match whole names. The list is matched when the connector starts.",
            group,
            1,
            Width.LONG,
            "Included tenants")
        .define(
            TENANT_EXCLUDE,
            Type.LIST,
            "",
            SourceKeys.PATTERNS,
            Importance.MEDIUM,
            "Tenants to leave out, in the same form.",
            group,
            2,
            Width.LONG,
            "Excluded tenants")
        .define(
            TENANT_ACTIVATE,
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether to activate an inactive tenant while it is read, and to put it back"
                + " afterwards. Without it, inactive tenants are named in the log and left out.",
            group,
            3,
            Width.SHORT,
            "Activate tenants");
  }

  private static ConfigDef changes(ConfigDef def) {
    String group = "Changes and trials";
    return def.define(
            POLL_OVERLAP_MS,
            Type.LONG,
            BY_COLLECTION,
            Range.between(BY_COLLECTION, 3_600_000),
            Importance.LOW,
            "How far each look goes back behind the last one, in milliseconds: longer than a write"
                + " takes to become visible, and than the clocks of Weaviate's nodes differ."
                + " Weaviate notes the time before it has the vector made. -1: 10 minutes for a"
                + " collection with a vectorizer, else 10 seconds.",
            group,
            1,
            Width.SHORT,
            "Poll overlap")
        .define(
            ROW_LIMIT,
            Type.LONG,
            0L,
            Range.atLeast(0),
            Importance.LOW,
            "For trials: objects to read of each collection or tenant, those with the smallest"
                + " UUIDs; nothing is polled afterwards. 0: all. Decided once, kept in the"
                + " offsets.",
            group,
            2,
            Width.SHORT,
            "Row limit")
        .define(
            DRY_RUN,
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "For trials: true publishes nothing, keeps no offsets and activates no tenant, but"
                + " writes a report on each collection to the worker's log: how many objects,"
                + " topic, key and fields, and one object as a sample, shortened. The log then"
                + " holds some of your data.",
            group,
            3,
            Width.SHORT,
            "Dry run");
  }

  public WeaviateSourceConfig(Map<String, String> properties) {
    super(DEF, properties);
  }

  public WeaviateConnection connection() {
    return new WeaviateConnection(this);
  }

  public SourceKeys source() {
    return new SourceKeys(this, NOUN);
  }

  public RecordKeys records() {
    return new RecordKeys(this, source());
  }

  public NameFilter tenants() {
    return new NameFilter(getList(TENANT_INCLUDE), getList(TENANT_EXCLUDE));
  }

  public boolean activateTenants() {
    return getBoolean(TENANT_ACTIVATE);
  }

  /** Whether changes are looked for after the scan. */
  public boolean polls() {
    return source().mode() == SourceKeys.Mode.SNAPSHOT_THEN_POLL && rowLimit() == 0;
  }

  public PollStrategy pollStrategy() {
    return STRATEGIES.parse(getString(SourceKeys.POLL_STRATEGY));
  }

  /** How much earlier than it shows an update of a collection may tell to have been. */
  public Duration pollOverlap(Collection collection) {
    return overlap(collection.vectorized() ? VECTORIZER_OVERLAP : OVERLAP);
  }

  /** How long an update may still be followed by another of the same time. */
  public Duration settleTime() {
    return overlap(OVERLAP);
  }

  private Duration overlap(Duration unset) {
    long millis = getLong(POLL_OVERLAP_MS);
    return millis == BY_COLLECTION ? unset : Duration.ofMillis(millis);
  }

  /** Where it is kept what was published of collections that are reconciled. */
  public ReconcileKeys reconcile() {
    return new ReconcileKeys(this);
  }

  /** The connector's, without which the topic of published rows has no name. */
  public String name() {
    return originalsStrings().getOrDefault("name", "");
  }

  public long rowLimit() {
    return getLong(ROW_LIMIT);
  }

  public boolean dryRun() {
    return getBoolean(DRY_RUN);
  }

  public int maxRows() {
    return getInt(SourceKeys.BATCH_MAX_ROWS);
  }

  public int maxBytes() {
    return getInt(SourceKeys.BATCH_MAX_BYTES);
  }
}
