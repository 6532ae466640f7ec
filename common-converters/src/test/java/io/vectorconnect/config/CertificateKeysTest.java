package io.vectorconnect.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateKeysTest {
  private static final CertificateKeys KEYS = new CertificateKeys("address", "name", "authorities");

  private static Exception failure(Throwable cause) {
    SSLHandshakeException handshake = new SSLHandshakeException("it failed");
    handshake.initCause(cause);
    return new IOException(handshake);
  }

  @ParameterizedTest
  @CsvSource({
    "No subject alternative names matching IP address 127.0.0.1 found, name, another host",
    "No subject alternative DNS name matching a found., name, another host",
    "No name matching a found, name, another host",
    "PKIX path building failed, authorities, is not trusted",
  })
  void theKeyToMendIsTold(String reason, String key, String message) {
    Problem problem =
        KEYS.refusal(failure(new CertificateException(reason)), "https://b").orElseThrow();
    assertThat(problem.key()).isEqualTo(key);
    assertThat(problem.message()).contains("https://b", reason, message);
  }

  @Test
  void aCertificateThatHasEndedIsNoMatterOfTrust() {
    CertificateException ended =
        new CertificateException(
            "PKIX path validation failed",
            new CertPathValidatorException(
                "validity check failed", new CertificateExpiredException("NotAfter: May")));
    assertThat(KEYS.refusal(failure(ended), "https://b"))
        .hasValueSatisfying(
            problem -> {
              assertThat(problem.key()).isEqualTo("address");
              assertThat(problem.message()).contains("has ended", "NotAfter: May", "renew it");
            });
  }

  @Test
  void otherFailuresAreNone() {
    assertThat(KEYS.refusal(failure(new IOException("gone")), "https://b"))
        .isEqualTo(Optional.empty());
  }
}
