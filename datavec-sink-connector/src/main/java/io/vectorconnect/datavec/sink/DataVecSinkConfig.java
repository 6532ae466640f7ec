package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.sink.WriteSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Every key of the sink. */
final class DataVecSinkConfig extends AbstractConfig {

  /** Which database it is; decides the driver and the SQL. */
  enum DialectName {
    AUTO,
    POSTGRESQL,
    OPENGAUSS
  }

  /** What an arriving row does to a row with the same key. */
  enum InsertMode {
    UPSERT,
    INSERT
  }

  /** Where the primary key comes from. */
  enum PkMode {
    RECORD_KEY,
    RECORD_VALUE,
    NONE
  }

  /** What a crash may do to the rows. */
  enum Delivery {
    AT_LEAST_ONCE,
    EXACTLY_ONCE
  }

  static final String HOST = "connection.host";
  static final String PORT = "connection.port";
  static final String DATABASE = "connection.database";
  static final String USER = "connection.user";
  static final String PASSWORD = "connection.password";
  static final String SSL_MODE = "connection.sslmode";
  static final String SSL_ROOT_CERT = "connection.sslrootcert";
  static final String CONNECT_TIMEOUT_MS = "connection.timeout.ms";
  static final String DIALECT = "dialect";

  static final String TABLE_NAME_FORMAT = "table.name.format";
  static final String AUTO_CREATE = "auto.create";
  static final String AUTO_EVOLVE = "auto.evolve";
  static final String DELIVERY = "delivery.guarantee";
  static final String INSERT_MODE = "insert.mode";
  static final String DELETE_ENABLED = "delete.enabled";
  static final String PK_MODE = "pk.mode";
  static final String PK_FIELDS = "pk.fields";
  static final String LOSSY_CASTS = "vector.lossy.casts";

  static final String BATCH_MAX_ROWS = "batch.max.rows";
  static final String BATCH_MAX_BYTES = "batch.max.bytes";
  static final String LINGER_MS = "batch.linger.ms";

  static final String RETRY_TIMEOUT_MS = "retry.timeout.ms";
  static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
  static final String RETRY_BACKOFF_MAX_MS = "retry.backoff.max.ms";

  private static final EnumValidator<DialectName> DIALECTS = EnumValidator.of(DialectName.class);
  private static final EnumValidator<InsertMode> INSERT_MODES = EnumValidator.of(InsertMode.class);
  private static final EnumValidator<PkMode> PK_MODES = EnumValidator.of(PkMode.class);
  private static final EnumValidator<Delivery> DELIVERIES = EnumValidator.of(Delivery.class);
  private static final EnumValidator<LossyCast> CASTS = EnumValidator.of(LossyCast.class);
  private static final List<String> SSL_MODES =
      List.of("disable", "prefer", "require", "verify-ca", "verify-full");

  static final ConfigDef DEF =
      errors(batch(FieldConfig.define(write(connection(new ConfigDef())))));

  private final FieldConfig fields;

  private static ConfigDef connection(ConfigDef def) {
    String group = "Connection";
    return def.define(
            HOST,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Host name or address of the database server.",
            group,
            1,
            Width.LONG,
            "Host")
        .define(
            PORT,
            Type.INT,
            5432,
            Range.between(1, 65_535),
            Importance.HIGH,
            "Port of the database server.",
            group,
            2,
            Width.SHORT,
            "Port")
        .define(
            DATABASE,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Database to write to. It must have the vector types: CREATE EXTENSION vector on"
                + " PostgreSQL, built in on openGauss from 6.0.3.",
            group,
            3,
            Width.MEDIUM,
            "Database")
        .define(
            USER,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "User to connect as.",
            group,
            4,
            Width.MEDIUM,
            "User")
        .define(
            PASSWORD,
            Type.PASSWORD,
            "",
            Importance.HIGH,
            "Password of the user.",
            group,
            5,
            Width.MEDIUM,
            "Password")
        .define(
            SSL_MODE,
            Type.STRING,
            "prefer",
            ConfigDef.ValidString.in(SSL_MODES.toArray(String[]::new)),
            Importance.MEDIUM,
            "How the connection is encrypted, as libpq's sslmode; verify-full also checks the"
                + " server's certificate and name.",
            group,
            6,
            Width.SHORT,
            "SSL mode")
        .define(
            SSL_ROOT_CERT,
            Type.STRING,
            "",
            Importance.LOW,
            "File with the certificates of the authorities that sslmode verify-ca and verify-full"
                + " trust.",
            group,
            7,
            Width.LONG,
            "SSL root certificate")
        .define(
            CONNECT_TIMEOUT_MS,
            Type.INT,
            10_000,
            Range.between(1_000, 600_000),
            Importance.LOW,
            "How long to wait for a connection, in milliseconds.",
            group,
            8,
            Width.SHORT,
            "Connect timeout")
        .define(
            DIALECT,
            Type.STRING,
            "auto",
            DIALECTS,
            Importance.MEDIUM,
            "The database's dialect. auto asks the server by version() through the PostgreSQL"
                + " driver, and goes on with the openGauss driver where the server's login needs it.",
            group,
            9,
            Width.SHORT,
            "Dialect",
            DIALECTS);
  }

