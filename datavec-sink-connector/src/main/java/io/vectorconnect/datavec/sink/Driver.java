package io.vectorconnect.datavec.sink;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** The two JDBC drivers, alike but for their packages. */
enum Driver {
  POSTGRESQL("postgresql") {
    @Override
    Connection connect(String url, Properties properties) throws SQLException {
      return new org.postgresql.Driver().connect(url, properties);
    }

    @Override
    CopyStream copyIn(Connection connection, String sql) throws SQLException {
      var copy = connection.unwrap(org.postgresql.PGConnection.class).getCopyAPI().copyIn(sql);
      return new CopyStream() {
        @Override
        public void write(byte[] bytes, int offset, int length) throws SQLException {
          copy.writeToCopy(bytes, offset, length);
        }

        @Override
        public long end() throws SQLException {
          return copy.endCopy();
        }

        @Override
        public void cancel() throws SQLException {
          if (copy.isActive()) {
            copy.cancelCopy();
          }
        }
      };
    }

    @Override
    String serverMessage(SQLException e) {
      return e instanceof org.postgresql.util.PSQLException failure
              && failure.getServerErrorMessage() != null
          ? failure.getServerErrorMessage().getMessage()
          : e.getMessage();
    }
  },

  OPENGAUSS("opengauss") {
    @Override
    Connection connect(String url, Properties properties) throws SQLException {
      try {
        return new org.opengauss.Driver().connect(url, properties);
      } catch (SQLException e) {
        throw hasSm3() ? e : withHint(e);
      }
    }

    @Override
    CopyStream copyIn(Connection connection, String sql) throws SQLException {
      var copy = connection.unwrap(org.opengauss.PGConnection.class).getCopyAPI().copyIn(sql);
      return new CopyStream() {
        @Override
        public void write(byte[] bytes, int offset, int length) throws SQLException {
          copy.writeToCopy(bytes, offset, length);
        }

        @Override
        public long end() throws SQLException {
          return copy.endCopy();
        }

        @Override
        public void cancel() throws SQLException {
          if (copy.isActive()) {
            copy.cancelCopy();
          }
        }
      };
    }

    @Override
    String serverMessage(SQLException e) {
      return e instanceof org.opengauss.util.PSQLException failure
              && failure.getServerErrorMessage() != null
          ? failure.getServerErrorMessage().getMessage()
          : e.getMessage();
    }
  };

  /** A COPY FROM STDIN under way. */
  interface CopyStream {
    void write(byte[] bytes, int offset, int length) throws SQLException;

    /** Ends the data; gives the number of rows that were stored. */
    long end() throws SQLException;

    /** Breaks it off, if it has not ended. */
    void cancel() throws SQLException;
  }

  private final String scheme;

  Driver(String scheme) {
    this.scheme = scheme;
  }

  abstract Connection connect(String url, Properties properties) throws SQLException;

  abstract CopyStream copyIn(Connection connection, String sql) throws SQLException;

  /** The server's primary message: without the detail, which quotes rows. */
  abstract String serverMessage(SQLException e);

  /** The library that openGauss's driver needs for a login with an SM3 password. */
  private static boolean hasSm3() {
    try {
      Class.forName(
          "org.bouncycastle.jce.provider.BouncyCastleProvider",
          false,
          org.opengauss.Driver.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Without the library, the driver sends an empty answer, which the server takes for a wrong one.
   */
  static SQLException withHint(SQLException e) {
    return String.valueOf(e.getSQLState()).startsWith("28")
        ? new SQLException(
            e.getMessage()
                + "; if the server keeps this user's password as SM3, put BouncyCastle"
                + " (bcprov-jdk18on) into the connector's plugin folder",
            e.getSQLState(),
            e)
        : e;
  }

  /** Opens a connection. The URL is built here, of parts: nothing in the configuration is a URL. */
  final Connection open(DataVecSinkConfig config) throws SQLException {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    String url =
        "jdbc:%s://%s:%d/%s"
            .formatted(
                scheme,
                host,
                config.port(),
                URLEncoder.encode(config.database(), StandardCharsets.UTF_8));
    Properties properties = new Properties();
    properties.setProperty("user", config.user());
    properties.setProperty("password", config.password());
    properties.setProperty("sslmode", config.sslMode());
    if (!config.sslRootCert().isEmpty()) {
      properties.setProperty("sslrootcert", config.sslRootCert());
    }
    String seconds = Long.toString(Math.max(1, config.connectTimeout().toSeconds()));
    properties.setProperty("connectTimeout", seconds);
    properties.setProperty("loginTimeout", seconds);
    properties.setProperty("socketTimeout", seconds); // until the session is set up
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("logServerErrorDetail", "false");
    properties.setProperty("ApplicationName", config.applicationName());
    Connection connection = connect(url, properties);
    if (connection == null) {
      throw new SQLException(
          "the driver does not accept the address of " + DataVecSinkConfig.HOST, "08001");
    }
    return connection;
  }
}
