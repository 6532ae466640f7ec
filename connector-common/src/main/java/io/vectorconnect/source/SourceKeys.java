package io.vectorconnect.source;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.data.SpecialFloats;
import io.vectorconnect.source.range.RangePlan;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The keys that all sources share, in the same words. */
public final class SourceKeys {

  /** How vectors stand in records. */
  public enum VectorFormat {
    /** Bytes, little-endian. */
    PACKED,
    /** Arrays of FLOAT32. */
    ARRAY
  }

  /** What to do after the first scan. */
  public enum Mode {
    /** Nothing. */
    SNAPSHOT,
    /** Look for changes. */
    SNAPSHOT_THEN_POLL
  }

  /** Names to read; goes behind what the store calls them. */
  public static final String INCLUDE = ".include.list";

  /** Names to leave out; goes behind what the store calls them. */
  public static final String EXCLUDE = ".exclude.list";

  /** What goes before a name to make its topic's. */
  public static final String TOPIC_PREFIX = "topic.prefix";

  /** Packed or arrays. */
  public static final String VECTOR_FORMAT = "vector.format";

  /** With or without a look for changes. */
  public static final String MODE = "mode";

  /** How changes are found after the first scan. */
  public static final String POLL_STRATEGY = "poll.strategy";

  /** Pause between two looks. */
  public static final String POLL_INTERVAL_MS = "poll.interval.ms";

  /** Ranges of the first scan. */
  public static final String SCAN_RANGES = "scan.ranges";

  /** Rows per request. */
  public static final String BATCH_MAX_ROWS = "batch.max.rows";

  /** Bytes per request. */
  public static final String BATCH_MAX_BYTES = "batch.max.bytes";

  /** How long to try again. */
  public static final String RETRY_TIMEOUT_MS = "retry.timeout.ms";

  /** Pause before trying again. */
  public static final String RETRY_BACKOFF_MS = "retry.backoff.ms";

  /** Of a list of regular expressions. */
  public static final ConfigDef.Validator PATTERNS =
      ConfigDef.LambdaValidator.with(SourceKeys::requirePatterns, () -> "regular expressions");

  private static final EnumValidator<VectorFormat> FORMATS = EnumValidator.of(VectorFormat.class);
  private static final EnumValidator<Mode> MODES = EnumValidator.of(Mode.class);

  private final AbstractConfig config;
  private final String noun;

  /** What a configuration with these keys says. */
  public SourceKeys(AbstractConfig config, String noun) {
    this.config = config;
    this.noun = noun;
  }

  /** Adds the keys that say what is read, and into which topics. */
  public static ConfigDef defineNames(ConfigDef def, String noun) {
    String plural = noun + "s";
    String group = Character.toUpperCase(noun.charAt(0)) + noun.substring(1) + "s";
    def.define(
            noun + INCLUDE,
            Type.LIST,
            ".*",
            PATTERNS,
            Importance.HIGH,
            group
                + " to read: names or regular expressions that match whole names. A plain name"
                + " must exist. The list is matched when the connector starts.",
            group,
            1,
            Width.LONG,
            "Included " + plural)
        .define(
            noun + EXCLUDE,
            Type.LIST,
            "",
            PATTERNS,
            Importance.MEDIUM,
            group + " to leave out, in the same form.",
            group,
            2,
            Width.LONG,
            "Excluded " + plural)
        .define(
            TOPIC_PREFIX,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "What goes before a " + noun + "'s name to make its topic's.",
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
    return SpecialFloats.define(def, group, 5);
  }

  /**
   * Adds the keys that say how it is read.
   *
   * @param noun what is read: a collection or a table
   * @param strategies the store's strategies
   * @param strategy the default one
   * @param strategyDoc what each of them does
   * @param rows rows per request, by default
   * @param maxRows rows per request, at the most
   */
  public static ConfigDef defineScan(
      ConfigDef def,
      String noun,
      EnumValidator<?> strategies,
      String strategy,
      String strategyDoc,
      int rows,
      int maxRows) {
    String group = "Scan";
    def.define(
            MODE,
            Type.STRING,
            "snapshot_then_poll",
            MODES,
            Importance.HIGH,
            "snapshot: read every " + noun + " once. snapshot_then_poll: then look for changes.",
            group,
            1,
            Width.MEDIUM,
            "Mode",
            MODES)
        .define(
            POLL_STRATEGY,
            Type.STRING,
            strategy,
            strategies,
            Importance.MEDIUM,
            strategyDoc,
            group,
            2,
            Width.MEDIUM,
            "Poll strategy",
            strategies)
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
            "Ranges of keys into which a "
                + noun
                + " is divided for its first scan, beside the last"
                + " one for new keys; tasks share them. 0: by its number of rows. Decided once, kept"
                + " in the offsets.",
            group,
            4,
            Width.SHORT,
            "Ranges")
        .define(
            BATCH_MAX_ROWS,
            Type.INT,
            rows,
            Range.between(1, maxRows),
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
            "Bytes per request");
    return defineRetries(
        def,
        group,
        7,
        "How long an unreachable or busy server is tried again before the task fails, in"
            + " milliseconds.",
        "Pause before the server is tried again, in milliseconds; doubled with each failure in a"
            + " row, up to 30 seconds.");
  }

