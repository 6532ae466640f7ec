package io.vectorconnect.milvus.sink.config;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig.ExistingCollection;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig.IndexBuild;
import io.vectorconnect.sink.InsertMode;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Whether collections are rebuilt behind an alias, and when the alias is switched to them. */
public final class AliasKeys {
  /** What becomes of the collection that the alias had before. */
  public enum Old {
    /** It stays, for a way back. */
    KEEP,
    /** It is dropped, some time after the switch. */
    DROP
  }

  public static final String SWITCH = "alias.switch";
  private static final String IDLE_MS = "alias.idle.ms";
  private static final String MIN_ROWS_PERCENT = "alias.min.rows.percent";
  private static final String OLD = "alias.old";

  private static final EnumValidator<Old> OLDS = EnumValidator.of(Old.class);

  private final AbstractConfig config;

  AliasKeys(AbstractConfig config) {
    this.config = config;
  }

  static ConfigDef define(ConfigDef def) {
    String group = "Alias";
    return def.define(
            SWITCH,
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether the name of collection.name.format is an alias: rows go into a new collection"
                + " <alias>_<UTC time>, to which the alias is switched when the first scan is"
                + " written and checked. One rebuild for each connector's name: another name"
                + " starts another one.",
            group,
            1,
            Width.SHORT,
            "Switch an alias")
        .define(
            IDLE_MS,
            Type.LONG,
            60_000L,
            Range.between(1_000, 86_400_000),
            Importance.MEDIUM,
            "How long no record of a first scan has been written, by any task, before it counts as"
                + " done, in milliseconds. To be longer than any pause in the scan and than a"
                + " rebalance (session.timeout.ms is 45000). Also the least time from the switch"
                + " until the old collection is dropped.",
            group,
            2,
            Width.SHORT,
            "Idle time")
        .define(
            MIN_ROWS_PERCENT,
            Type.INT,
            90,
            Range.between(0, 100),
            Importance.MEDIUM,
            "The alias is switched only to a collection with at least so many percent of the rows"
                + " of the one that it has; 0 does not compare.",
            group,
            3,
            Width.SHORT,
            "Least rows")
        .define(
            OLD,
            Type.STRING,
            "keep",
            OLDS,
            Importance.MEDIUM,
            "What becomes of the collection that the alias had before: keep it, for a way back, or"
                + " drop it.",
            group,
            4,
            Width.SHORT,
            "Old collection",
            OLDS);
  }

  /** What is wrong about these keys taken together with the others. */
  static Optional<Problem> contradiction(MilvusSinkConfig config) {
    if (!config.alias().isSwitched()) {
      return Optional.empty();
    }
    String reason = null;
    if (!config.autoCreate()) {
      reason = "it creates collections; set auto.create=true";
    } else if (config.existingCollection() != ExistingCollection.APPEND) {
      reason = "it writes into a collection of its own; leave out existing.collection";
    } else if (config.indexBuild() != IndexBuild.IMMEDIATE) {
      reason = "readers need a loaded collection; set index.build=immediate";
    } else if (config.rows().insertMode() != InsertMode.UPSERT) {
      reason = "a row that arrives again must not be a second one; set insert.mode=upsert";
    } else if (config.rows().writeSettings().linger().compareTo(config.alias().idle()) >= 0) {
      reason = "records wait longer than the idle time; set batch.linger.ms below alias.idle.ms";
    }
    return Optional.ofNullable(reason)
        .map(why -> new Problem(SWITCH, "%s=true: %s".formatted(SWITCH, why)));
  }

  public boolean isSwitched() {
    return config.getBoolean(SWITCH);
  }

  public Duration idle() {
    return Duration.ofMillis(config.getLong(IDLE_MS));
  }

  public int minRowsPercent() {
    return config.getInt(MIN_ROWS_PERCENT);
  }

  public Old old() {
    return OLDS.parse(config.getString(OLD));
  }
}
