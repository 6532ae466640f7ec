package io.vectorconnect.oceanbase;

import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * How a connection is encrypted.
 *
 * @param mode one of {@code disable}, {@code require}, {@code verify-ca}, {@code verify-full}
 * @param rootCert the file of the trusted authorities; empty for the JVM's own
 */
public record Encryption(String mode, String rootCert) {
  /** How the connection is encrypted. */
  public static final String SSL_MODE = "connection.sslmode";

  /** Who is trusted to certify the server. */
  public static final String SSL_ROOT_CERT = "connection.sslrootcert";

  /** How many keys {@link #define} adds. */
  public static final int KEYS = 2;

  private static final List<String> MODES =
      List.of("disable", "require", "verify-ca", "verify-full");

  /** Adds the keys at a place in a group. */
  public static ConfigDef define(ConfigDef def, String group, int place) {
    return def.define(
            SSL_MODE,
            Type.STRING,
            "disable",
            ConfigDef.ValidString.in(MODES.toArray(String[]::new)),
            Importance.MEDIUM,
            "How the connection is encrypted: disable, require (encrypted, to whomever),"
                + " verify-ca (the server's certificate is checked), verify-full (and its"
                + " name).",
            group,
            place,
            Width.SHORT,
            "SSL mode")
        .define(
            SSL_ROOT_CERT,
            Type.STRING,
            "",
            Importance.LOW,
            "File with the certificates of the authorities that verify-ca and verify-full trust;"
                + " empty: the JVM's.",
            group,
            place + 1,
            Width.LONG,
            "SSL root certificate");
  }

  /** The encryption in a configuration with these keys. */
  public static Encryption of(AbstractConfig config) {
    return new Encryption(config.getString(SSL_MODE), config.getString(SSL_ROOT_CERT));
  }

  /** Sets the driver's properties. */
  void apply(Properties properties) {
    properties.setProperty("useSsl", Boolean.toString(!mode.equals("disable")));
    properties.setProperty("trustServerCertificate", Boolean.toString(mode.equals("require")));
    properties.setProperty(
        "disableSslHostnameVerification", Boolean.toString(!mode.equals("verify-full")));
    if (!rootCert.isEmpty()) {
      properties.setProperty("serverSslCert", rootCert);
    }
  }

  /** The key to change where a connection was refused because of its encryption, or empty. */
  public static Optional<String> key(SQLException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("serversslcert") || hasCause(e, GeneralSecurityException.class)) {
      return Optional.of(SSL_ROOT_CERT);
    }
    return text.contains("ssl") || hasCause(e, SSLException.class)
        ? Optional.of(SSL_MODE)
        : Optional.empty();
  }

  private static boolean hasCause(Throwable e, Class<? extends Exception> type) {
    return e != null && (type.isInstance(e) || hasCause(e.getCause(), type));
  }
}
