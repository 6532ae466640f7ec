package io.vectorconnect.sink;

import io.vectorconnect.config.EnumValidator;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** What a task does when the target refuses every one of the first records of a topic. */
public enum AllRefused {
  /** The task fails. */
  FAIL,
  /** The task reports all of them, and goes on. */
  CONTINUE;

  static final String KEY = "all.refused";

  private static final EnumValidator<AllRefused> VALUES = EnumValidator.of(AllRefused.class);

  /** Adds the key. */
  public static ConfigDef define(ConfigDef def, String group, int order) {
    return def.define(
        KEY,
        Type.STRING,
        "fail",
        VALUES,
        Importance.MEDIUM,
        "What to do when a task can write none of the first %d records that it reads of a topic after"
                .formatted(FirstRecords.ENOUGH)
            + " it has started: the target does not fit the topic, and the dead-letter queue would"
            + " get every record. fail: stop with an error, before these records are reported."
            + " continue: report them, and go on.",
        group,
        order,
        Width.SHORT,
        "All records refused",
        VALUES);
  }

  /** The value in a configuration with this key. */
  public static AllRefused of(AbstractConfig config) {
    return VALUES.parse(config.getString(KEY));
  }
}
