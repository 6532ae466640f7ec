package io.vectorconnect.config;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The keys to mend when a server's certificate is refused.
 *
 * @param address says where the server is
 * @param name says which name its certificate is for; the same as the address where there is no
 *     such key
 * @param authorities names the file with the authorities to trust
 */
public record CertificateKeys(String address, String name, String authorities) {
  /**
   * What to do, where a connection failed because of the server's certificate.
   *
   * @param failure any failure; its causes tell
   * @param server the server, as the user wrote it
   */
  public Optional<Problem> refusal(Throwable failure, String server) {
    return cause(failure, CertificateException.class::isInstance)
        .map(refusal -> refusal(failure, String.valueOf(refusal.getMessage()), server));
  }

  private Problem refusal(Throwable failure, String reason, String server) {
    Optional<Throwable> untimely = cause(failure, CertificateKeys::isUntimely);
    if (untimely.isPresent()) {
      return new Problem(
          address,
          "the certificate of %s has ended, or has not begun: %s; renew it on the server"
              .formatted(server, untimely.get().getMessage()));
    }
    // The words of the JDK's check of names, which netty uses too.
    if (reason.contains("subject alternative") || reason.startsWith("No name matching")) {
      return new Problem(
          name,
          "the certificate of %s is for another host: %s; write the name in %s that it is for"
              .formatted(server, reason, name));
    }
    return new Problem(
        authorities,
        "the certificate of %s is not trusted: %s; name a file with its authority's in %s"
            .formatted(server, reason, authorities));
  }

  private static boolean isUntimely(Throwable cause) {
    return cause instanceof CertificateExpiredException
        || cause instanceof CertificateNotYetValidException;
  }

  private static Optional<Throwable> cause(Throwable failure, Predicate<Throwable> wanted) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (wanted.test(cause)) {
        return Optional.of(cause);
      }
    }
    return Optional.empty();
  }
}
