package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * OceanBase seekdb: OceanBase's SQL engine and storage in one process, in MySQL mode.
 *
 * <p>It listens on one TCP port and on a socket in its own folder, so several can run side by side.
 * It knows no bind address and listens on every interface: the administrator gets a password at the
 * first start, and logins are taken from loopback only.
 */
public final class OceanBaseServer {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String USER = "root";
  private static final String DATABASE = "vectors";

  /**
   * A transaction keeps as much redo to itself until it commits. By default it is 16 KiB; what has
   * logged more when the server is killed is never ended by seekdb 1.4.0: its row locks outlive
   * every restart.
   */
  private static final String REDO_IN_MEMORY = "64M";

  private final Path installation;
  private final Path directory;
  private final Path certificates;
  private final String password = UUID.randomUUID().toString();
  private final int port = Ports.free();
  private ManagedProcess process;

  /**
   * A server that is not started yet.
   *
   * @param certificates folder of the files for encrypted connections, or null for none
   */
  OceanBaseServer(Path installation, Path directory, Path certificates) {
    this.installation = installation;
    this.directory = directory;
    this.certificates = certificates;
  }

  /** How to reach it; the database is empty. */
  public SqlServer server() {
    return new SqlServer("127.0.0.1", port, DATABASE, USER, password);
  }

  /** Starts the server, with the data that it had. */
  public void start() {
    boolean first = !Files.exists(directory);
    launch();
    if (first) {
      process.await(LIMIT, () -> runs("", "SELECT 1"));
      execute(
          "",
          "CREATE DATABASE " + DATABASE,
          "ALTER SYSTEM SET _private_buffer_size = '" + REDO_IN_MEMORY + "'",
          "SET GLOBAL ob_tcp_invited_nodes = '127.0.0.1'",
          "ALTER USER " + USER + " IDENTIFIED BY '" + password + "'");
    }
    process.await(LIMIT, () -> runs(password, "SELECT 1"));
  }

  private void launch() {
    try {
      Files.createDirectories(directory);
      copyCertificates();
      Root.giveAway(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process =
        ManagedProcess.start(
            "OceanBase seekdb",
            Root.service(
                "OceanBase seekdb",
                List.of(
                    installation.resolve("seekdb").toString(),
                    "--nodaemon",
                    "--base-dir=" + directory,
                    "--port=" + port,
                    "--parameter",
                    "memory_limit=3G",
                    "--parameter",
                    "datafile_size=512M",
                    "--parameter",
                    "datafile_maxsize=8G",
                    "--parameter",
                    "log_disk_size=2G",
                    "--parameter",
                    "ssl_client_authentication=" + (certificates != null)),
                installation),
            Map.of(),
            directory,
            directory.resolveSibling("oceanbase.log"));
  }

  /** The files are read when the server starts, from a folder of this name. */
  private void copyCertificates() throws IOException {
    if (certificates == null) {
      return;
    }
    Path wallet = Files.createDirectories(directory.resolve("wallet"));
    for (String file : List.of("ca.pem", "server-cert.pem", "server-key.pem")) {
      Files.copy(
          certificates.resolve(file), wallet.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Ends the server at once, as a crash would; what it had committed is there afterwards. */
  public void kill() {
    process.kill();
  }

  ManagedProcess process() {
    return process;
  }

  void stop() {
    if (process != null) {
      process.stop(Duration.ofSeconds(5));
    }
  }

  /** Runs statements, as an administrator would. */
  public void sql(String... statements) {
    execute(password, statements);
  }

  private void execute(String secret, String... statements) {
    try {
      run(secret, statements);
    } catch (SQLException e) {
      throw new StackException("OceanBase seekdb: " + e.getMessage(), e);
    }
  }

  private boolean runs(String secret, String statement) {
    try {
      run(secret, statement);
      return true;
    } catch (SQLException e) {
      return false; // not yet
    }
  }

  private void run(String secret, String... statements) throws SQLException {
    String url = "jdbc:oceanbase://127.0.0.1:" + port + "/?connectTimeout=5000&socketTimeout=30000";
    try (Connection connection = DriverManager.getConnection(url, USER, secret);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
