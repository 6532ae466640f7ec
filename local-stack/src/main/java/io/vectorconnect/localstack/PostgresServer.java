package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** PostgreSQL with pgvector and logical replication, with passwords over TCP. */
public final class PostgresServer {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String USER = "postgres";

  /**
   * openGauss's driver logs in by MD5 and asks for a column and an answer of version() that
   * PostgreSQL has not.
   */
  private static final List<String> OPENGAUSS_FACE =
      List.of(
          "CREATE SCHEMA compat",
          "CREATE VIEW compat.pg_database AS SELECT d.*, 'PG'::text AS datcompatibility"
              + " FROM pg_catalog.pg_database d",
          "CREATE FUNCTION compat.version() RETURNS text LANGUAGE sql IMMUTABLE"
              + " AS $$ SELECT '(openGauss 7.0.0-RC1 build 00000000) stand-in'::text $$");

  private final Path installation;
  private final Path directory;
  private final Map<String, String> settings;
  private final String password = UUID.randomUUID().toString();
  private final int port = Ports.free();
  private ManagedProcess process;

  PostgresServer(Path installation, Path directory, Map<String, String> settings) {
    this.installation = installation;
    this.directory = directory;
    this.settings = Map.copyOf(settings);
  }

  /** How to reach it; the database is empty but for the vector extension. */
  public SqlServer server() {
    return new SqlServer("127.0.0.1", port, "vectors", USER, password);
  }

  void initialize() {
    try {
      Files.createDirectories(directory);
      Path passwordFile = directory.resolve("password");
      Files.createFile(
          passwordFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(passwordFile, password);
      Root.giveAway(directory);
      run(
          "initdb",
          "--pgdata=" + data(),
          "--username=" + USER,
          "--pwfile=" + passwordFile,
          "--auth=md5",
          "--encoding=UTF8",
          "--locale=C.UTF-8",
          "--set=password_encryption=md5",
          "--no-sync");
      Files.delete(passwordFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the server, with the data that it had. */
  public void start() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("listen_addresses", "127.0.0.1");
    all.put("port", Integer.toString(port));
    all.put("unix_socket_directories", "");
    all.put("wal_level", "logical");
    all.put("fsync", "off");
    all.put("max_connections", "60");
    all.put("shared_buffers", "256MB");
    all.put("max_wal_size", "2GB");
    all.put("md5_password_warnings", "off");
    all.putAll(settings);
    List<String> command =
        new ArrayList<>(List.of(bin("postgres").toString(), "-D", data().toString()));
    all.forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
    process =
        ManagedProcess.start("PostgreSQL", Root.unprivileged(command), Map.of(), directory, log());
    process.await(LIMIT, this::answers);
  }

  void createDatabases(boolean openGauss) {
    sql(USER, "CREATE DATABASE vectors");
    sql("vectors", "CREATE EXTENSION vector");
    if (openGauss) {
      sql(USER, "CREATE DATABASE opengauss");
      sql("opengauss", "CREATE EXTENSION vector");
      OPENGAUSS_FACE.forEach(statement -> sql("opengauss", statement));
      sql(USER, "ALTER DATABASE opengauss SET search_path = compat, public, pg_catalog");
    }
  }

  /** Runs statements by psql, as an administrator would. */
  public void sql(String database, String... statements) {
    List<String> command =
        new ArrayList<>(
            List.of(
                bin("psql").toString(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"));
    command.addAll(List.of("-p", Integer.toString(port), "-U", USER, "-d", database));
    for (String statement : statements) {
      command.addAll(List.of("-c", statement));
    }
    // psql takes the password from the environment: on the command line all could read it.
    ManagedProcess psql =
        ManagedProcess.start(
            "psql", Root.unprivileged(command), Map.of("PGPASSWORD", password), directory, log());
    psql.awaitSuccess(LIMIT);
  }

  /** Ends the server at once, as a crash would. */
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

  private boolean answers() {
    try {
      run("pg_isready", "-q", "-h", "127.0.0.1", "-p", Integer.toString(port));
      return true;
    } catch (StackException e) {
      return false; // not yet
    }
  }

  private void run(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(bin(program).toString()));
    command.addAll(List.of(arguments));
    ManagedProcess.run(program, Root.unprivileged(command), directory, log(), LIMIT);
  }

  private Path bin(String program) {
    return installation.resolve("bin").resolve(program);
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Path log() {
    return directory.resolveSibling("postgresql.log");
  }
}
