package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.sink.SinkKeys;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of the sink. */
final class DataVecSinkConfig extends AbstractConfig {

  /** Which database it is; decides the driver and the SQL. */
  enum DialectName {
    AUTO,
    POSTGRESQL,
    OPENGAUSS
  }

  /** What becomes of a table that is there before the connector. */
  enum ExistingTable {
    APPEND,
    SKIP,
    OVERWRITE,
    FAIL
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
  static final String EXISTING_TABLE = "existing.table";
  static final String TRUNCATE = "truncate.before.load";
  static final String DELIVERY = "delivery.guarantee";

  private static final EnumValidator<ExistingTable> EXISTING_TABLES =
      EnumValidator.of(ExistingTable.class);
  private static final EnumValidator<Delivery> DELIVERIES = EnumValidator.of(Delivery.class);
  private static final EnumValidator<DialectName> DIALECTS = EnumValidator.of(DialectName.class);
  private static final List<String> SSL_MODES =
      List.of("disable", "prefer", "require", "verify-ca", "verify-full");

  static final ConfigDef DEF =
      IndexConfig.define(
          ColumnTypes.define(SinkKeys.define(table(connection(new ConfigDef())), 7)));

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

  private static ConfigDef table(ConfigDef def) {
    String group = SinkKeys.WRITE_GROUP;
    return def.define(
            TABLE_NAME_FORMAT,
            Type.STRING,
            "${topic}",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Table to write to; ${topic} stands for the topic's name, ${table} for its last part:"
                + " of Debezium's shop.public.items, items. A dot before either separates a schema,"
                + " as in archive.${topic}; dots in the topic's name belong to the table's name.",
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
            3,
            Width.SHORT,
            "Evolve tables")
        .define(
            EXISTING_TABLE,
            Type.STRING,
            "append",
            EXISTING_TABLES,
            Importance.MEDIUM,
            "What to do, once, with a table that is there before the connector: append to it, skip it"
                + " and its records, overwrite it (drop and create it), or fail. Noted in the table"
                + " vector_connect_tables, so that a restart does not do it again.",
            group,
            4,
            Width.SHORT,
            "Existing tables",
            EXISTING_TABLES)
        .define(
            TRUNCATE,
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether to empty a table that is there before the connector, once; noted as above.",
            group,
            5,
            Width.SHORT,
            "Truncate first")
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
            6,
            Width.SHORT,
            "Delivery guarantee",
            DELIVERIES);
  }

  private final SinkKeys rows;
  private final ColumnTypes columnTypes;
  private final IndexConfig index;

  /**
   * Parses and cross-checks a task's configuration.
   *
   * @throws org.apache.kafka.common.config.ConfigException when keys contradict each other
   */
  DataVecSinkConfig(Map<String, String> properties) {
    super(DEF, properties, false);
    rows = new SinkKeys(this);
    columnTypes = new ColumnTypes(this);
    index = new IndexConfig(this);
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

  IndexConfig index() {
    return index;
  }

  ColumnTypes columnTypes() {
    return columnTypes;
  }

  ExistingTable existingTable() {
    return EXISTING_TABLES.parse(getString(EXISTING_TABLE));
  }

  boolean truncateBeforeLoad() {
    return getBoolean(TRUNCATE);
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

  /** How rows are keyed, batched and tried again. */
  SinkKeys rows() {
    return rows;
  }

  /** The application's name in the server's session list. */
  String applicationName() {
    return "vector-connect " + connector().toLowerCase(Locale.ROOT);
  }
}
