package io.vectorconnect.oceanbase.source;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.HostValidator;
import io.vectorconnect.oceanbase.Encryption;
import io.vectorconnect.oceanbase.OceanBaseConnection;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.SourcePartition;
import io.vectorconnect.source.range.ScanUnit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of the source. */
final class OceanBaseSourceConfig extends CheckedConfig {

  /** How changes are found after the first scan. */
  enum PollStrategy {
    ROW_SCN,
    NEW_KEYS,
    RECONCILE,
    TIMESTAMP_COLUMN
  }

  static final String HOST = "connection.host";
  static final String PORT = "connection.port";
  static final String DATABASE = "connection.database";
  static final String USER = "connection.user";
  static final String PASSWORD = "connection.password";
  static final String CONNECT_TIMEOUT_MS = "connection.timeout.ms";
  static final String QUERY_TIMEOUT_MS = "query.timeout.ms";
  static final String TIMESTAMP_COLUMN = "timestamp.column";
  static final String TIMESTAMP_OVERLAP_MS = "timestamp.overlap.ms";

  static final String NOUN = "table";
  static final String INCLUDE = NOUN + SourceKeys.INCLUDE;

  private static final int ROWS = 4_096;
  private static final int MAX_ROWS = 65_536;

  private static final EnumValidator<PollStrategy> STRATEGIES =
      EnumValidator.of(PollStrategy.class);

  static final ConfigDef DEF =
      timestamps(
          SourceKeys.defineScan(
              SourceKeys.defineNames(connection(new ConfigDef()), NOUN),
              NOUN,
              STRATEGIES,
              "row_scn",
              "row_scn: rows inserted or updated since, by the server's own change number of each"
                  + " row; deletes are not seen. timestamp_column: the same, but only rows are looked"
                  + " at whose timestamp.column is new enough, which with an index on it is cheap."
                  + " reconcile: deletes too, by comparing the keys of two snapshots. new_keys: only"
                  + " rows whose primary key is greater than all keys before.",
              ROWS,
              MAX_ROWS));

  private static ConfigDef timestamps(ConfigDef def) {
    String group = "Timestamp column";
    return def.define(
            TIMESTAMP_COLUMN,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "With poll.strategy=timestamp_column: the column of every table that an insert or an"
                + " update sets to its time, TIMESTAMP or DATETIME, NOT NULL. Have an index on it.",
            group,
            1,
            Width.MEDIUM,
            "Timestamp column")
        .define(
            TIMESTAMP_OVERLAP_MS,
            Type.LONG,
            600_000L,
            Range.between(0, 31_536_000_000L),
            Importance.MEDIUM,
            "How much older than the look before a change may say that it is, in milliseconds: the"
                + " longest transaction, and how far the writers' clocks are apart. Rows of this time"
                + " are looked at again at each look, and published only if they have changed.",
            group,
            2,
            Width.SHORT,
            "Timestamp overlap");
  }

  private static ConfigDef connection(ConfigDef def) {
    String group = "Connection";
    return timeouts(Encryption.define(login(def, group), group, 6), group, 6 + Encryption.KEYS);
  }

  private static ConfigDef login(ConfigDef def, String group) {
    return def.define(
            HOST,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            new HostValidator(),
            Importance.HIGH,
            "Host name or address of OceanBase, its proxy, or seekdb.",
            group,
            1,
            Width.LONG,
            "Host")
        .define(
            PORT,
            Type.INT,
            2881,
            Range.between(1, 65_535),
            Importance.HIGH,
            "SQL port: 2881 of a server, 2883 of a proxy.",
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
            "Database of the tables, of a tenant in MySQL mode.",
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
            "User to connect as: user@tenant, or user@tenant#cluster through a proxy; the user alone"
                + " on seekdb. It needs SELECT on the tables.",
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
            "Password");
  }

  private static ConfigDef timeouts(ConfigDef def, String group, int place) {
    return def.define(
            CONNECT_TIMEOUT_MS,
            Type.INT,
            10_000,
            Range.between(1_000, 600_000),
            Importance.LOW,
            "How long to wait for a connection, in milliseconds.",
            group,
            place,
            Width.SHORT,
            "Connect timeout")
        .define(
            QUERY_TIMEOUT_MS,
            Type.LONG,
            600_000L,
            Range.between(1_000, 86_400_000),
            Importance.LOW,
            "How long one query may take, in milliseconds. A look for changes reads the whole range"
                + " of keys.",
            group,
            place + 1,
            Width.SHORT,
            "Query timeout");
  }

  OceanBaseSourceConfig(Map<String, String> properties) {
    super(DEF, properties);
  }

  SourceKeys source() {
    return new SourceKeys(this, NOUN);
  }

  PollStrategy strategy() {
    return STRATEGIES.parse(getString(SourceKeys.POLL_STRATEGY));
  }

  /**
   * The column by which changes of a table are looked for, if the strategy asks one.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException when the table has none that serves
   */
  Optional<StampColumn> stampColumn(Table table) {
    return thenPoll() && strategy() == PollStrategy.TIMESTAMP_COLUMN
        ? Optional.of(
            StampColumn.of(
                table,
                getString(TIMESTAMP_COLUMN),
                Duration.ofMillis(getLong(TIMESTAMP_OVERLAP_MS))))
        : Optional.empty();
  }

  boolean thenPoll() {
    return source().mode() == SourceKeys.Mode.SNAPSHOT_THEN_POLL;
  }

  /** Whether rows that are gone are told. */
  boolean tellsDeletes() {
    return thenPoll() && strategy() == PollStrategy.RECONCILE;
  }

  /** What names a table in a source partition. */
  ScanUnit unit(String table) {
    return new ScanUnit(table, SourcePartition.of("database", database()).with("table", table));
  }

  OceanBaseConnection connection() {
    return new OceanBaseConnection(
        getString(HOST),
        getInt(PORT),
        database(),
        getString(USER),
        getPassword(PASSWORD),
        Duration.ofMillis(getInt(CONNECT_TIMEOUT_MS)),
        Encryption.of(this));
  }

  String database() {
    return getString(DATABASE);
  }

  Duration queryTimeout() {
    return Duration.ofMillis(getLong(QUERY_TIMEOUT_MS));
  }
}
