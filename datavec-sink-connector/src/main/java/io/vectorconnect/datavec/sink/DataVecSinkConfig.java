package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of the sink. */
final class DataVecSinkConfig extends SqlSinkConfig {

  /** Which database it is; decides the driver and the SQL. */
  enum DialectName {
    AUTO,
    POSTGRESQL,
    OPENGAUSS
  }

  static final String SSL_MODE = "connection.sslmode";
  static final String SSL_ROOT_CERT = "connection.sslrootcert";
  static final String DIALECT = "dialect";

  private static final EnumValidator<DialectName> DIALECTS = EnumValidator.of(DialectName.class);
  private static final List<String> SSL_MODES =
      List.of("disable", "prefer", "require", "verify-ca", "verify-full");

  static final ConfigDef DEF =
      DataVecIndexKeys.define(
          rows(
              table(
                  encryption(
                      connection(
                          new ConfigDef(),
                          5432,
                          "Database to write to. It must have the vector types: CREATE EXTENSION"
                              + " vector on PostgreSQL, built in on openGauss from 6.0.3.")),
                  "schema",
                  "smallint to integer to bigint, real to double precision. Widening rewrites the"
                      + " table.")));

  private static ConfigDef encryption(ConfigDef def) {
    String group = CONNECTION_GROUP;
    ConfigDef more =
        def.define(
                SSL_MODE,
                Type.STRING,
                "prefer",
                ConfigDef.ValidString.in(SSL_MODES.toArray(String[]::new)),
                Importance.MEDIUM,
                "How the connection is encrypted, as libpq's sslmode; verify-full also checks the"
                    + " server's certificate and name.",
                group,
                6,
                Width.SHORT,
                "SSL mode")
            .define(
                SSL_ROOT_CERT,
                Type.STRING,
                "",
                Importance.LOW,
                "File with the certificates of the authorities that sslmode verify-ca and verify-full"
                    + " trust.",
                group,
                7,
                Width.LONG,
                "SSL root certificate");
    return connectTimeout(more, 8)
        .define(
            DIALECT,
            Type.STRING,
            "auto",
            DIALECTS,
            Importance.MEDIUM,
            "The database's dialect. auto asks the server by version() through the PostgreSQL"
                + " driver, and goes on with the openGauss driver where the server's login needs it.",
            group,
            9,
            Width.SHORT,
            "Dialect",
            DIALECTS);
  }

  private final DataVecIndexKeys indexKinds;

  /**
   * Parses and cross-checks a task's configuration.
   *
   * @throws org.apache.kafka.common.config.ConfigException when keys contradict each other
   */
  DataVecSinkConfig(Map<String, String> properties) {
    super(DEF, properties);
    indexKinds = new DataVecIndexKeys(this);
  }

  String sslMode() {
    return getString(SSL_MODE);
  }

  String sslRootCert() {
    return getString(SSL_ROOT_CERT);
  }

  DialectName dialect() {
    return DIALECTS.parse(getString(DIALECT));
  }

  /** Kinds of indexes, and how they are built. */
  DataVecIndexKeys indexKinds() {
    return indexKinds;
  }

  /** The application's name in the server's session list. */
  String applicationName() {
    return "vector-connect " + connector().toLowerCase(Locale.ROOT);
  }
}
