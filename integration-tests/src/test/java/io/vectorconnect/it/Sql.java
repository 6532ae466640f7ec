package io.vectorconnect.it;

import io.vectorconnect.datavec.sink.DataVecSinkTask;
import io.vectorconnect.localstack.SqlServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkTask;

/** Looks at a target database with psql's eyes: plain pgjdbc, results as text. */
final class Sql implements SqlTarget {
  /** SQLState of a table that is not there. */
  private static final String NO_TABLE = "42P01";

  private final SqlServer server;
  private final String dialect;

  private Sql(SqlServer server, String dialect) {
    this.server = server;
    this.dialect = dialect;
  }

  static Sql postgresql() {
    return new Sql(Stack.get().postgresql().server(), "postgresql");
  }

  /** A database of another stack. */
  static Sql postgresql(SqlServer server) {
    return new Sql(server, "postgresql");
  }

  static Sql openGauss() {
    return new Sql(Stack.get().openGauss(), "opengauss");
  }

  SqlServer server() {
    return server;
  }

  /** Another database of the same server, made anew, with the vector extension. */
  Sql createDatabase(String name) throws SQLException {
    execute("CREATE DATABASE " + name);
    Sql other =
        new Sql(
            new SqlServer(server.host(), server.port(), name, server.user(), server.password()),
            dialect);
    other.execute("CREATE EXTENSION vector");
    return other;
  }

  /** A sink's connection keys for this database. */
  @Override
  public Map<String, String> sinkConfig(String topic) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "sink-" + dialect + "-" + topic);
    config.put("connector.class", "io.vectorconnect.datavec.sink.DataVecSinkConnector");
    config.put("topics", topic);
    config.put("tasks.max", "1");
    config.put("connection.host", server.host());
    config.put("connection.port", Integer.toString(server.port()));
    config.put("connection.database", server.database());
    config.put("connection.user", server.user());
    config.put("connection.password", server.password());
    config.put("dialect", dialect);
    return config;
  }

  @Override
  public Connection open() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), server.database()),
        server.user(),
        server.password());
  }

  @Override
  public long count(String table) throws SQLException {
    try {
      return Long.parseLong(value("SELECT count(*) FROM " + quoted(table)));
    } catch (SQLException e) {
      if (NO_TABLE.equals(e.getSQLState())) {
        return -1;
      }
      throw e;
    }
  }

  @Override
  public SinkTask task() {
    return new DataVecSinkTask();
  }

  @Override
  public void restart() {
    Stack.get().postgresql().kill();
    Stack.get().postgresql().start();
  }

  @Override
  public String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public String type(String postgresType) {
    return postgresType;
  }

  @Override
  public String changeType(String column, String type) {
    return "ALTER COLUMN %s TYPE %s".formatted(column, type);
  }

  @Override
  public String utc(String column) {
    return "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')".formatted(column);
  }

  @Override
  public String hex(String column) {
    return "encode(%s, 'hex')".formatted(column);
  }

  @Override
  public String digits(String column) {
    return "CAST(%s AS double precision)".formatted(column);
  }

  @Override
  public String json(String column) {
    return "CAST(array_to_json(%s) AS jsonb)".formatted(column); // openGauss has no to_jsonb
  }

  @Override
  public boolean isInModeA() throws SQLException {
    return dialect.equals("opengauss")
        && value("SELECT datcompatibility FROM pg_database WHERE datname = current_database()")
            .equals("A");
  }

  @Override
  public String sparseUnit(int dimension, int index) {
    return "'{%d:1}/%d'".formatted(index + 1, dimension);
  }

  /** pgvector's vector_send: int16 dimension, int16 unused, float4[], all big-endian. */
  @Override
  public String equalBits(String column, byte[] packed) {
    ByteBuffer sent = ByteBuffer.allocate(packed.length + 4);
    sent.putShort((short) (packed.length / 4)).putShort((short) 0);
    IntBuffer floats = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    sent.asIntBuffer().put(floats);
    return "vector_send(%s) = decode('%s', 'hex')"
        .formatted(column, HexFormat.of().formatHex(sent.array()));
  }

  @Override
  public List<String> vectorIndexes(String table) throws SQLException {
    return rows(
        "SELECT indexdef FROM pg_indexes WHERE tablename = '%s' AND indexdef ~ 'hnsw|ivfflat'"
            .formatted(table));
  }

  @Override
  public int maxIndexedDimension() {
    return 2_000;
  }

  /** It looks in each batch's transaction. */
  @Override
  public Duration noticesChangesWithin() {
    return Duration.ZERO;
  }

  @Override
  public int waiting(String like) throws SQLException {
    return rows("SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%s%%'"
            .formatted(like))
        .size();
  }
}
