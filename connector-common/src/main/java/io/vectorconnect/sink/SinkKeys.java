package io.vectorconnect.sink;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.data.LossyCast;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The keys that every sink has: how rows are keyed, batched and tried again. */
public final class SinkKeys {
  /** The group of the keys about rows; a sink's own keys about its target come first in it. */
  public static final String WRITE_GROUP = "Write";

  static final String INSERT_MODE = "insert.mode";
  static final String DELETE_ENABLED = "delete.enabled";

  /** Where the primary key comes from; also the place for what contradicts it. */
  public static final String PK_MODE = "pk.mode";

  /** The fields of the primary key. */
  public static final String PK_FIELDS = "pk.fields";

  static final String LOSSY_CASTS = "vector.lossy.casts";

  static final String BATCH_MAX_ROWS = "batch.max.rows";
  static final String BATCH_MAX_BYTES = "batch.max.bytes";
  static final String LINGER_MS = "batch.linger.ms";

  static final String RETRY_TIMEOUT_MS = "retry.timeout.ms";
  static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
  static final String RETRY_BACKOFF_MAX_MS = "retry.backoff.max.ms";

  private static final EnumValidator<InsertMode> INSERT_MODES = EnumValidator.of(InsertMode.class);
  private static final EnumValidator<PkMode> PK_MODES = EnumValidator.of(PkMode.class);
  private static final EnumValidator<LossyCast> CASTS = EnumValidator.of(LossyCast.class);

  private final AbstractConfig config;
  private final FieldMapping fields;

  /**
   * Adds the keys.
   *
   * @param first the place of the first of them in {@link #WRITE_GROUP}
   */
  public static ConfigDef define(ConfigDef def, int first) {
    return errors(batch(FieldMapping.define(rows(def, first))));
  }

  /**
   * The values in a configuration with these keys.
   *
   * @throws ConfigException when keys contradict each other
   */
  public SinkKeys(AbstractConfig config) {
    this.config = config;
    this.fields = new FieldMapping(config);
    contradiction(insertMode(), pkMode(), pkFields())
        .ifPresent(
            reason -> {
              throw new ConfigException(PK_MODE, config.getString(PK_MODE), reason);
            });
  }

  private static ConfigDef rows(ConfigDef def, int first) {
    return def.define(
            INSERT_MODE,
            Type.STRING,
            "upsert",
            INSERT_MODES,
            Importance.HIGH,
            "upsert replaces the row with the same key, so that records may arrive again; insert"
                + " appends every record.",
            WRITE_GROUP,
            first,
            Width.SHORT,
            "Insert mode",
            INSERT_MODES)
        .define(
            DELETE_ENABLED,
            Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether a record without value deletes the row of its key. Needs upsert and a key;"
                + " if false, such records are passed over.",
            WRITE_GROUP,
            first + 1,
            Width.SHORT,
            "Deletes")
        .define(
            PK_MODE,
            Type.STRING,
            "record_key",
            PK_MODES,
            Importance.HIGH,
            "Where the primary key comes from: the record's key, fields of its value, or none"
                + " (insert mode only).",
            WRITE_GROUP,
            first + 2,
            Width.SHORT,
            "Primary key mode",
            PK_MODES)
        .define(
            PK_FIELDS,
            Type.LIST,
            "",
            Importance.MEDIUM,
            "Fields of the primary key. Empty: all fields of the record's key. One name: the column"
                + " of a key that is not a struct.",
            WRITE_GROUP,
            first + 3,
            Width.MEDIUM,
            "Primary key fields")
        .define(
            LOSSY_CASTS,
            Type.LIST,
            "",
            CASTS,
            Importance.LOW,
            "Conversions that may round vector elements: float64_to_float32, float32_to_float16."
                + " Without them a record that would be changed is refused.",
            WRITE_GROUP,
            first + 4,
            Width.MEDIUM,
            "Lossy casts");
  }

