package io.vectorconnect.milvus.source.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The source's keys about the field that tells when a row was written. */
public final class TimestampKeys {
  public static final String FIELD = "timestamp.field";
  public static final String OVERLAP = "timestamp.overlap";
  static final String OVERLAP_ROWS = "timestamp.overlap.max.rows";

  /** No number that an overlap can be. */
  private static final long NOT_SET = -1;

  private TimestampKeys() {}

  /** Adds them. */
  static ConfigDef define(ConfigDef def) {
    String group = "Timestamp field";
    return def.define(
            FIELD,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Field that the writers set to the time of the writing, at every insert and upsert: an"
                + " Int64 that is not nullable, in any unit, for only the order counts. Required by"
                + " poll.strategy=timestamp_field.",
            group,
            1,
            Width.MEDIUM,
            "Timestamp field")
        .define(
            OVERLAP,
            Type.LONG,
            NOT_SET,
            Range.atLeast(NOT_SET),
            Importance.MEDIUM,
            "How far a row's timestamp may lie behind the greatest one of the collection when the"
                + " row is written, in the unit of timestamp.field: what the writers' clocks differ"
                + " by, and what passes between taking the time and the end of the request. Rows"
                + " that are later are not seen. 0 only with one writer that waits for each answer."
                + " Required by poll.strategy=timestamp_field; -1: not set.",
            group,
            2,
            Width.SHORT,
            "Overlap")
        .define(
            OVERLAP_ROWS,
            Type.INT,
            100_000,
            Range.atLeast(0),
            Importance.LOW,
            "Rows within the overlap are read with every look. So many of each range are remembered"
                + " by key and hash, so that they are published again only when they have changed;"
                + " those beyond come with every look. About 150 bytes of heap a row.",
            group,
            3,
            Width.SHORT,
            "Remembered rows of the overlap");
  }
}
