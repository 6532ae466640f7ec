package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.vectorconnect.config.Problem;
import java.security.cert.CertificateException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MilvusTlsTest {
  private static final String CA = "connection.tls.ca.file";
  private static final String NAME = "connection.tls.server.name";
  private static final String CERTIFICATE = "connection.tls.client.certificate.file";
  private static final String KEY = "connection.tls.client.key.file";

  private static MilvusTls tls(String uri, String... keys) {
    Map<String, String> properties = new HashMap<>();
    properties.put(MilvusConnection.URI, uri);
    for (String key : keys) {
      properties.put(key, "something");
    }
    ConfigDef def = MilvusConnection.define(new ConfigDef());
    return new MilvusConnection(new AbstractConfig(def, properties)).tls();
  }

  private static String problemKey(String uri, String... keys) {
    return tls(uri, keys).problem().map(Problem::key).orElse("none");
  }

  @Test
  void keysThatWouldDoNothingAreTold() {
    assertThat(problemKey("http://a")).isEqualTo("none");
    assertThat(problemKey("https://a")).isEqualTo("none");
    for (String key : new String[] {CA, NAME, CERTIFICATE, KEY}) {
      assertThat(problemKey("http://a", key)).isEqualTo(key);
    }
  }

  @Test
  void keysThatNeedEachOtherAreTold() {
    assertThat(problemKey("https://a", CA, CERTIFICATE)).isEqualTo(KEY);
    assertThat(problemKey("https://a", CA, KEY)).isEqualTo(CERTIFICATE);
    assertThat(problemKey("https://a", NAME)).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://a", "a:19530", "a b", "a/b", "::1"})
  void whatIsNoNameIsTold(String name) {
    ConfigDef def = MilvusConnection.define(new ConfigDef());
    assertThatThrownBy(() -> def.parse(Map.of(MilvusConnection.URI, "https://a", NAME, name)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(NAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "milvus-1.example.com", "10.0.0.1", "[::1]", ""})
  void namesAndAddressesAreTaken(String name) {
    ConfigDef def = MilvusConnection.define(new ConfigDef());
    assertThat(def.parse(Map.of(MilvusConnection.URI, "https://a", NAME, name)))
        .containsEntry(NAME, name);
  }

  private static Exception unavailable(Exception cause) {
    return Status.UNAVAILABLE.withCause(cause).asRuntimeException();
  }

  @Test
  void aNameThatDoesNotMatchIsMendedOnTheAddressUntilThereIsAFile() {
    SSLHandshakeException handshake = new SSLHandshakeException("General OpenSslEngine problem");
    handshake.initCause(new CertificateException("No name matching a found"));
    Exception failure = unavailable(handshake);
    assertThat(tls("https://a").refusal(failure)).map(Problem::key).contains(MilvusConnection.URI);
    assertThat(tls("https://a", CA).refusal(failure)).map(Problem::key).contains(NAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Received fatal alert: bad_certificate",
        "Received fatal alert: certificate_required",
        "Received fatal alert: unknown_ca",
        "error:1000045c:SSL routines:OPENSSL_internal:TLSV1_CERTIFICATE_REQUIRED",
        "error:10000412:SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE",
        "error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA"
      })
  void whatAServerSaysOfTheClientIsToldOnItsKey(String alert) {
    Exception failure = unavailable(new SSLException(alert));
    assertThat(tls("https://a").refusal(failure))
        .hasValueSatisfying(
            problem -> {
              assertThat(problem.key()).isEqualTo(CERTIFICATE);
              assertThat(problem.message()).contains("asks for", alert, KEY);
            });
    assertThat(tls("https://a", CA, CERTIFICATE, KEY).refusal(failure))
        .hasValueSatisfying(
            problem -> {
              assertThat(problem.key()).isEqualTo(CERTIFICATE);
              assertThat(problem.message()).contains("refuses", alert);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Received fatal alert: handshake_failure",
        "Received fatal alert: protocol_version",
        "not an SSL/TLS record"
      })
  void otherFailuresAreNoMatterOfCertificates(String message) {
    assertThat(tls("https://a").refusal(unavailable(new SSLException(message)))).isEmpty();
  }
}
