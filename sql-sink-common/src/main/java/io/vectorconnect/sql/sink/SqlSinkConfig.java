package io.vectorconnect.sql.sink;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.HostValidator;
import io.vectorconnect.sink.FieldMapping;
import io.vectorconnect.sink.SinkKeys;
import io.vectorconnect.sql.sink.index.IndexJobs;
import io.vectorconnect.sql.sink.index.IndexKeys;
import io.vectorconnect.sql.sink.position.Positions;
import io.vectorconnect.sql.sink.table.ColumnTypes;
import io.vectorconnect.sql.sink.table.TableClaims;
import io.vectorconnect.sql.sink.table.TableId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys that the sinks of SQL databases share. */
public abstract class SqlSinkConfig extends CheckedConfig {

  /** What becomes of a table that is there before the connector. */
  public enum ExistingTable {
    /** Its rows stay. */
    APPEND,
    /** It is left alone, and its records are passed over. */
    SKIP,
    /** It is dropped and created. */
    OVERWRITE,
    /** The task fails. */
    FAIL
  }

  /** What a record without schema tells about its row. */
  enum Schemaless {
    /** All of it. */
    WHOLE,
    /** The columns that it names. */
    PARTIAL
  }

  /** What a crash may do to the rows. */
  enum Delivery {
    AT_LEAST_ONCE,
    EXACTLY_ONCE
  }

  /** Characters of a connector's name in the sink's own tables. */
  private static final int MAX_CONNECTOR = 255;

  private static final int CONNECTOR_HASH = 16;

  /** The group of the keys about the connection. */
  protected static final String CONNECTION_GROUP = "Connection";

  /** How many keys {@link #table} adds. */
  protected static final int TABLE_KEYS = 9;

  // Public so that a check can tell a problem on its key.
  public static final String HOST = "connection.host";
  public static final String PORT = "connection.port";
  public static final String DATABASE = "connection.database";
  public static final String USER = "connection.user";
  public static final String PASSWORD = "connection.password";
  public static final String CONNECT_TIMEOUT_MS = "connection.timeout.ms";
  public static final String TABLE_NAME_FORMAT = "table.name.format";
  public static final String AUTO_CREATE = "auto.create";

  private static final String AUTO_EVOLVE = "auto.evolve";
  private static final String EXISTING_TABLE = "existing.table";
  private static final String TRUNCATE = "truncate.before.load";
  private static final String DELIVERY = "delivery.guarantee";
  public static final String SHARED_TABLES = "tables.shared";
  private static final String SCHEMALESS_RECORDS = "schemaless.records";
  private static final String REFERENCE_WAIT_MS = "foreign.key.wait.ms";

  private static final EnumValidator<ExistingTable> EXISTING_TABLES =
      EnumValidator.of(ExistingTable.class);
  private static final EnumValidator<Schemaless> SCHEMALESS = EnumValidator.of(Schemaless.class);
  private static final EnumValidator<Delivery> DELIVERIES = EnumValidator.of(Delivery.class);

  private final SinkKeys rows;
  private final ColumnTypes columnTypes;
  private final IndexKeys index;

  /**
   * Parses and cross-checks a task's configuration.
   *
   * @throws org.apache.kafka.common.config.ConfigException when keys contradict each other
   */
  protected SqlSinkConfig(ConfigDef def, Map<String, String> properties) {
    super(def, properties);
    rows = new SinkKeys(this);
    columnTypes = new ColumnTypes(this);
    index = new IndexKeys(this);
  }

  /** Adds the keys about the connection that every database has: a group's first five. */
  protected static ConfigDef connection(ConfigDef def, int port, String databaseDocs) {
    return def.define(
            HOST,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            new HostValidator(),
            Importance.HIGH,
            "Host name or address of the database server.",
            CONNECTION_GROUP,
            1,
            Width.LONG,
            "Host")
        .define(
            PORT,
            Type.INT,
            port,
            Range.between(1, 65_535),
            Importance.HIGH,
            "Port of the database server.",
            CONNECTION_GROUP,
            2,
            Width.SHORT,
            "Port")
        .define(
            DATABASE,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            databaseDocs,
            CONNECTION_GROUP,
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
            CONNECTION_GROUP,
            4,
            Width.MEDIUM,
            "User")
        .define(
            PASSWORD,
            Type.PASSWORD,
            "",
            Importance.HIGH,
            "Password of the user.",
            CONNECTION_GROUP,
            5,
            Width.MEDIUM,
            "Password");
  }

  /** Adds how long to wait for a connection, at a place in the group. */
  protected static ConfigDef connectTimeout(ConfigDef def, int place) {
    return def.define(
        CONNECT_TIMEOUT_MS,
        Type.INT,
        10_000,
        Range.between(1_000, 600_000),
        Importance.LOW,
        "How long to wait for a connection, in milliseconds.",
        CONNECTION_GROUP,
        place,
        Width.SHORT,
        "Connect timeout");
  }

