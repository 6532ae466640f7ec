package io.vectorconnect.files;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.data.SpecialFloats;
import io.vectorconnect.source.SourceKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys that every source of files has. */
public final class FileSourceKeys {
  /** The group of the keys about what is in a file; a source's own keys stand in it. */
  public static final String CONTENT_GROUP = "Content";

  /** The file or folder; also the place for what is wrong with a file as a whole. */
  public static final String PATH = "file.path";

  static final String TOPIC = "topic";
  static final String TOPIC_PREFIX = "topic.prefix";
  static final String VECTOR_FORMAT = "vector.format";
  static final String MODE = "mode";
  static final String POLL_INTERVAL_MS = "poll.interval.ms";
  static final String BATCH_MAX_ROWS = "batch.max.rows";
  static final String BATCH_MAX_BYTES = "batch.max.bytes";

  /** How vectors stand in records. */
  enum VectorFormat {
    PACKED,
    ARRAY
  }

  /** What to do after the first scan. */
  enum Mode {
    SNAPSHOT,
    FOLLOW
  }

  private static final EnumValidator<VectorFormat> FORMATS = EnumValidator.of(VectorFormat.class);
  private static final EnumValidator<Mode> MODES = EnumValidator.of(Mode.class);

  private final AbstractConfig config;

  /** The values in a configuration with these keys. */
  public FileSourceKeys(AbstractConfig config) {
    this.config = config;
  }

  /**
   * Adds the keys.
   *
   * @param files the names of files that are read in a folder, as {@code *.h5, *.hdf5}
   */
  public static ConfigDef define(ConfigDef def, String files) {
    return DuplicateIds.define(
        SpecialFloats.define(scan(files(def, files)), "Files", 5), "Files", 6);
  }

  private static ConfigDef files(ConfigDef def, String files) {
    String group = "Files";
    return def.define(
            PATH,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            PathValidator.required(),
            Importance.HIGH,
            "The file to read, or a folder of "
                + files
                + ". Every worker must see it under this path.",
            group,
            1,
            Width.LONG,
            "File or folder")
        .define(
            TOPIC,
            Type.STRING,
            "",
            Importance.HIGH,
            "The topic of all files. Empty: each file has its own, topic.prefix and the file's name"
                + " without its ending. Each byte of the name (in UTF-8) that a topic's name cannot"
                + " have becomes an underscore and its hexadecimal number. Files that would get the"
                + " same topic are refused.",
            group,
            2,
            Width.MEDIUM,
            "Topic")
        .define(
            TOPIC_PREFIX,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "What goes before a file's name to make its topic's, where topic is empty.",
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
            "packed: vectors as BYTES, little-endian, exact and fast. array: float32 vectors as ARRAY"
                + " of FLOAT32, for sinks of others.",
            group,
            4,
            Width.SHORT,
            "Vector format",
            FORMATS);
  }

  private static ConfigDef scan(ConfigDef def) {
    String group = "Scan";
    def.define(
            MODE,
            Type.STRING,
            "snapshot",
            MODES,
            Importance.HIGH,
            "snapshot: read the files that are there once. follow: then look for new files, and for"
                + " new rows at the end of files.",
            group,
            1,
            Width.MEDIUM,
            "Mode",
            MODES)
        .define(
            POLL_INTERVAL_MS,
            Type.LONG,
            5_000L,
            Range.between(10, 86_400_000),
            Importance.MEDIUM,
            "Pause between two looks for files and rows, in milliseconds. With mode=follow a file is"
                + " read when it has not been changed for so long.",
            group,
            2,
            Width.SHORT,
            "Poll interval")
        .define(
            BATCH_MAX_ROWS,
            Type.INT,
            5_000,
            Range.between(1, 1_000_000),
            Importance.MEDIUM,
            "Rows per read, at the most.",
            group,
            3,
            Width.SHORT,
            "Rows per read")
        .define(
            BATCH_MAX_BYTES,
            Type.INT,
            4 << 20,
            Range.between(1024, 512 << 20),
            Importance.MEDIUM,
            "Bytes per read, about. A task's heap holds one read and its records.",
            group,
            4,
            Width.SHORT,
            "Bytes per read");
    return SourceKeys.defineRetries(
        def,
        group,
        5,
        "How long a file or folder that is not there, or cannot be read, is looked for again before"
            + " the task fails, in milliseconds: it may be on a mount that comes later.",
        "Pause before it is looked for again, in milliseconds; doubled with each failure in a row,"
            + " up to 30 seconds.");
  }

  /** The file or folder. */
  public Path path() {
    return Path.of(config.getString(PATH)).toAbsolutePath().normalize();
  }

  /** The topic of a file. */
  public String topic(Path file) {
    return topics().of(file);
  }

  /** The topics of all files. */
  FileTopics topics() {
    return new FileTopics(config.getString(TOPIC), config.getString(TOPIC_PREFIX));
  }

  /** What to do with keys that occur more than once in a file. */
  DuplicateIds duplicateIds() {
    return DuplicateIds.VALUES.parse(config.getString(DuplicateIds.KEY));
  }

  /** What to do with NaN, infinity and negative zero in fields. */
  SpecialFloats specialFloats() {
    return SpecialFloats.of(config);
  }

  /** Whether rows of several files meet in one topic, where their numbers name no row. */
  public boolean isTopicShared() {
    return !config.getString(TOPIC).isEmpty() && Files.isDirectory(path());
  }

  /** Whether float vectors go as arrays. */
  public boolean arrays() {
    return FORMATS.parse(config.getString(VECTOR_FORMAT)) == VectorFormat.ARRAY;
  }

  /** Whether new files and rows are looked for. */
  public boolean follow() {
    return MODES.parse(config.getString(MODE)) == Mode.FOLLOW;
  }

  /** The pause between two looks. */
  public Duration pollInterval() {
    return Duration.ofMillis(config.getLong(POLL_INTERVAL_MS));
  }

  /** How long to try again, in the words of all sources. */
  SourceKeys retries() {
    return new SourceKeys(config, "file");
  }

  /** How many rows of this many bytes are read at once. */
  public int rowsPerRead(long rowBytes) {
    long fitting = config.getInt(BATCH_MAX_BYTES) / Math.max(1, rowBytes);
    return (int) Math.max(1, Math.min(fitting, config.getInt(BATCH_MAX_ROWS)));
  }
}
