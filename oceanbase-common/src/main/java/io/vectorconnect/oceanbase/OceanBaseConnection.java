package io.vectorconnect.oceanbase;

import com.oceanbase.jdbc.Driver;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.config.types.Password;

/**
 * Where the server is, and who connects.
 *
 * @param host a name or an address
 * @param connectTimeout how long to wait for a connection
 */
public record OceanBaseConnection(
    String host,
    int port,
    String database,
    String user,
    Password password,
    Duration connectTimeout,
    Encryption encryption) {

  /** As people write it. */
  public String address() {
    return host + ":" + port;
  }

  /** Connects, for statements of any length. */
  public Connection open() throws SQLException {
    return open(Duration.ZERO);
  }

  /**
   * Connects. The URL and the driver's properties are built here, of parts: nothing in a
   * configuration is either.
   *
   * @param silence how long the server may leave a statement without an answer; zero: for ever
   */
  public Connection open(Duration silence) throws SQLException {
    String url =
        "jdbc:oceanbase://%s:%d/%s"
            .formatted(
                host.contains(":") ? "[" + host + "]" : host,
                port,
                URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20"));
    Connection connection = new Driver().connect(url, properties(silence));
    if (connection == null) {
      throw new SQLException("the driver does not accept the address of the server", "08001");
    }
    return connection;
  }

  private Properties properties(Duration silence) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.value());
    properties.setProperty("connectTimeout", Long.toString(connectTimeout.toMillis()));
    properties.setProperty("socketTimeout", Long.toString(silence.toMillis()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("allowLocalInfile", "false");
    properties.setProperty("allowLoadLocalInfile", "false");
    properties.setProperty("allowMultiQueries", "false");
    properties.setProperty("useServerPrepStmts", "false"); // the server takes no vectors that way
    properties.setProperty("useAffectedRows", "false"); // an update tells how many rows it found
    encryption.apply(properties);
    return properties;
  }
}