  /**
   * Adds the keys about tables.
   *
   * @param namespace what a database calls a group of tables, such as {@code schema}
   * @param widening which columns auto.evolve widens, in a sentence or two
   */
  protected static ConfigDef table(ConfigDef def, String namespace, String widening) {
    String group = SinkKeys.WRITE_GROUP;
    return def.define(
            TABLE_NAME_FORMAT,
            Type.STRING,
            "${topic}",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Table to write to; ${topic} stands for the topic's name, ${table} for its last part:"
                + " of Debezium's shop.public.items, items. A dot before either separates a "
                + namespace
                + ", as in archive.${topic}; dots in the topic's name belong to the table's name.",
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
                + " become wider: "
                + widening,
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
            DELIVERIES)
        .define(
            REFERENCE_WAIT_MS,
            Type.LONG,
            300_000L,
            Range.between(0, 86_400_000),
            Importance.MEDIUM,
            "How long a row that a foreign key refuses waits for records of other topics, in"
                + " milliseconds. Its partition waits with it, and other partitions go on. Then the"
                + " row is set aside.",
            group,
            7,
            Width.SHORT,
            "Foreign key wait")
        .define(
            SCHEMALESS_RECORDS,
            Type.STRING,
            "whole",
            SCHEMALESS,
            Importance.MEDIUM,
            "What an upsert of a record without schema does to columns that the record does not have."
                + " whole: the record is the whole row, so they get their default, which is NULL"
                + " unless the table declares one. partial: they stay as they are. Columns that"
                + " fields.include or fields.exclude leave out always stay as they are.",
            group,
            8,
            Width.SHORT,
            "Records without schema",
            SCHEMALESS)
        .define(
            SHARED_TABLES,
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether several topics may be written to one table, as shop1.items and shop2.items with"
                + " ${table}. A table.name.format without ${topic} and ${table} implies it.",
            group,
            9,
            Width.SHORT,
            "Shared tables");
  }

  /** The keys about rows and about columns, which come after those about tables. */
  protected static ConfigDef rows(ConfigDef def) {
    return ColumnTypes.define(SinkKeys.define(def, TABLE_KEYS + 1));
  }

  /** The server's name or address. */
  public final String host() {
    return getString(HOST);
  }

  /** The server's port. */
  public final int port() {
    return getInt(PORT);
  }

  /** The database. */
  public final String database() {
    return getString(DATABASE);
  }

  /** Who connects. */
  public final String user() {
    return getString(USER);
  }

  /** The user's password; may be empty. */
  public final String password() {
    return getPassword(PASSWORD).value();
  }

  /** How long to wait for a connection. */
  public final Duration connectTimeout() {
    return Duration.ofMillis(getInt(CONNECT_TIMEOUT_MS));
  }

  /** The table of a topic. */
  public final TableId table(String topic) {
    return TableId.of(getString(TABLE_NAME_FORMAT), topic);
  }

  /** Whether, when and how vector columns are indexed. */
  public final IndexKeys index() {
    return index;
  }

  /** Types of new columns that the configuration declares. */
  public final ColumnTypes columnTypes() {
    return columnTypes;
  }

  /** What becomes of a table that is there before the connector. */
  public final ExistingTable existingTable() {
    return EXISTING_TABLES.parse(getString(EXISTING_TABLE));
  }

  /** Whether a table that is there before the connector is emptied. */
  public final boolean truncateBeforeLoad() {
    return getBoolean(TRUNCATE);
  }

  public final boolean autoEvolve() {
    return getBoolean(AUTO_EVOLVE);
  }

  public final boolean exactlyOnce() {
    return DELIVERIES.parse(getString(DELIVERY)) == Delivery.EXACTLY_ONCE;
  }

  /** Whether several topics may be written to one table. */
  public final boolean sharesTables() {
    return getBoolean(SHARED_TABLES) || !TableId.hasPlaceholder(getString(TABLE_NAME_FORMAT));
  }

  /** The columns that the configuration names, by the key that names them. */
  public final Map<String, Collection<String>> namedColumns() {
    return Map.of(
        FieldMapping.MAPPING,
        rows.fields().mappedColumns(),
        ColumnTypes.VECTOR_FIELDS,
        columnTypes.dimensions().keySet(),
        ColumnTypes.COLUMN_TYPES,
        columnTypes.declared());
  }

  /** Whether a record without schema stands for its whole row. */
  public final boolean replacesWholeRows() {
    return SCHEMALESS.parse(getString(SCHEMALESS_RECORDS)) == Schemaless.WHOLE;
  }

  /** How long a row that a foreign key refuses waits for records of other topics. */
  final Duration referenceWait() {
    return Duration.ofMillis(getLong(REFERENCE_WAIT_MS));
  }

  /** The tables of its own that the sink cannot do without. */
  public final List<TableId> ownTables() {
    List<TableId> tables = new ArrayList<>();
    if (exactlyOnce()) {
      tables.add(besideTheData(Positions.TABLE));
    }
    if (existingTable() != ExistingTable.APPEND || truncateBeforeLoad()) {
      tables.add(besideTheData(TableClaims.TABLE));
    }
    if (index.build() == IndexKeys.Build.AFTER_SNAPSHOT) {
      tables.add(besideTheData(IndexJobs.INDEXES));
      tables.add(besideTheData(IndexJobs.SNAPSHOTS));
    }
    return tables;
  }

  /** A table of the sink's own, in the schema of the data. */
  public final TableId besideTheData(String name) {
    return new TableId(table("topic").schema(), name);
  }

  /**
   * The connector's name, by which the sink's own tables tell connectors apart; one that is too
   * long for them is cut, with a hash behind it.
   */
  public final String connector() {
    String name = originalsStrings().getOrDefault("name", "sink");
    if (name.codePointCount(0, name.length()) <= MAX_CONNECTOR) {
      return name;
    }
    int end = name.offsetByCodePoints(0, MAX_CONNECTOR - CONNECTOR_HASH - 1);
    return name.substring(0, end) + "_" + hash(name);
  }

  private static String hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, CONNECTOR_HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether missing tables are created. */
  public final boolean autoCreate() {
    return getBoolean(AUTO_CREATE);
  }

  /** How rows are keyed, batched and tried again. */
  public final SinkKeys rows() {
    return rows;
  }
}
