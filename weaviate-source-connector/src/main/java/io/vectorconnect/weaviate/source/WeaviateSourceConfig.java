package io.vectorconnect.weaviate.source;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.source.NameFilter;
import io.vectorconnect.source.RangePlan;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of the source, beside those of {@link WeaviateConnection} and {@link RecordKeys}. */
final class WeaviateSourceConfig extends AbstractConfig {

  /** What to do after the first scan. */
  enum Mode {
    SNAPSHOT,
    SNAPSHOT_THEN_POLL
  }

  /** How changes are found after the first scan. */
  enum PollStrategy {
    AUTO,
    UPDATE_TIME,
    RECONCILE
  }

  /** What to do about an object that cannot be told exactly. */
  enum ObjectErrors {
    FAIL,
    SKIP
  }

  static final String INCLUDE = "collection.include.list";
  static final String EXCLUDE = "collection.exclude.list";
  static final String TENANT_INCLUDE = "tenant.include.list";
  static final String TENANT_EXCLUDE = "tenant.exclude.list";
  static final String TENANT_ACTIVATE = "tenant.activate";

  static final String MODE = "mode";
  static final String POLL_STRATEGY = "poll.strategy";
  static final String POLL_INTERVAL_MS = "poll.interval.ms";
  static final String POLL_OVERLAP_MS = "poll.overlap.ms";
  static final String RECONCILE_MAX_OBJECTS = "reconcile.max.objects";
  static final String SCAN_RANGES = "scan.ranges";
  static final String ROW_LIMIT = "row.limit";
  static final String BATCH_MAX_ROWS = "batch.max.rows";
  static final String BATCH_MAX_BYTES = "batch.max.bytes";
  static final String OBJECT_ERRORS = "object.errors";
  static final String RETRY_TIMEOUT_MS = "retry.timeout.ms";
  static final String RETRY_BACKOFF_MS = "retry.backoff.ms";

  /** The server's own limit of rows in one answer, unless it is configured otherwise. */
  private static final int MAX_PAGE = 10_000;

  private static final EnumValidator<Mode> MODES = EnumValidator.of(Mode.class);
  private static final EnumValidator<PollStrategy> STRATEGIES =
      EnumValidator.of(PollStrategy.class);
  private static final EnumValidator<ObjectErrors> ERRORS = EnumValidator.of(ObjectErrors.class);

  static final ConfigDef DEF =
      pages(scan(RecordKeys.define(collections(WeaviateConnection.define(new ConfigDef())))));

  private static ConfigDef collections(ConfigDef def) {
    String group = "Collections";
    names(
        def,
        INCLUDE,
        ".*",
        group,
        1,
        "Collections to read: names or regular expressions that"
            + " match whole names. A plain name must exist. The list is matched when the connector"
            + " starts.",
        "Included collections");
    names(
        def,
        EXCLUDE,
        "",
        group,
        2,
        "Collections to leave out, in the same form.",
        "Excluded collections");
    names(
        def,
        TENANT_INCLUDE,
        ".*",
        group,
        3,
        "Tenants to read of collections that have tenants, in" + " the same form.",
        "Included tenants");
    names(
        def,
        TENANT_EXCLUDE,
        "",
        group,
        4,
        "Tenants to leave out, in the same form.",
        "Excluded tenants");
    return def.define(
        TENANT_ACTIVATE,
        Type.BOOLEAN,
        false,
        Importance.MEDIUM,
        "Whether to activate an inactive tenant while it is read, and to put it back afterwards."
            + " Without it, inactive tenants are named in the log and left out.",
        group,
        5,
        Width.SHORT,
        "Activate tenants");
  }

  private static void names(
      ConfigDef def,
      String key,
      String standard,
      String group,
      int order,
      String doc,
      String title) {
    def.define(
        key,
        Type.LIST,
        standard,
        ConfigDef.LambdaValidator.with(NameFilter::requirePatterns, () -> "regular expressions"),
        order == 1 ? Importance.HIGH : Importance.MEDIUM,
        doc,
        group,
        order,
        Width.LONG,
        title);
  }

