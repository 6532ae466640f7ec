package io.vectorconnect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFileTest {
  private static final String KEY = "some.file";

  @TempDir private Path folder;

  private static List<X509Certificate> someCertificates() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
    return List.of(manager.getAcceptedIssuers()).subList(0, 2);
  }

  private static PrivateKey someKey(String algorithm) throws Exception {
    return KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
  }

  private static String block(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(content), label);
  }

  private PemFile file(String text) throws IOException {
    return new PemFile(KEY, Files.writeString(folder.resolve("it.pem"), text).toString());
  }

  @Test
  void anEmptyKeyNamesNoFile() {
    ConfigDef def =
        new ConfigDef().define(KEY, ConfigDef.Type.STRING, "", ConfigDef.Importance.LOW, "");
    assertThat(PemFile.of(new AbstractConfig(def, Map.of()), KEY)).isEmpty();
    assertThat(PemFile.of(new AbstractConfig(def, Map.of(KEY, "a.pem")), KEY))
        .contains(new PemFile(KEY, "a.pem"));
  }

  @Test
  void certificatesComeInOrderWhateverStandsBetweenThem() throws Exception {
    List<X509Certificate> some = someCertificates();
    String text =
        "Issuer: somebody\r\n"
            + block("CERTIFICATE", some.get(0).getEncoded())
            + block("PRIVATE KEY", someKey("EC").getEncoded())
            + "\n# the next one\n"
            + block("CERTIFICATE", some.get(1).getEncoded()).replace("\n", "\r\n");
    assertThat(file(text).certificates()).isEqualTo(some);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void keysAreRead(String algorithm) throws Exception {
    PrivateKey key = someKey(algorithm);
    String text =
        block("CERTIFICATE", someCertificates().get(0).getEncoded())
            + block("PRIVATE KEY", key.getEncoded());
    assertThat(file(text).privateKey(algorithm)).isEqualTo(key);
  }

  @Test
  void whatCannotBeUsedIsToldWithoutShowingIt() throws Exception {
    byte[] content = someKey("EC").getEncoded();
    String secret = Base64.getEncoder().encodeToString(content).substring(40, 56);
    PemFile key = file(block("PRIVATE KEY", content));
    assertThatThrownBy(key::certificates)
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(KEY, "it.pem", "no certificate in it");
    assertThatThrownBy(() -> key.privateKey("RSA"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(KEY, "it.pem", "is none of RSA")
        .hasMessageNotContaining(secret)
        .hasNoCause();
    for (String label : List.of("RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY")) {
      assertThatThrownBy(() -> file(block(label, content)).privateKey("EC"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll(label, "openssl pkcs8")
          .hasMessageNotContaining(secret);
    }
    assertThatThrownBy(() -> file(block("CERTIFICATE", content)).certificates())
        .hasMessageContaining("certificate 1 in it cannot be read")
        .hasMessageNotContaining(secret);
    assertThatThrownBy(() -> file("").privateKey("EC")).hasMessageContaining("no key in it");
  }

  @Test
  void filesThatAreNotThereOrBinaryAreTold() throws Exception {
    assertThatThrownBy(() -> new PemFile(KEY, folder + "/absent.pem").certificates())
        .hasMessageContainingAll(KEY, "absent.pem", "there is no such file");
    assertThatThrownBy(() -> new PemFile(KEY, folder.toString()).certificates())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot be used");
    assertThatThrownBy(() -> new PemFile(KEY, "a\0b").certificates())
        .isInstanceOf(ConfigException.class);
    Path der = Files.write(folder.resolve("ca.der"), someCertificates().get(0).getEncoded());
    assertThatThrownBy(() -> new PemFile(KEY, der.toString()).certificates())
        .hasMessageContaining("no certificate in it");
  }
}
