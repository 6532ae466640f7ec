package io.vectorconnect.milvus;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.vectorconnect.config.CertificateKeys;
import io.vectorconnect.config.PemFile;
import io.vectorconnect.config.Problem;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Whom an encrypted connection trusts, and how it proves who it is. */
final class MilvusTls {
  /** Authorities to trust. */
  static final String CA_FILE = "connection.tls.ca.file";

  /** The name that the server's certificate is for. */
  static final String SERVER_NAME = "connection.tls.server.name";

  /** The client's own certificate. */
  static final String CLIENT_CERTIFICATE_FILE = "connection.tls.client.certificate.file";

  /** The key of the client's own certificate. */
  static final String CLIENT_KEY_FILE = "connection.tls.client.key.file";

  private static final List<String> KEYS =
      List.of(CA_FILE, SERVER_NAME, CLIENT_CERTIFICATE_FILE, CLIENT_KEY_FILE);

  /** What a server says of a client's certificate, or of none, before it hangs up (RFC 8446, 6). */
  private static final Pattern ALERT =
      Pattern.compile(
          "(?i)(bad|unsupported|no)[_ ]certificate|certificate[_ ](required|unknown|revoked|expired)"
              + "|unknown[_ ]ca\\b|access[_ ]denied");

  private final AbstractConfig config;
  private final String uri;

  MilvusTls(AbstractConfig config, String uri) {
    this.config = config;
    this.uri = uri;
  }

  /** Adds the keys to a group, from this place on. */
  static ConfigDef define(ConfigDef def, String group, int first) {
    return def.define(
            CA_FILE,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "PEM file with the certificates to trust, on the worker, for https:// in"
                + " connection.uri. Empty: those of the JVM.",
            group,
            first,
            Width.LONG,
            "CA file")
        .define(
            SERVER_NAME,
            Type.STRING,
            "",
            ConfigDef.LambdaValidator.with(MilvusTls::requireName, () -> "a host's name, or empty"),
            Importance.LOW,
            "Name that the server's certificate is for, where that is not the host of"
                + " connection.uri.",
            group,
            first + 1,
            Width.MEDIUM,
            "Server name")
        .define(
            CLIENT_CERTIFICATE_FILE,
            Type.STRING,
            "",
            Importance.LOW,
            "PEM file with the client's own certificate and those between it and its authority, on"
                + " the worker, for a server that asks for one (tlsMode 2). Needs"
                + " connection.tls.client.key.file.",
            group,
            first + 2,
            Width.LONG,
            "Client certificate file")
        .define(
            CLIENT_KEY_FILE,
            Type.STRING,
            "",
            Importance.LOW,
            "PEM file with the private key of the client's certificate, on the worker: PKCS #8,"
                + " without a password.",
            group,
            first + 3,
            Width.LONG,
            "Client key file");
  }

  private static void requireName(String key, Object value) {
    if (!value.toString().matches("[\\w.-]*|\\[[\\p{XDigit}:.]+]")) {
      throw new ConfigException(key, value, "must be a host's name, without scheme and port");
    }
  }

  private Optional<PemFile> file(String key) {
    return PemFile.of(config, key);
  }

  private boolean isSet(String key) {
    return !config.getString(key).isEmpty();
  }

  /** What is wrong with the keys and their files, before the server is asked. */
  Optional<Problem> problem() {
    return useless()
        .or(this::missing)
        .or(() -> trying(CA_FILE, () -> file(CA_FILE).ifPresent(PemFile::certificates)))
        .or(() -> trying(CLIENT_CERTIFICATE_FILE, this::clientKey))
        .or(() -> trying(CLIENT_KEY_FILE, this::requirePair));
  }

  private Optional<Problem> useless() {
    return isEncrypted()
        ? Optional.empty()
        : KEYS.stream()
            .filter(this::isSet)
            .findFirst()
            .map(
                key ->
                    new Problem(
                        key,
                        "%s is for an encrypted connection, and %s is none: write https:// there, or leave the key out"
                            .formatted(key, MilvusConnection.URI)));
  }

