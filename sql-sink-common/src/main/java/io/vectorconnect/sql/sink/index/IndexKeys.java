package io.vectorconnect.sql.sink.index;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.PairsValidator;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Whether, when and how vector columns are indexed; which kinds there are, a database knows. */
public final class IndexKeys {
  /** When indexes are built. */
  public enum Build {
    /** Never. */
    NONE,
    /** With their tables. */
    IMMEDIATE,
    /** When the first scan is done. */
    AFTER_SNAPSHOT
  }

  /** The group of these keys; a database's own keys about indexes come last in it. */
  public static final String GROUP = "Index";

  /** How many keys are here. */
  public static final int KEYS = 5;

  /** When indexes are built. */
  public static final String BUILD = "index.build";

  /** The kind of an index. */
  public static final String TYPE = "index.type";

  /** The distance that it serves. */
  public static final String METRIC = "index.metric";

  private static final String PARAMETERS = "index.params";
  private static final String IDLE_MS = "index.idle.ms";
  private static final EnumValidator<Build> BUILDS = EnumValidator.of(Build.class);

  private final AbstractConfig config;

  public IndexKeys(AbstractConfig config) {
    this.config = config;
  }

  /**
   * Adds the keys.
   *
   * @param types the kinds of indexes, the first of which is the default
   * @param metrics the distances; {@code auto} is the default
   * @param metricDocs what the distances mean
   * @param parameterDocs which parameters there are
   */
  public static <T extends Enum<T>, M extends Enum<M>> ConfigDef define(
      ConfigDef def,
      EnumValidator<T> types,
      EnumValidator<M> metrics,
      String metricDocs,
      String parameterDocs) {
    return def.define(
            BUILD,
            Type.STRING,
            "none",
            BUILDS,
            Importance.MEDIUM,
            "When vector columns are indexed: after_snapshot, when no record of a first scan has come"
                + " for index.idle.ms, to any task; immediate, with the table; or none.",
            GROUP,
            1,
            Width.SHORT,
            "Build indexes",
            BUILDS)
        .define(
            TYPE,
            Type.STRING,
            "hnsw",
            types,
            Importance.MEDIUM,
            "Kind of index.",
            GROUP,
            2,
            Width.SHORT,
            "Index type",
            types)
        .define(
            METRIC,
            Type.STRING,
            "auto",
            metrics,
            Importance.MEDIUM,
            metricDocs,
            GROUP,
            3,
            Width.SHORT,
            "Metric",
            metrics)
        .define(
            PARAMETERS,
            Type.LIST,
            "",
            PairsValidator.of("name=value", "[A-Za-z_][A-Za-z0-9_]*", '=', "[A-Za-z0-9_]+"),
            Importance.LOW,
            parameterDocs,
            GROUP,
            4,
            Width.LONG,
            "Index parameters")
        .define(
            IDLE_MS,
            Type.LONG,
            30_000L,
            Range.between(1_000, 86_400_000),
            Importance.LOW,
            "How long no record of a first scan has come, to any task, before it counts as done, in"
                + " milliseconds. Too short a time costs speed, not rows.",
            GROUP,
            5,
            Width.SHORT,
            "Idle time");
  }

  /** When indexes are built. */
  public Build build() {
    return BUILDS.parse(config.getString(BUILD));
  }

  /** Parameters of the indexes. */
  public Map<String, String> parameters() {
    return PairsValidator.parse(config.getList(PARAMETERS), '=');
  }

  Duration idle() {
    return Duration.ofMillis(config.getLong(IDLE_MS));
  }
}
