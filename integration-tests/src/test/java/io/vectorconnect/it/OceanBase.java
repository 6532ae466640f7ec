package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.localstack.OceanBaseServer;
import io.vectorconnect.localstack.SqlServer;
import io.vectorconnect.oceanbase.sink.OceanBaseSinkTask;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.sink.SinkTask;

/**
 * An application of OceanBase: the vendor's driver, a connection for each call; results as text,
 * times in UTC.
 */
final class OceanBase implements SqlTarget {
  private static final int NO_SUCH_TABLE = 1146;
  private static final int NO_SUCH_DATABASE = 1049;
  private static final long VISIBLE_NANOS = 10_000_000_000L;

  private final SqlServer server;

  private OceanBase(SqlServer server) {
    this.server = server;
  }

  /** A database of the tests' server, made if it is not there: each test class has its own. */
  static OceanBase database(String name) {
    return database(Stack.get().oceanBase(), name);
  }

  /** A database of another server. */
  static OceanBase database(OceanBaseServer oceanBase, String name) {
    oceanBase.sql("CREATE DATABASE IF NOT EXISTS " + name);
    SqlServer all = oceanBase.server();
    OceanBase created =
        new OceanBase(new SqlServer(all.host(), all.port(), name, all.user(), all.password()));
    await("database " + name, created::isThere);
    return created;
  }

  /** A condition that needs the server. */
  private interface Condition {
    boolean holds() throws SQLException;
  }