  /**
   * Adds the keys that say how long a store is tried again.
   *
   * @param order of the first of them
   */
  public static ConfigDef defineRetries(
      ConfigDef def, String group, int order, String timeout, String backoff) {
    return def.define(
            RETRY_TIMEOUT_MS,
            Type.LONG,
            300_000L,
            Range.atLeast(0),
            Importance.LOW,
            timeout,
            group,
            order,
            Width.SHORT,
            "Retry timeout")
        .define(
            RETRY_BACKOFF_MS,
            Type.LONG,
            500L,
            Range.between(1, 600_000),
            Importance.LOW,
            backoff,
            group,
            order + 1,
            Width.SHORT,
            "Retry backoff");
  }

  private static void requirePatterns(String key, Object value) {
    for (Object pattern : (List<?>) value) {
      try {
        Pattern.compile(pattern.toString());
      } catch (PatternSyntaxException e) {
        throw new ConfigException(
            key, pattern, "is not a regular expression: " + e.getDescription());
      }
    }
  }

  /** The include and exclude lists. */
  public NameFilter names() {
    return new NameFilter(config.getList(noun + INCLUDE), config.getList(noun + EXCLUDE));
  }

  /** The topic of a collection or table. */
  public String topic(String name) {
    return config.getString(TOPIC_PREFIX) + name;
  }

  /** How vectors stand in records. */
  public VectorFormat vectorFormat() {
    return FORMATS.parse(config.getString(VECTOR_FORMAT));
  }

  /** What to do with NaN, infinity and negative zero in fields. */
  public SpecialFloats specialFloats() {
    return SpecialFloats.of(config);
  }

  /** What to do after the first scan. */
  public Mode mode() {
    return MODES.parse(config.getString(MODE));
  }

  /** Pause between two looks. */
  public Duration pollInterval() {
    return Duration.ofMillis(config.getLong(POLL_INTERVAL_MS));
  }

  /** Ranges of the first scan; 0 by the number of rows. */
  public int scanRanges() {
    return config.getInt(SCAN_RANGES);
  }

  /** A page size that has learned nothing yet. */
  public PageSize pageSize() {
    return new PageSize(config.getInt(BATCH_MAX_ROWS), config.getInt(BATCH_MAX_BYTES));
  }

  /** How long to try again. */
  public Duration retryTimeout() {
    return Duration.ofMillis(config.getLong(RETRY_TIMEOUT_MS));
  }

  /** Pause before trying again. */
  public Duration retryBackoff() {
    return Duration.ofMillis(config.getLong(RETRY_BACKOFF_MS));
  }
}
