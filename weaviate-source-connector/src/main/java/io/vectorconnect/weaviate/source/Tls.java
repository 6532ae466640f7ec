package io.vectorconnect.weaviate.source;

import io.vectorconnect.weaviate.source.WeaviateException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.kafka.common.config.ConfigException;

/** Whom to trust, and what to say when a certificate is refused. */
final class Tls {
  private Tls() {}

  /**
   * Trusts the certificates of a PEM file.
   *
   * @param andJvm whether those that the JVM trusts are good as well
   * @throws ConfigException when the file cannot be used
   */
  static SSLContext trusting(Path file, boolean andJvm) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates(file)) {
        store.setCertificateEntry("file" + number++, certificate);
      }
      if (number == 0) {
        throw new CertificateException("there is no certificate in it");
      }
      for (Certificate certificate : andJvm ? jvm() : List.<Certificate>of()) {
        store.setCertificateEntry("jvm" + number++, certificate);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(store), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigException(
          WeaviateConnection.CA_FILE, file, "cannot be used: " + e.getMessage());
    }
  }

  private static Iterable<? extends Certificate> certificates(Path file)
      throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static List<? extends Certificate> jvm() throws GeneralSecurityException {
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        return List.of(x509.getAcceptedIssuers());
      }
    }
    return List.of();
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /**
   * What to do, where a connection failed because of the server's certificate.
   *
   * @param address the server, as the user wrote it
   * @param addressKey the key that it is written on
   */
  static Optional<WeaviateException> refusal(Throwable failure, String address, String addressKey) {
    return reason(failure).map(reason -> refusal(reason, failure, address, addressKey));
  }

  private static WeaviateException refusal(
      String reason, Throwable failure, String address, String addressKey) {
    // The words of the JDK's check of names, which netty uses too.
    return reason.contains("subject alternative") || reason.startsWith("No name matching")
        ? WeaviateException.about(
            addressKey,
            Kind.UNTRUSTED,
            "the certificate of %s is for another host: %s; write the name in %s that it is for"
                .formatted(address, reason, addressKey),
            failure)
        : WeaviateException.about(
            WeaviateConnection.CA_FILE,
            Kind.UNTRUSTED,
            "the certificate of %s is not trusted: %s; name a file with its authority's in %s"
                .formatted(address, reason, WeaviateConnection.CA_FILE),
            failure);
  }

  private static Optional<String> reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return Optional.of(String.valueOf(cause.getMessage()));
      }
    }
    return Optional.empty();
  }
}
