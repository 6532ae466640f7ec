package io.vectorconnect.oceanbase;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the driver is told, and which key its refusal is about. */
class EncryptionTest {
  @ParameterizedTest
  @CsvSource({
    "disable, false, false, true",
    "require, true, true, true",
    "verify-ca, true, false, true",
    "verify-full, true, false, false"
  })
  void setsTheDriversProperties(String mode, String ssl, String trust, String anyName) {
    Properties properties = new Properties();
    new Encryption(mode, "").apply(properties);
    assertThat(properties)
        .containsOnly(
            Map.entry("useSsl", ssl),
            Map.entry("trustServerCertificate", trust),
            Map.entry("disableSslHostnameVerification", anyName));
    new Encryption(mode, "/ca.pem").apply(properties);
    assertThat(properties).containsEntry("serverSslCert", "/ca.pem");
  }

  @Test
  void tellsTheKeyOfARefusal() {
    SSLException handshake = new SSLHandshakeException("refused");
    assertThat(Encryption.key(new SQLException("x", handshake))).contains(Encryption.SSL_MODE);
    handshake.initCause(new CertificateException("unknown"));
    assertThat(Encryption.key(new SQLException("x", new SQLException("y", handshake))))
        .contains(Encryption.SSL_ROOT_CERT);
    assertThat(Encryption.key(new SQLException("Failed to find serverSslCert file")))
        .contains(Encryption.SSL_ROOT_CERT);
    assertThat(Encryption.key(new SQLException("SSL hostname verification failed")))
        .contains(Encryption.SSL_MODE);
    assertThat(Encryption.key(new SQLException("Access denied"))).isEmpty();
    assertThat(Encryption.key(new SQLException())).isEmpty();
  }
}
