package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.SqlSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to PostgreSQL or openGauss, which also takes COPY. */
final class Session extends SqlSession {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** Bytes per message of a COPY: large enough that the message's cost does not show. */
  private static final int COPY_CHUNK = 1 << 16;

  /** PostgreSQL's own default. */
  private static final long MIN_STAGING_KB = 8 << 10;

  private static final long MAX_STAGING_KB = 512 << 10;

  /** "Protocol violation": what a server says of a field that is too short, as if it were ours. */
  private static final String TUPLE_MALFORMED = "08P01";

  /** "Invalid binary representation": the row's fault, not the connection's. */
  private static final String BINARY_MALFORMED = "22P03";

  /**
   * Where the catalogue of this server says that a column is an identity or is generated, as SQL.
   */
  record Features(String identity, String generated) {}

  private final Driver driver;
  private final Catalog.Types types = new Catalog.Types();
  private Dialect dialect;
  private Features features;
  private boolean countsBytes;
  private String address;

  private Session(Driver driver, Connection connection) {
    super(connection, PostgresErrors.INSTANCE);
    this.driver = driver;
  }

  /** Connects, with autocommit off, and finds out what the server is. */
  static Session open(DataVecSinkConfig config) throws SQLException {
    Session session =
        switch (config.dialect()) {
          case POSTGRESQL -> open(Driver.POSTGRESQL, config);
          case OPENGAUSS -> open(Driver.OPENGAUSS, config);
          case AUTO -> openEither(config);
        };
    try {
      session.initialize(config);
      return session;
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  private static Session open(Driver driver, DataVecSinkConfig config) throws SQLException {
    return new Session(driver, driver.open(config));
  }

  /**
   * A login by the wrong driver counts as a failed one, and some of these lock an account. So the
   * server is asked who it is before anybody logs in; only where it does not say, both are tried.
   */
  private static Session openEither(DataVecSinkConfig config) throws SQLException {
    Optional<Driver> known = ServerKind.driver(config);
    if (known.isPresent()) {
      return open(known.get(), config);
    }
    try {
      return open(Driver.POSTGRESQL, config);
    } catch (SQLException e) {
      // openGauss's own login (SHA-256 or SM3) is foreign to PostgreSQL's driver, which then fails
      // without an answer of the server. Where the server did answer, its word stands.
      if (isAnswer(e) || "08001".equals(e.getSQLState())) {
        throw e;
      }
      try {
        return open(Driver.OPENGAUSS, config);
      } catch (SQLException second) {
        second.addSuppressed(e);
        throw isAnswer(second) ? second : e;
      }
    }
  }

  /** Whether the server itself refused the user, the password or the database. */
  private static boolean isAnswer(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("28") || state.startsWith("3D");
  }

  private void initialize(DataVecSinkConfig config) throws SQLException {
    connection().setAutoCommit(false);
    String version = query("SELECT version()", row -> row.getString(1)).get(0);
    dialect =
        switch (config.dialect()) {
          case POSTGRESQL -> Dialect.POSTGRESQL;
          case OPENGAUSS -> Dialect.OPENGAUSS;
          case AUTO -> Dialect.of(version);
        };
    features = Catalog.features(this);
    countsBytes = dialect == Dialect.OPENGAUSS && Catalog.countsBytes(this);
    address = Catalog.address(this);
    Catalog.makeVectorsVisible(this);
    // A staging table joins a target of any size by its index, never by reading the target whole.
    execute("SET enable_hashjoin = off");
    execute("SET enable_mergejoin = off");
    execute("SET temp_buffers = '%dkB'".formatted(stagingKilobytes(config)));
    commit();
    limit(Duration.ZERO); // the login had a limit; how long a statement takes is watched
    log.info(
        "Connected to {}:{} as {} dialect by the {} driver: {}",
        config.host(),
        config.port(),
        dialect,
        driver,
        version);
  }

  /**
   * Room for a whole batch, so that staging tables stay in the server's memory: twice the batch, as
   * a page may hold but one row of little more than half its size. The server takes it as needed.
   */
  private static long stagingKilobytes(DataVecSinkConfig config) {
    long wanted = 2 * (config.rows().writeSettings().maxBytes() >> 10);
    return Math.max(MIN_STAGING_KB, Math.min(wanted, MAX_STAGING_KB));
  }

  Dialect dialect() {
    return dialect;
  }

  /** Where the server sees this session's client. */
  String address() {
    return address;
  }

  Features features() {
    return features;
  }

  /** What a column's values are. */
  Column.Type type(long oid, int modifier, String declaration) throws SQLException {
    return types.resolve(this, oid, modifier, declaration, countsBytes);
  }

  /** Sends tuples by COPY BINARY, neighbors in a buffer together. */
  void copy(String table, List<String> columns, List<Row.Tuple> tuples) throws SQLException {
    String sql =
        "COPY %s (%s) FROM STDIN BINARY".formatted(table, DataVecDialect.NAMES.list(columns));
    trace(sql);
    Driver.CopyStream copy = driver.copyIn(connection(), sql);
    try {
      copy.write(CopyBuffer.HEADER, 0, CopyBuffer.HEADER.length);
      int next = 0;
      while (next < tuples.size()) {
        Row.Tuple first = tuples.get(next);
        int to = first.offset();
        while (next < tuples.size() && follows(tuples.get(next), first.buffer(), to)) {
          to += tuples.get(next).length();
          next++;
        }
        send(copy, first.buffer().array(), first.offset(), to);
      }
      copy.write(CopyBuffer.TRAILER, 0, CopyBuffer.TRAILER.length);
      copy.end();
    } catch (SQLException e) {
      throw TUPLE_MALFORMED.equals(e.getSQLState())
          ? new SQLException(driver.serverMessage(e), BINARY_MALFORMED)
          : e;
    } finally {
      copy.cancel();
    }
  }

  private static boolean follows(Row.Tuple tuple, CopyBuffer buffer, int offset) {
    return tuple.buffer() == buffer && tuple.offset() == offset;
  }

  /** Sends a part of an array in messages of a size that passes through the processors' caches. */
  private void send(Driver.CopyStream copy, byte[] bytes, int from, int to) throws SQLException {
    for (int at = from; at < to; at += COPY_CHUNK) {
      copy.write(bytes, at, Math.min(COPY_CHUNK, to - at));
      progress();
    }
  }

  @Override
  public String describe(SQLException e) {
    return "%s (SQLState %s)"
        .formatted(PostgresErrors.shown(e.getSQLState(), driver.serverMessage(e)), e.getSQLState());
  }

  @Override
  protected String prefix() {
    return "%s driver, %s dialect".formatted(driver, dialect == null ? "unknown" : dialect);
  }
}
