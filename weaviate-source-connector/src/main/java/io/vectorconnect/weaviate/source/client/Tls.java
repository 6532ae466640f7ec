package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.config.CertificateKeys;
import io.vectorconnect.config.PemFile;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.WeaviateConnection;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.kafka.common.config.ConfigException;

/** Whom to trust, and what to say when a certificate is refused. */
public final class Tls {
  private Tls() {}

  /**
   * Trusts the certificates of a PEM file.
   *
   * @param andJvm whether those that the JVM trusts are good as well
   * @throws ConfigException when the file cannot be used
   */
  public static SSLContext trusting(PemFile file, boolean andJvm) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : file.certificates()) {
        store.setCertificateEntry("file" + number++, certificate);
      }
      for (Certificate certificate : andJvm ? jvm() : List.<Certificate>of()) {
        store.setCertificateEntry("jvm" + number++, certificate);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(store), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw file.unusable(String.valueOf(e.getMessage()));
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
    return new CertificateKeys(addressKey, addressKey, WeaviateConnection.CA_FILE)
        .refusal(failure, address)
        .map(
            problem ->
                WeaviateException.about(problem.key(), Kind.UNTRUSTED, problem.message(), failure));
  }
}
