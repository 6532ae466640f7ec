package io.vectorconnect.weaviate.source.config;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.PemFile;
import io.vectorconnect.weaviate.source.client.Tls;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The keys that say where Weaviate is, and how to log in. */
public final class WeaviateConnection {
  /** How objects are fetched. */
  public enum Transport {
    AUTO,
    GRPC,
    REST
  }

  public static final String URI_KEY = "connection.uri";
  public static final String GRPC_ADDRESS = "connection.grpc.address";
  public static final String TRANSPORT = "connection.transport";
  public static final String TOKEN = "connection.token";
  static final String OIDC_CLIENT_ID = "connection.oidc.client.id";
  public static final String OIDC_CLIENT_SECRET = "connection.oidc.client.secret";
  static final String OIDC_SCOPE = "connection.oidc.scope";
  static final String HEADERS = "connection.headers";
  public static final String CA_FILE = "connection.tls.ca.file";
  public static final String TIMEOUT_MS = "connection.timeout.ms";

  private static final int GRPC_PORT = 50051;
  private static final EnumValidator<Transport> TRANSPORTS = EnumValidator.of(Transport.class);

  private final AbstractConfig config;

  WeaviateConnection(AbstractConfig config) {
    this.config = config;
  }

  /** Adds the keys, as their own group. */
  static ConfigDef define(ConfigDef def) {
    return login(address(def));
  }

  private static final String GROUP = "Connection";

  private static ConfigDef address(ConfigDef def) {
    return def.define(
            URI_KEY,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            ConfigDef.LambdaValidator.with(
                WeaviateConnection::requireUri, () -> "http://host:port or https://host:port"),
            Importance.HIGH,
            "Address of Weaviate's REST API, such as http://weaviate:8080; https:// encrypts both"
                + " REST and gRPC.",
            GROUP,
            1,
            Width.LONG,
            "Address")
        .define(
            GRPC_ADDRESS,
            Type.STRING,
            "",
            ConfigDef.LambdaValidator.with(
                WeaviateConnection::requireHostPort, () -> "host:port, or empty"),
            Importance.MEDIUM,
            "Address of Weaviate's gRPC API as host:port. Empty: port 50051 of the same host.",
            GROUP,
            2,
            Width.LONG,
            "gRPC address")
        .define(
            TRANSPORT,
            Type.STRING,
            "auto",
            TRANSPORTS,
            Importance.LOW,
            "How objects are read. auto: by gRPC, which sends vectors as bytes, or by REST where"
                + " nothing answers gRPC. grpc: gRPC must answer. rest: by REST. Collections with"
                + " references are always read by REST, because gRPC leaves out references to"
                + " deleted objects.",
            GROUP,
            3,
            Width.SHORT,
            "Transport",
            TRANSPORTS)
        .define(
            CA_FILE,
            Type.STRING,
            "",
            Importance.LOW,
            "PEM file with the certificates to trust, on the worker, for both REST and gRPC, and beside"
                + " the JVM's for the OIDC issuer. Empty: those of the JVM.",
            GROUP,
            9,
            Width.LONG,
            "CA file")
        .define(
            TIMEOUT_MS,
            Type.LONG,
            30_000L,
            Range.between(100, 3_600_000),
            Importance.LOW,
            "How long to wait for the whole answer to one request, in milliseconds.",
            GROUP,
            10,
            Width.SHORT,
            "Request timeout");
  }

  private static ConfigDef login(ConfigDef def) {
    return def.define(
            TOKEN,
            Type.PASSWORD,
            "",
            HeaderList.TOKEN,
            Importance.HIGH,
            "API key, or a bearer token.",
            GROUP,
            4,
            Width.LONG,
            "API key")
        .define(
            OIDC_CLIENT_ID,
            Type.STRING,
            "",
            Importance.LOW,
            "Client for the OIDC flow of client credentials, at the issuer that Weaviate names; used"
                + " where a client secret is set.",
            GROUP,
            5,
            Width.MEDIUM,
            "OIDC client")
        .define(
            OIDC_CLIENT_SECRET,
            Type.PASSWORD,
            "",
            Importance.LOW,
            "Secret of the OIDC client.",
            GROUP,
            6,
            Width.MEDIUM,
            "OIDC client secret")
        .define(
            OIDC_SCOPE,
            Type.STRING,
            "",
            Importance.LOW,
            "Scopes to ask for, separated by spaces.",
            GROUP,
            7,
            Width.MEDIUM,
            "OIDC scope")
        .define(
            HEADERS,
            Type.PASSWORD,
            "",
            HeaderList.VALID,
            Importance.LOW,
            "Headers of every request by REST and gRPC, as name:value,name:value; not sent to the OIDC"
                + " issuer. Masked, for they may be secrets.",
            GROUP,
            8,
            Width.LONG,
            "Headers");
  }

  private static void requireUri(String key, Object value) {
    if (value == null || !value.toString().matches("https?://[^/\\s@]+/?")) {
      throw new ConfigException(key, value, "must be http://host:port or https://host:port");
    }
  }

  private static void requireHostPort(String key, Object value) {
    if (!value.toString().matches("|[^/\\s@]+:\\d{1,5}")) {
      throw new ConfigException(key, value, "must be host:port");
    }
  }

  /** The REST address, without a slash at its end. */
  public String uri() {
    return config.getString(URI_KEY).replaceAll("/$", "");
  }

  public boolean encrypted() {
    return uri().startsWith("https:");
  }

  /** The gRPC address as {@code host:port}. */
  public String grpcAddress() {
    String address = config.getString(GRPC_ADDRESS);
    return address.isEmpty() ? URI.create(uri()).getHost() + ":" + GRPC_PORT : address;
  }

  public Transport transport() {
    return TRANSPORTS.parse(config.getString(TRANSPORT));
  }

  public String token() {
    return config.getPassword(TOKEN).value();
  }

  public String oidcClientId() {
    return config.getString(OIDC_CLIENT_ID);
  }

  public String oidcClientSecret() {
    return config.getPassword(OIDC_CLIENT_SECRET).value();
  }

  public String oidcScope() {
    return config.getString(OIDC_SCOPE);
  }

  /** The key that a refused login is about. */
  public String loginKey() {
    return oidcClientSecret().isEmpty() ? TOKEN : OIDC_CLIENT_SECRET;
  }

  /**
   * Headers of every request, names in lower case.
   *
   * @throws ConfigException when they cannot be sent; shows none of them
   */
  public Map<String, String> headers() {
    return HeaderList.parse(config.getPassword(HEADERS).value());
  }

  public Duration requestTimeout() {
    return Duration.ofMillis(config.getLong(TIMEOUT_MS));
  }

  public Optional<PemFile> caFile() {
    return PemFile.of(config, CA_FILE);
  }

  /** Whom REST trusts, where that is not the JVM's own choice. */
  public Optional<SSLContext> sslContext() {
    return caFile().map(file -> Tls.trusting(file, false));
  }

  /** Whom to trust at the OIDC issuer: it may be a public one, whoever signed for Weaviate. */
  public Optional<SSLContext> issuerSslContext() {
    return caFile().map(file -> Tls.trusting(file, true));
  }
}