  /** What one session makes is there for all others a few milliseconds later. */
  private static void await(String what, Condition condition) {
    try {
      long deadline = System.nanoTime() + VISIBLE_NANOS;
      while (!condition.holds()) {
        assertThat(System.nanoTime()).as(what).isLessThan(deadline);
        Thread.sleep(2);
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(what, e);
    }
  }

  private boolean isThere() throws SQLException {
    try {
      return !rows("SELECT 1").isEmpty();
    } catch (SQLException e) {
      if (e.getErrorCode() == NO_SUCH_DATABASE) {
        return false;
      }
      throw e;
    }
  }

  SqlServer server() {
    return server;
  }

  @Override
  public Connection open() throws SQLException {
    String url =
        "jdbc:oceanbase://%s:%d/%s?useServerPrepStmts=false"
            .formatted(server.host(), server.port(), server.database());
    Connection opened = DriverManager.getConnection(url, server.user(), server.password());
    try (Statement statement = opened.createStatement()) {
      statement.execute("SET SESSION time_zone = '+00:00', ob_query_timeout = 600000000");
    }
    return opened;
  }

  @Override
  public long count(String table) throws SQLException {
    try {
      return Long.parseLong(value("SELECT count(*) FROM `" + table + "`"));
    } catch (SQLException e) {
      if (e.getErrorCode() == NO_SUCH_TABLE) {
        return -1; // no look into the catalogue first: it lists tables that no query finds yet
      }
      throw e;
    }
  }

  /** The literal of these bytes: a vector equals it if it is the same to the last bit. */
  static String literal(byte[] bytes) {
    return "x'" + HexFormat.of().formatHex(bytes) + "'";
  }

  /** Inserts rows (i, 'row i', [i, i/7, -i]) in batches. */
  void insert(String table, long from, long to) throws SQLException {
    for (long begin = from; begin <= to; begin += 1_000) {
      List<String> rows = new ArrayList<>();
      for (long i = begin; i <= Math.min(to, begin + 999); i++) {
        rows.add("(%1$d, 'row %1$d', '[%1$d,%2$s,-%1$d]')".formatted(i, (float) i / 7));
      }
      execute("INSERT INTO %s VALUES %s".formatted(table, String.join(",", rows)));
    }
  }

  /**
   * Begins to make a table for {@link #insert}, and returns when the catalogue lists it: for some
   * milliseconds more, no session finds it.
   */
  CompletableFuture<Void> beginToCreate(String table) throws SQLException {
    CompletableFuture<Void> creation =
        CompletableFuture.runAsync(
            () -> {
              try {
                execute(definition(table));
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    try (Connection connection = open();
        PreparedStatement listed =
            connection.prepareStatement(
                "SELECT 1 FROM information_schema.columns WHERE table_schema = ? AND table_name = ?")) {
      listed.setString(1, server.database());
      listed.setString(2, table);
      while (true) {
        try (ResultSet found = listed.executeQuery()) {
          if (found.next()) {
            return creation;
          }
        }
      }
    }
  }

  private static String definition(String table) {
    return "CREATE TABLE %s (id BIGINT PRIMARY KEY, label VARCHAR(100), v VECTOR(3))"
        .formatted(table);
  }

  /** Makes a table for {@link #insert}. */
  void create(String table) throws SQLException {
    execute("DROP TABLE IF EXISTS " + table, definition(table));
    await("table " + table, () -> count(table) == 0);
  }

  private Map<String, String> connector(String name, String kind) {
    Map<String, String> config = new HashMap<>();
    config.put("name", name);
    config.put(
        "connector.class",
        "io.vectorconnect.oceanbase.%s.OceanBase%sConnector"
            .formatted(kind.toLowerCase(Locale.ROOT), kind));
    config.put("tasks.max", "1");
    config.put("connection.host", server.host());
    config.put("connection.port", Integer.toString(server.port()));
    config.put("connection.database", server.database());
    config.put("connection.user", server.user());
    config.put("connection.password", server.password());
    return config;
  }

  @Override
  public Map<String, String> sinkConfig(String topic) {
    Map<String, String> config = connector("sink-oceanbase-" + topic, "Sink");
    config.put("topics", topic);
    return config;
  }

  /** A source's configuration. */
  Map<String, String> sourceConfig(String name, String tables, String... more) {
    Map<String, String> config = connector(name, "Source");
    config.put("table.include.list", tables);
    config.put("poll.interval.ms", "100");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  @Override
  public SinkTask task() {
    return new OceanBaseSinkTask();
  }

  @Override
  public void restart() {
    Stack.get().oceanBase().kill();
    Stack.get().oceanBase().start();
  }

  @Override
  public String quoted(String name) {
    return '`' + name.replace("`", "``") + '`';
  }

  @Override
  public String type(String postgresType) {
    return postgresType
        .replace("character varying", "varchar")
        .replace("numeric", "decimal")
        .replace("timestamp(0) without time zone", "datetime")
        .replace("real", "float")
        .replace("double precision", "double")
        .replace("bigint", "bigint(20)")
        .replace("jsonb", "json")
        .replace("vector", "VECTOR");
  }

  @Override
  public String changeType(String column, String type) {
    return "MODIFY COLUMN %s %s".formatted(column, type);
  }

  /** The session's time zone is UTC. */
  @Override
  public String utc(String column) {
    return "CAST(%s AS CHAR)".formatted(column);
  }

  @Override
  public String hex(String column) {
    return "lower(hex(%s))".formatted(column);
  }

  /** A FLOAT itself is printed with six digits. */
  @Override
  public String digits(String column) {
    return "CAST(CAST(%s AS DOUBLE) AS CHAR)".formatted(column);
  }

  @Override
  public String json(String column) {
    return column;
  }

  @Override
  public String sparseUnit(int dimension, int index) {
    return "'{%d:1}'".formatted(index);
  }

  @Override
  public String equalBits(String column, byte[] packed) {
    return "%s = x'%s'".formatted(column, HexFormat.of().formatHex(packed));
  }

  @Override
  public List<String> vectorIndexes(String table) throws SQLException {
    return value("SHOW CREATE TABLE " + table)
        .lines()
        .filter(line -> line.contains("VECTOR KEY"))
        .toList();
  }

  /** Asking the catalogue takes some ten milliseconds: it is done every five seconds. */
  @Override
  public Duration noticesChangesWithin() {
    return Duration.ofMillis(5_100);
  }

  @Override
  public int waiting(String like) throws SQLException {
    return rows("SELECT 1 FROM information_schema.processlist WHERE info LIKE '%s%%'"
            .formatted(like))
        .size();
  }
}
