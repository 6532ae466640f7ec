package io.vectorconnect.hdf5.sink;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.files.PathValidator;
import io.vectorconnect.sink.AllRefused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of the sink. */
final class Hdf5SinkConfig extends CheckedConfig {
  /** What becomes of records that delete. */
  enum Deletes {
    REFUSE,
    SKIP
  }

  static final String FOLDER = "file.path";
  static final String EMBEDDINGS = "dataset.embeddings";
  static final String IDS = "dataset.ids";
  static final String DELETES = "deletes";
  static final String ROLL_MAX_ROWS = "roll.max.rows";
  static final String ROLL_MAX_BYTES = "roll.max.bytes";
  static final String ROLL_INTERVAL_MS = "roll.interval.ms";

  static final String UNVERIFIED = "files.unverified";

  /** What to do where nothing proves that the files are of the topic. */
  enum Unverified {
    FAIL,
    CONTINUE
  }

  private static final EnumValidator<Unverified> UNVERIFIED_MODES =
      EnumValidator.of(Unverified.class);
  private static final EnumValidator<Deletes> DELETE_MODES = EnumValidator.of(Deletes.class);

  static final ConfigDef DEF = AllRefused.define(roll(files(new ConfigDef())), "Errors", 1);

  private static ConfigDef files(ConfigDef def) {
    String group = "Files";
    return def.define(
            FOLDER,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            PathValidator.required(),
            Importance.HIGH,
            "The folder to write to; it must be there, and be the same on every worker.",
            group,
            1,
            Width.LONG,
            "Folder")
        .define(
            EMBEDDINGS,
            Type.STRING,
            "embeddings",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "The dataset of a record's first vector. Other fields have datasets of their names.",
            group,
            2,
            Width.MEDIUM,
            "Vectors")
        .define(
            IDS,
            Type.STRING,
            "ids",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "The dataset of the records' keys.",
            group,
            3,
            Width.MEDIUM,
            "Primary keys")
        .define(
            DELETES,
            Type.STRING,
            "refuse",
            DELETE_MODES,
            Importance.MEDIUM,
            "What becomes of records that delete, for files are only ever added: refuse makes them"
                + " errant records, skip passes them over.",
            group,
            4,
            Width.SHORT,
            "Deletes",
            DELETE_MODES)
        .define(
            UNVERIFIED,
            Type.STRING,
            "fail",
            UNVERIFIED_MODES,
            Importance.LOW,
            "A task continues behind the last file of a partition after it has compared the last"
                + " record of that file with the topic's. What to do when it cannot, because the topic"
                + " no longer has that record or an earlier release wrote the file. fail: stop with"
                + " an error. continue: go on behind the file. A record that differs is always an"
                + " error.",
            group,
            5,
            Width.SHORT,
            "Unverified files",
            UNVERIFIED_MODES);
  }

  private static ConfigDef roll(ConfigDef def) {
    String group = "Roll";
    return def.define(
            ROLL_MAX_ROWS,
            Type.INT,
            100_000,
            Range.between(1, 10_000_000),
            Importance.MEDIUM,
            "Rows of a file, at the most.",
            group,
            1,
            Width.SHORT,
            "Rows")
        .define(
            ROLL_MAX_BYTES,
            Type.LONG,
            64L << 20,
            Range.between(1024, 1L << 30),
            Importance.MEDIUM,
            "Bytes of a file, about. A task's heap holds so much for each of its partitions.",
            group,
            2,
            Width.SHORT,
            "Bytes")
        .define(
            ROLL_INTERVAL_MS,
            Type.LONG,
            60_000L,
            Range.between(1, 86_400_000),
            Importance.MEDIUM,
            "How long a row waits for its file to fill, in milliseconds.",
            group,
            3,
            Width.SHORT,
            "Interval");
  }

  Hdf5SinkConfig(Map<String, String> properties) {
    super(DEF, properties);
  }

  Path folder() {
    return Path.of(getString(FOLDER)).toAbsolutePath().normalize();
  }

  String embeddings() {
    return getString(EMBEDDINGS);
  }

  String ids() {
    return getString(IDS);
  }

  Deletes deletes() {
    return DELETE_MODES.parse(getString(DELETES));
  }

  AllRefused allRefused() {
    return AllRefused.of(this);
  }

  Unverified unverified() {
    return UNVERIFIED_MODES.parse(getString(UNVERIFIED));
  }

  int maxRows() {
    return getInt(ROLL_MAX_ROWS);
  }

  long maxBytes() {
    return getLong(ROLL_MAX_BYTES);
  }

  Duration interval() {
    return Duration.ofMillis(getLong(ROLL_INTERVAL_MS));
  }
}
