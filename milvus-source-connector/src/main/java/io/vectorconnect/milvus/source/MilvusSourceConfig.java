package io.vectorconnect.milvus.source;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.milvus.MilvusConnection;
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

/** Every key of the source. */
final class MilvusSourceConfig extends AbstractConfig {

  /** How vectors stand in records. */
  enum VectorFormat {
    PACKED,
    ARRAY
  }

  /** What to do after the first scan. */
  enum Mode {
    SNAPSHOT,
    SNAPSHOT_THEN_POLL
  }

  /** How changes are found after the first scan. */
  enum PollStrategy {
    NEW_KEYS
  }

  static final String INCLUDE = "collection.include.list";
  static final String EXCLUDE = "collection.exclude.list";
  static final String TOPIC_PREFIX = "topic.prefix";
  static final String VECTOR_FORMAT = "vector.format";

  static final String MODE = "mode";
  static final String POLL_STRATEGY = "poll.strategy";
  static final String POLL_INTERVAL_MS = "poll.interval.ms";
  static final String SCAN_RANGES = "scan.ranges";
  static final String BATCH_MAX_ROWS = "batch.max.rows";
  static final String BATCH_MAX_BYTES = "batch.max.bytes";
  static final String RETRY_TIMEOUT_MS = "retry.timeout.ms";
  static final String RETRY_BACKOFF_MS = "retry.backoff.ms";

  /** Milvus's own limit of rows in one answer. */
  static final int MAX_PAGE = 16_384;

  private static final EnumValidator<VectorFormat> FORMATS = EnumValidator.of(VectorFormat.class);
  private static final EnumValidator<Mode> MODES = EnumValidator.of(Mode.class);
  private static final EnumValidator<PollStrategy> STRATEGIES =
      EnumValidator.of(PollStrategy.class);

  static final ConfigDef DEF = scan(collections(MilvusConnection.define(new ConfigDef())));

  private static ConfigDef collections(ConfigDef def) {
    String group = "Collections";
    return def.define(
            INCLUDE,
            Type.LIST,
            ".*",
            ConfigDef.LambdaValidator.with(
                NameFilter::requirePatterns, () -> "regular expressions"),
            Importance.HIGH,
            "Collections to read: names or regular expressions that match whole names. A plain name"
                + " must exist. The list is matched when the connector starts.",
            group,
            1,
            Width.LONG,
            "Included collections")
        .define(
            EXCLUDE,
            Type.LIST,
            "",
            ConfigDef.LambdaValidator.with(
                NameFilter::requirePatterns, () -> "regular expressions"),
            Importance.MEDIUM,
            "Collections to leave out, in the same form.",
            group,
            2,
            Width.LONG,
            "Excluded collections")
        .define(
            TOPIC_PREFIX,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "What goes before a collection's name to make its topic's.",
            group,
            3,
            Width.MEDIUM,
            "Topic prefix")
        .define(
            VECTOR_FORMAT,
            Type.STRING,
            "packed",
            FORMATS,
            Importance.MEDIUM,
            "packed: vectors as BYTES, little-endian, exact and fast. array: float vectors as ARRAY"
                + " of FLOAT32, for sinks of others.",
            group,
            4,
            Width.SHORT,
            "Vector format",
            FORMATS);
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
            "new_keys",
            STRATEGIES,
            Importance.MEDIUM,
            "new_keys: rows whose primary key is greater than all keys before. Rows that are"
                + " changed, deleted, or inserted with smaller keys are not seen.",
            group,
            2,
            Width.MEDIUM,
            "Poll strategy",
            STRATEGIES)
        .define(
            POLL_INTERVAL_MS,
            Type.LONG,
            1_000L,
            Range.between(10, 86_400_000),
            Importance.MEDIUM,
            "Pause between two looks for changes, in milliseconds.",
            group,
            3,
            Width.SHORT,
            "Poll interval")
        .define(
            SCAN_RANGES,
            Type.INT,
            0,
            Range.between(0, RangePlan.MAX_RANGES - 1),
            Importance.LOW,
            "Ranges of keys into which a collection is divided for its first scan, beside the last"
                + " one for new keys; tasks share them. 0: by its number of rows. Decided once, kept"
                + " in the offsets.",
            group,
            4,
            Width.SHORT,
            "Ranges")
        .define(
            BATCH_MAX_ROWS,
            Type.INT,
            MAX_PAGE,
            Range.between(1, MAX_PAGE),
            Importance.MEDIUM,
            "Rows per request, at the most.",
            group,
            5,
            Width.SHORT,
            "Rows per request")
        .define(
            BATCH_MAX_BYTES,
            Type.INT,
            8 << 20,
            Range.between(1024, 512 << 20),
            Importance.MEDIUM,
            "Bytes per request, about; the number of rows is fitted to it. A task's heap holds one"
                + " request's rows.",
            group,
            6,
            Width.SHORT,
            "Bytes per request")
        .define(
            RETRY_TIMEOUT_MS,
            Type.LONG,
            300_000L,
            Range.atLeast(0),
            Importance.LOW,
            "How long an unreachable or busy server is tried again before the task fails, in"
                + " milliseconds.",
            group,
            7,
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
            8,
            Width.SHORT,
            "Retry backoff");
  }

  MilvusSourceConfig(Map<String, String> properties) {
    super(DEF, properties, false);
  }

  MilvusConnection connection() {
    return new MilvusConnection(this);
  }

  NameFilter filter() {
    return new NameFilter(getList(INCLUDE), getList(EXCLUDE));
  }

  /** What names a collection in a source partition. */
  Map<String, String> sourcePartition(String collection) {
    return Map.of("database", connection().database(), "collection", collection);
  }

  String topic(String collection) {
    return getString(TOPIC_PREFIX) + collection;
  }

  VectorFormat vectorFormat() {
    return FORMATS.parse(getString(VECTOR_FORMAT));
  }

  Mode mode() {
    return MODES.parse(getString(MODE));
  }

  Duration pollInterval() {
    return Duration.ofMillis(getLong(POLL_INTERVAL_MS));
  }

  int scanRanges() {
    return getInt(SCAN_RANGES);
  }

  int maxRows() {
    return getInt(BATCH_MAX_ROWS);
  }

  int maxBytes() {
    return getInt(BATCH_MAX_BYTES);
  }

  Duration retryTimeout() {
    return Duration.ofMillis(getLong(RETRY_TIMEOUT_MS));
  }

  Duration retryBackoff() {
    return Duration.ofMillis(getLong(RETRY_BACKOFF_MS));
  }
}