  private static ConfigDef batch(ConfigDef def) {
    String group = "Batch";
    return def.define(
            BATCH_MAX_ROWS,
            Type.INT,
            20_000,
            Range.between(1, 10_000_000),
            Importance.MEDIUM,
            "Rows per write, at the most.",
            group,
            1,
            Width.SHORT,
            "Rows")
        .define(
            BATCH_MAX_BYTES,
            Type.LONG,
            16L << 20,
            Range.between(1, 1L << 30),
            Importance.MEDIUM,
            "Bytes of encoded rows per write, at the most. One batch is filled while another"
                + " is written: the heap holds both, with the records that they came from.",
            group,
            2,
            Width.SHORT,
            "Bytes")
        .define(
            LINGER_MS,
            Type.LONG,
            500L,
            Range.between(0, 600_000),
            Importance.MEDIUM,
            "How long a record may wait for its batch to fill, in milliseconds.",
            group,
            3,
            Width.SHORT,
            "Linger");
  }

  private static ConfigDef errors(ConfigDef def) {
    String group = "Errors";
    def.define(
            RETRY_TIMEOUT_MS,
            Type.LONG,
            300_000L,
            Range.atLeast(0),
            Importance.MEDIUM,
            "How long a batch is tried again after transient errors (lost connection, deadlock,"
                + " server restart) before the task fails, in milliseconds.",
            group,
            1,
            Width.SHORT,
            "Retry timeout")
        .define(
            RETRY_BACKOFF_MS,
            Type.LONG,
            200L,
            Range.between(1, 600_000),
            Importance.LOW,
            "The first pause before a batch is tried again; doubles each time, in milliseconds.",
            group,
            2,
            Width.SHORT,
            "Retry backoff")
        .define(
            RETRY_BACKOFF_MAX_MS,
            Type.LONG,
            10_000L,
            Range.between(1, 600_000),
            Importance.LOW,
            "The longest pause before a batch is tried again, in milliseconds.",
            group,
            3,
            Width.SHORT,
            "Longest retry backoff");
    return AllRefused.define(def, group, 4);
  }

  /** What is wrong about these keys taken together, told on {@link #PK_MODE}. */
  static Optional<String> contradiction(
      InsertMode insertMode, PkMode pkMode, List<String> pkFields) {
    if (pkMode == PkMode.NONE && insertMode == InsertMode.UPSERT) {
      return Optional.of("an upsert needs a key; use record_key or record_value");
    }
    if (pkMode == PkMode.RECORD_VALUE && pkFields.isEmpty()) {
      return Optional.of("record_value needs pk.fields");
    }
    return Optional.empty();
  }

  /** Which fields become columns. */
  public FieldMapping fields() {
    return fields;
  }

  /** What a row does to one with the same key. */
  public InsertMode insertMode() {
    return INSERT_MODES.parse(config.getString(INSERT_MODE));
  }

  /** Whether a record without value deletes. */
  public boolean deleteEnabled() {
    return config.getBoolean(DELETE_ENABLED);
  }

  /** Where the primary key comes from. */
  public PkMode pkMode() {
    return PK_MODES.parse(config.getString(PK_MODE));
  }

  /** The fields of the primary key; may be empty. */
  public List<String> pkFields() {
    return config.getList(PK_FIELDS);
  }

  /** The conversions that may round. */
  public Set<LossyCast> lossyCasts() {
    return CASTS.parseAll(config.getList(LOSSY_CASTS));
  }

  /** Batches and retries. */
  public WriteSettings writeSettings() {
    return new WriteSettings(
        config.getInt(BATCH_MAX_ROWS),
        config.getLong(BATCH_MAX_BYTES),
        Duration.ofMillis(config.getLong(LINGER_MS)),
        Duration.ofMillis(config.getLong(RETRY_BACKOFF_MS)),
        Duration.ofMillis(config.getLong(RETRY_BACKOFF_MAX_MS)),
        Duration.ofMillis(config.getLong(RETRY_TIMEOUT_MS)),
        AllRefused.of(config));
  }
}