  private static ConfigDef write(ConfigDef def) {
    String group = "Write";
    return def.define(
            TABLE_NAME_FORMAT,
            Type.STRING,
            "${topic}",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Table to write to; ${topic} stands for the topic's name. A dot before ${topic}"
                + " separates a schema, as in archive.${topic}; dots in the topic's name belong to"
                + " the table's name.",
            group,
            1,
            Width.LONG,
            "Table name")
        .define(
            AUTO_CREATE,
            Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether to create a missing table from the schema of its first record.",
            group,
            2,
            Width.SHORT,
            "Create tables")
        .define(
            AUTO_EVOLVE,
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether to add a column for a field that has none, and to widen a column whose field has"
                + " become wider: smallint to integer to bigint, real to double precision. Widening"
                + " rewrites the table.",
            group,
            2,
            Width.SHORT,
            "Evolve tables")
        .define(
            INSERT_MODE,
            Type.STRING,
            "upsert",
            INSERT_MODES,
            Importance.HIGH,
            "upsert replaces the row with the same key, so that records may arrive again; insert"
                + " appends every record, by plain COPY into the table.",
            group,
            3,
            Width.SHORT,
            "Insert mode",
            INSERT_MODES)
        .define(
            DELIVERY,
            Type.STRING,
            "at_least_once",
            DELIVERIES,
            Importance.MEDIUM,
            "at_least_once: after a crash some records may be written again, which an upsert does"
                + " not show. exactly_once: the offsets are kept in the target, in the table "
                + Positions.TABLE
                + ", in the transactions of the rows, and go before the consumer group's.",
            group,
            4,
            Width.SHORT,
            "Delivery guarantee",
            DELIVERIES)
        .define(
            DELETE_ENABLED,
            Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether a record without value deletes the row of its key. Needs upsert and a key;"
                + " if false, such records are passed over.",
            group,
            4,
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
            group,
            5,
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
            group,
            6,
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
            group,
            7,
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
            "Rows per transaction, at the most.",
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
            "Bytes of encoded rows per transaction, at the most. One batch is filled while another"
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
    return def.define(
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
  }

  /**
   * Parses and cross-checks a task's configuration.
   *
   * @throws ConfigException when keys contradict each other
   */
  DataVecSinkConfig(Map<String, String> properties) {
    super(DEF, properties, false);
    fields = new FieldConfig(this);
    contradiction(insertMode(), pkMode(), pkFields())
        .ifPresent(
            reason -> {
              throw new ConfigException(PK_MODE, getString(PK_MODE), reason);
            });
  }

  /** What is wrong about these keys taken together, told on {@link #PK_MODE}. */
  static java.util.Optional<String> contradiction(
      InsertMode insertMode, PkMode pkMode, List<String> pkFields) {
    if (pkMode == PkMode.NONE && insertMode == InsertMode.UPSERT) {
      return java.util.Optional.of("an upsert needs a key; use record_key or record_value");
    }
    if (pkMode == PkMode.RECORD_VALUE && pkFields.isEmpty()) {
      return java.util.Optional.of("record_value needs pk.fields");
    }
    return java.util.Optional.empty();
  }

  String host() {
    return getString(HOST);
  }

  int port() {
    return getInt(PORT);
  }

  String database() {
    return getString(DATABASE);
  }

  String user() {
    return getString(USER);
  }

  String password() {
    return getPassword(PASSWORD).value();
  }

  String sslMode() {
    return getString(SSL_MODE);
  }

  String sslRootCert() {
    return getString(SSL_ROOT_CERT);
  }

  Duration connectTimeout() {
    return Duration.ofMillis(getInt(CONNECT_TIMEOUT_MS));
  }

  DialectName dialect() {
    return DIALECTS.parse(getString(DIALECT));
  }

  TableId table(String topic) {
    return TableId.of(getString(TABLE_NAME_FORMAT), topic);
  }

  FieldConfig fields() {
    return fields;
  }

  boolean autoEvolve() {
    return getBoolean(AUTO_EVOLVE);
  }

  boolean exactlyOnce() {
    return DELIVERIES.parse(getString(DELIVERY)) == Delivery.EXACTLY_ONCE;
  }

  /** A table of the sink's own, in the schema of the data. */
  TableId besideTheData(String name) {
    return new TableId(table("topic").schema(), name);
  }

  /** The connector's name. */
  String connector() {
    return originalsStrings().getOrDefault("name", "sink");
  }

  boolean autoCreate() {
    return getBoolean(AUTO_CREATE);
  }

  InsertMode insertMode() {
    return INSERT_MODES.parse(getString(INSERT_MODE));
  }

  boolean deleteEnabled() {
    return getBoolean(DELETE_ENABLED);
  }

  PkMode pkMode() {
    return PK_MODES.parse(getString(PK_MODE));
  }

  List<String> pkFields() {
    return getList(PK_FIELDS);
  }

  Set<LossyCast> lossyCasts() {
    Set<LossyCast> casts = EnumSet.noneOf(LossyCast.class);
    getList(LOSSY_CASTS).forEach(name -> casts.add(CASTS.parse(name)));
    return casts;
  }

  WriteSettings writeSettings() {
    return new WriteSettings(
        getInt(BATCH_MAX_ROWS),
        getLong(BATCH_MAX_BYTES),
        Duration.ofMillis(getLong(LINGER_MS)),
        Duration.ofMillis(getLong(RETRY_BACKOFF_MS)),
        Duration.ofMillis(getLong(RETRY_BACKOFF_MAX_MS)),
        Duration.ofMillis(getLong(RETRY_TIMEOUT_MS)));
  }

  /** The application's name in the server's session list. */
  String applicationName() {
    return "vector-connect " + connector().toLowerCase(Locale.ROOT);
  }
}