  private static ConfigDef scan(ConfigDef def) {
    String group = "Scan";
    return def.define(
            MODE,
            Type.STRING,
            "snapshot_then_poll",
            MODES,
            Importance.HIGH,
            "snapshot: read every collection once. snapshot_then_poll: then look for changes.",
            group,
            1,
            Width.MEDIUM,
            "Mode",
            MODES)
        .define(
            POLL_STRATEGY,
            Type.STRING,
            "auto",
            STRATEGIES,
            Importance.MEDIUM,
            "update_time: new and updated objects, by the time of their last update; needs"
                + " invertedIndexConfig.indexTimestamps, and does not see deletes. reconcile: scans"
                + " the ids again and compares them; sees deletes too. auto: update_time where the"
                + " collection indexes timestamps, else reconcile. There is no new_keys, for UUIDs"
                + " do not ascend.",
            group,
            2,
            Width.MEDIUM,
            "Poll strategy",
            STRATEGIES)
        .define(
            POLL_INTERVAL_MS,
            Type.LONG,
            10_000L,
            Range.between(10, 86_400_000),
            Importance.MEDIUM,
            "Pause between two looks for changes, in milliseconds.",
            group,
            3,
            Width.SHORT,
            "Poll interval")
        .define(
            POLL_OVERLAP_MS,
            Type.LONG,
            10_000L,
            Range.between(0, 3_600_000),
            Importance.LOW,
            "How far each look goes back behind the last one, in milliseconds: longer than a write"
                + " takes to become visible, and than the clocks of Weaviate's nodes differ.",
            group,
            4,
            Width.SHORT,
            "Poll overlap")
        .define(
            RECONCILE_MAX_OBJECTS,
            Type.INT,
            2_000_000,
            Range.between(1, 80_000_000),
            Importance.MEDIUM,
            "Objects that one task may remember for poll.strategy=reconcile, 24 bytes each; with more"
                + " the task fails.",
            group,
            5,
            Width.SHORT,
            "Reconciled objects")
        .define(
            SCAN_RANGES,
            Type.INT,
            0,
            Range.between(0, RangePlan.MAX_RANGES - 1),
            Importance.LOW,
            "Ranges of UUIDs into which a collection without tenants is divided for its first scan;"
                + " tasks share them. 0: as many as tasks. Decided once, kept in the offsets.",
            group,
            6,
            Width.SHORT,
            "Ranges")
        .define(
            ROW_LIMIT,
            Type.LONG,
            0L,
            Range.atLeast(0),
            Importance.LOW,
            "For trials: objects to read of each collection or tenant, those with the smallest UUIDs;"
                + " nothing is polled afterwards. 0: all. Decided once, kept in the offsets.",
            group,
            7,
            Width.SHORT,
            "Row limit");
  }

  private static ConfigDef pages(ConfigDef def) {
    String group = "Requests";
    return def.define(
            BATCH_MAX_ROWS,
            Type.INT,
            MAX_PAGE,
            Range.between(1, 100_000),
            Importance.MEDIUM,
            "Objects per request, at the most; no more than the server's QUERY_MAXIMUM_RESULTS.",
            group,
            1,
            Width.SHORT,
            "Objects per request")
        .define(
            BATCH_MAX_BYTES,
            Type.INT,
            4 << 20,
            Range.between(1024, 100_000_000),
            Importance.MEDIUM,
            "Bytes per request, about; the number of objects is fitted to it. A task's heap holds one"
                + " request's objects.",
            group,
            2,
            Width.SHORT,
            "Bytes per request")
        .define(
            OBJECT_ERRORS,
            Type.STRING,
            "fail",
            ERRORS,
            Importance.MEDIUM,
            "What to do about an object that cannot be told exactly, such as one with a vector of"
                + " another dimension. fail: the task fails, and names it. skip: it is named in the"
                + " log, counted, and left out.",
            group,
            3,
            Width.SHORT,
            "Object errors",
            ERRORS)
        .define(
            RETRY_TIMEOUT_MS,
            Type.LONG,
            300_000L,
            Range.atLeast(0),
            Importance.LOW,
            "How long an unreachable or busy server is tried again before the task fails, in"
                + " milliseconds.",
            group,
            4,
            Width.SHORT,
            "Retry timeout")
        .define(
            RETRY_BACKOFF_MS,
            Type.LONG,
            500L,
            Range.between(1, 600_000),
            Importance.LOW,
            "Pause before the server is tried again, in milliseconds.",
            group,
            5,
            Width.SHORT,
            "Retry backoff");
  }

  WeaviateSourceConfig(Map<String, String> properties) {
    super(DEF, properties, false);
  }

  WeaviateConnection connection() {
    return new WeaviateConnection(this);
  }

  RecordKeys records() {
    return new RecordKeys(this);
  }

  NameFilter collections() {
    return new NameFilter(getList(INCLUDE), getList(EXCLUDE));
  }

  NameFilter tenants() {
    return new NameFilter(getList(TENANT_INCLUDE), getList(TENANT_EXCLUDE));
  }

  boolean activateTenants() {
    return getBoolean(TENANT_ACTIVATE);
  }

  /** Whether changes are looked for after the scan. */
  boolean polls() {
    return MODES.parse(getString(MODE)) == Mode.SNAPSHOT_THEN_POLL && rowLimit() == 0;
  }

  PollStrategy pollStrategy() {
    return STRATEGIES.parse(getString(POLL_STRATEGY));
  }

  Duration pollInterval() {
    return Duration.ofMillis(getLong(POLL_INTERVAL_MS));
  }

  Duration pollOverlap() {
    return Duration.ofMillis(getLong(POLL_OVERLAP_MS));
  }

  int reconcileMaxObjects() {
    return getInt(RECONCILE_MAX_OBJECTS);
  }

  int scanRanges() {
    return getInt(SCAN_RANGES);
  }

  long rowLimit() {
    return getLong(ROW_LIMIT);
  }

  int maxRows() {
    return getInt(BATCH_MAX_ROWS);
  }

  int maxBytes() {
    return getInt(BATCH_MAX_BYTES);
  }

  boolean skipsBadObjects() {
    return ERRORS.parse(getString(OBJECT_ERRORS)) == ObjectErrors.SKIP;
  }

  Duration retryTimeout() {
    return Duration.ofMillis(getLong(RETRY_TIMEOUT_MS));
  }

  Duration retryBackoff() {
    return Duration.ofMillis(getLong(RETRY_BACKOFF_MS));
  }
}