  private Optional<Problem> missing() {
    if (isSet(CLIENT_CERTIFICATE_FILE) != isSet(CLIENT_KEY_FILE)) {
      return Optional.of(
          new Problem(
              isSet(CLIENT_KEY_FILE) ? CLIENT_CERTIFICATE_FILE : CLIENT_KEY_FILE,
              "%s and %s need each other".formatted(CLIENT_CERTIFICATE_FILE, CLIENT_KEY_FILE)));
    }
    return Optional.empty();
  }

  private static Optional<Problem> trying(String key, Runnable use) {
    try {
      use.run();
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.of(new Problem(key, e.getMessage()));
    }
  }

  private Optional<PublicKey> clientKey() {
    return file(CLIENT_CERTIFICATE_FILE).map(file -> file.certificates().get(0).getPublicKey());
  }

  private void requirePair() {
    clientKey()
        .ifPresent(
            publicKey -> {
              PemFile file = file(CLIENT_KEY_FILE).orElseThrow();
              if (!isPair(publicKey, file.privateKey(publicKey.getAlgorithm()))) {
                throw file.unusable(
                    "its key is not that of the first certificate in " + CLIENT_CERTIFICATE_FILE);
              }
            });
  }

  /** Of the kinds that are in use; the channel itself refuses the wrong ones of another kind. */
  private static boolean isPair(PublicKey publicKey, PrivateKey privateKey) {
    try {
      Signature signature =
          switch (publicKey.getAlgorithm()) {
            case "RSA" -> Signature.getInstance("SHA256withRSA");
            case "EC" -> Signature.getInstance("SHA256withECDSA");
            default -> null;
          };
      if (signature == null) {
        return true;
      }
      signature.initSign(privateKey);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // of another size, or curve
    }
  }

  /**
   * Sets up the encryption of a channel, or that there is none.
   *
   * @throws MilvusException when the keys or their files are wrong
   */
  void applyTo(NettyChannelBuilder builder) {
    problem()
        .ifPresent(
            problem -> {
              throw MilvusException.untrusted(problem, null);
            });
    if (!isEncrypted()) {
      builder.usePlaintext();
      return;
    }
    try {
      SslContextBuilder ssl = GrpcSslContexts.forClient();
      file(CA_FILE).ifPresent(file -> ssl.trustManager(file.certificates()));
      file(CLIENT_CERTIFICATE_FILE)
          .ifPresent(file -> ssl.keyManager(privateKey(), file.certificates()));
      builder.sslContext(ssl.build());
    } catch (SSLException | IllegalArgumentException e) { // they can be read, and are of no use
      String key = isSet(CLIENT_KEY_FILE) ? CLIENT_KEY_FILE : CA_FILE;
      String message = "the files of connection.tls.* cannot be used: " + e.getMessage();
      throw MilvusException.untrusted(new Problem(key, message), e);
    }
    if (isSet(SERVER_NAME)) {
      builder.overrideAuthority(config.getString(SERVER_NAME));
    }
  }

  private boolean isEncrypted() {
    return uri.startsWith("https:");
  }

  private PrivateKey privateKey() {
    return file(CLIENT_KEY_FILE).orElseThrow().privateKey(clientKey().orElseThrow().getAlgorithm());
  }

  /** What to do, where a connection failed because one side refused the other's certificate. */
  Optional<Problem> refusal(Throwable failure) {
    String nameKey = isSet(CA_FILE) ? SERVER_NAME : MilvusConnection.URI;
    return new CertificateKeys(MilvusConnection.URI, nameKey, CA_FILE)
        .refusal(failure, uri)
        .or(() -> alert(failure).map(this::refusedClient));
  }

  private Problem refusedClient(String alert) {
    return isSet(CLIENT_CERTIFICATE_FILE)
        ? new Problem(
            CLIENT_CERTIFICATE_FILE,
            "%s refuses the client's certificate: %s; name one that is valid now, with those between it and an authority that the server trusts, in %s"
                .formatted(uri, alert, CLIENT_CERTIFICATE_FILE))
        : new Problem(
            CLIENT_CERTIFICATE_FILE,
            "%s asks for a client's certificate: %s; name files with one and its key in %s and %s"
                .formatted(uri, alert, CLIENT_CERTIFICATE_FILE, CLIENT_KEY_FILE));
  }

  private static Optional<String> alert(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof SSLException && ALERT.matcher(message).find()) {
        return Optional.of(message);
      }
    }
    return Optional.empty();
  }
}
