package io.vectorconnect.milvus;

import io.vectorconnect.config.Problem;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The keys of a connection to Milvus, the same for every connector. */
public final class MilvusConnection {
  /** Address. */
  public static final String URI = "connection.uri";

  /** API key, or user and password with a colon between. */
  public static final String TOKEN = "connection.token";

  /** User, where there is no token. */
  public static final String USER = "connection.user";

  /** Password of the user. */
  public static final String PASSWORD = "connection.password";

  /** Database. */
  public static final String DATABASE = "connection.database";

  /** Deadline of each request. */
  public static final String TIMEOUT_MS = "connection.timeout.ms";

  /** Long enough for a slow network, short enough for a person. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String GROUP = "Connection";

  private final AbstractConfig config;

  /** The connection that a configuration with these keys names. */
  public MilvusConnection(AbstractConfig config) {
    this.config = config;
  }

  /** Adds the keys, as their own group. */
  public static ConfigDef define(ConfigDef def) {
    return MilvusTls.define(address(def), GROUP, 6)
        .define(
            TIMEOUT_MS,
            Type.LONG,
            30_000L,
            Range.between(100, 3_600_000),
            Importance.LOW,
            "How long to wait for the answer to one request, in milliseconds.",
            GROUP,
            10,
            Width.SHORT,
            "Request timeout");
  }

  private static ConfigDef address(ConfigDef def) {
    return def.define(
            URI,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            ConfigDef.LambdaValidator.with(
                MilvusConnection::requireUri, () -> "http://host:port or https://host:port"),
            Importance.HIGH,
            "Address of Milvus, such as http://milvus:19530; https:// encrypts the connection.",
            GROUP,
            1,
            Width.LONG,
            "Address")
        .define(
            TOKEN,
            Type.PASSWORD,
            "",
            Importance.HIGH,
            "API key or token, as Zilliz Cloud issues it; goes before user and password.",
            GROUP,
            2,
            Width.LONG,
            "Token")
        .define(
            USER,
            Type.STRING,
            "",
            Importance.HIGH,
            "User to log in as, where authorization is enabled.",
            GROUP,
            3,
            Width.MEDIUM,
            "User")
        .define(
            PASSWORD,
            Type.PASSWORD,
            "",
            Importance.HIGH,
            "Password of the user.",
            GROUP,
            4,
            Width.MEDIUM,
            "Password")
        .define(
            DATABASE,
            Type.STRING,
            "default",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Database of the collections.",
            GROUP,
            5,
            Width.MEDIUM,
            "Database");
  }

  private static void requireUri(String key, Object value) {
    try {
      Endpoint.of(String.valueOf(value));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "%s %s; write http://host:port or https://host:port".formatted(key, e.getMessage()));
    }
  }

  /** The address. */
  public String uri() {
    return config.getString(URI);
  }

  Endpoint endpoint() {
    return Endpoint.of(uri());
  }

  /** Whether the address is one that Zilliz Cloud gives to its clusters. */
  public boolean isZillizCloud() {
    return endpoint().isZillizCloud();
  }

  /** Whom an encrypted connection trusts. */
  MilvusTls tls() {
    return new MilvusTls(config, uri());
  }

  private String token() {
    return config.getPassword(TOKEN).value();
  }

  /** The token, or user and password with a colon between; empty where there is neither. */
  Optional<String> credentials() {
    if (!token().isEmpty()) {
      return Optional.of(token());
    }
    String user = config.getString(USER);
    return user.isEmpty()
        ? Optional.empty()
        : Optional.of(user + ':' + config.getPassword(PASSWORD).value());
  }

  /** The database's name. */
  public String database() {
    return config.getString(DATABASE);
  }

  /** How long one request may take. */
  public Duration requestTimeout() {
    return Duration.ofMillis(config.getLong(TIMEOUT_MS));
  }

  /** The same where a person waits for the answer. */
  public Duration checkTimeout() {
    return requestTimeout().compareTo(PATIENCE) < 0 ? requestTimeout() : PATIENCE;
  }

  /** The key that a refused login is about. */
  public String loginKey() {
    return token().isEmpty() ? PASSWORD : TOKEN;
  }

  /** What a failed request says of the connection, on the key that it is about. */
  public Problem problem(MilvusException e) {
    String text = e.getMessage();
    return switch (e.kind()) {
      case DENIED ->
          new Problem(
              loginKey(),
              "%s refused the login, or the user lacks a privilege. %s".formatted(uri(), text));
      case NO_DATABASE ->
          new Problem(
              DATABASE, "There is no database %s on %s. %s".formatted(database(), uri(), text));
      case UNREACHABLE -> new Problem(URI, "No answer from %s. %s".formatted(uri(), text));
      case BUSY ->
          new Problem(
              URI,
              "%s is starting, busy or at a limit; try again later. %s".formatted(uri(), text));
      case UNTRUSTED, TOO_LARGE, NO_COLLECTION, NOT_LOADED, INVALID, REFUSED ->
          new Problem(e.key().orElse(URI), text);
    };
  }
}
