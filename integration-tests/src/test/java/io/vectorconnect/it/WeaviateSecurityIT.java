package io.vectorconnect.it;

import static io.vectorconnect.it.WeaviateObjects.problems;
import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Weaviate source through TLS, and with headers that a gate asks for. */
@Services(alone = WEAVIATE)
@Timeout(120)
class WeaviateSecurityIT {
  private static final String LOOPBACK = "ip:127.0.0.1,dns:localhost";

  @TempDir private static Path folder;
  private static Path caFile;
  private static Path otherCaFile;
  private static SSLContext keys;
  private static SSLContext keysOfAnotherHost;
  private static SSLContext expiredKeys;

  private final WeaviateObjects weaviate = new WeaviateObjects();

  @BeforeAll
  static void makeCertificates() throws Exception {
    TestCertificates authority = new TestCertificates(folder.resolve("ca"));
    caFile = authority.caFile();
    keys = authority.server(LOOPBACK);
    keysOfAnotherHost = authority.server("dns:elsewhere.example");
    expiredKeys = authority.expiredServer(LOOPBACK);
    otherCaFile = new TestCertificates(folder.resolve("other")).caFile();
  }

  private TlsProxy rest(SSLContext context) throws Exception {
    return new TlsProxy(context, weaviate.server().url().replace("http://", ""));
  }

  private TlsProxy grpc(SSLContext context) throws Exception {
    return new TlsProxy(context, weaviate.server().grpcAddress());
  }

  private Map<String, String> config(TlsProxy rest, TlsProxy grpc, Path ca, String... more) {
    Map<String, String> config = weaviate.sourceConfig("Encrypted", more);
    config.put("connection.uri", "https://" + rest.address());
    config.put("connection.grpc.address", grpc.address());
    config.put("connection.tls.ca.file", ca == null ? "" : ca.toString());
    return config;
  }

  private static List<SourceRecord> read(Map<String, String> config, int count) throws Exception {
    return new SourceHarness(new WeaviateSourceConnector())
        .run(config, read -> read.size() == count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "rest", "auto"})
  void readsThroughTlsWithTheConfiguredAuthority(String transport) throws Exception {
    weaviate.fill("Encrypted", 700, "");
    try (TlsProxy rest = rest(keys);
        TlsProxy grpc = grpc(keys)) {
      Map<String, String> config =
          config(rest, grpc, caFile, "connection.transport", transport, "batch.max.rows", "100");
      assertThat(problems(config)).isEmpty();
      assertThat(WeaviateObjects.ids(read(config, 700)))
          .containsExactlyElementsOf(WeaviateObjects.uuids(700));
      assertThat(rest.handshakes()).isPositive();
      assertThat(grpc.handshakes() > 0).isEqualTo(!transport.equals("rest"));
    }
    weaviate.drop("Encrypted");
  }

  @Test
  void anUnknownAuthorityIsRefusedOnTheKeyOfTheFile() throws Exception {
    weaviate.fill("Encrypted", 10, "");
    try (TlsProxy rest = rest(keys);
        TlsProxy grpc = grpc(keys)) {
      for (Path ca : Stream.of(null, otherCaFile).toArray(Path[]::new)) {
        Map<String, String> config = config(rest, grpc, ca);
        assertThat(problems(config))
            .containsOnlyKeys("connection.tls.ca.file")
            .allSatisfy(
                (key, message) ->
                    assertThat(message).contains(rest.address()).contains("is not trusted"));
        assertThatThrownBy(() -> read(config, 10))
            .isInstanceOf(ConnectException.class)
            .hasMessageContaining("connection.tls.ca.file");
      }
      assertThat(rest.handshakes()).isZero();
    }
  }

  @Test
  void grpcIsNotTrustedBecauseRestIs() throws Exception {
    weaviate.fill("Encrypted", 10, "");
    SSLContext strange = new TestCertificates(folder.resolve("strange")).server(LOOPBACK);
    try (TlsProxy rest = rest(keys);
        TlsProxy grpc = grpc(strange)) {
      for (String transport : List.of("grpc", "auto")) {
        Map<String, String> config = config(rest, grpc, caFile, "connection.transport", transport);
        assertThat(problems(config))
            .containsOnlyKeys("connection.tls.ca.file")
            .allSatisfy((key, message) -> assertThat(message).contains(grpc.address()));
        // Not tried for five minutes: another try would not help.
        assertThatThrownBy(() -> read(config, 10))
            .isInstanceOf(ConnectException.class)
            .hasMessageContaining("is not trusted");
      }
      assertThat(grpc.handshakes()).isZero();
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefusedOnTheKeyOfTheAddress() throws Exception {
    weaviate.fill("Encrypted", 10, "");
    try (TlsProxy good = rest(keys);
        TlsProxy rest = rest(keysOfAnotherHost);
        TlsProxy grpc = grpc(keysOfAnotherHost)) {
      assertThat(problems(config(rest, grpc, caFile)))
          .containsOnlyKeys("connection.uri")
          .allSatisfy((key, message) -> assertThat(message).contains("is for another host"));
      assertThat(problems(config(good, grpc, caFile)))
          .containsOnlyKeys("connection.grpc.address")
          .allSatisfy((key, message) -> assertThat(message).contains("is for another host"));
      assertThatThrownBy(() -> read(config(good, grpc, caFile), 10))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("is for another host");
    }
  }

  @Test
  void aCertificateThatHasEndedIsToldOnTheKeyOfTheAddress() throws Exception {
    weaviate.fill("Encrypted", 10, "");
    try (TlsProxy rest = rest(expiredKeys);
        TlsProxy grpc = grpc(keys)) {
      assertThat(problems(config(rest, grpc, caFile)))
          .containsOnlyKeys("connection.uri")
          .allSatisfy((key, message) -> assertThat(message).contains("has ended"));
    }
    try (TlsProxy rest = rest(keys);
        TlsProxy grpc = grpc(expiredKeys)) {
      assertThat(problems(config(rest, grpc, caFile)))
          .containsOnlyKeys("connection.grpc.address")
          .allSatisfy((key, message) -> assertThat(message).contains("has ended"));
    }
  }

  @Test
  void mixedUpSchemesAndUselessFilesAreTold() throws Exception {
    weaviate.fill("Encrypted", 10, "");
    try (TlsProxy rest = rest(keys);
        TlsProxy grpc = grpc(keys)) {
      Map<String, String> config = config(rest, grpc, caFile);
      config.put("connection.uri", weaviate.server().url().replace("http:", "https:"));
      assertThat(problems(config)).containsOnlyKeys("connection.uri");
      config.put("connection.uri", "http://" + rest.address());
      assertThat(problems(config)).containsOnlyKeys("connection.uri");
      assertThat(problems(config(rest, grpc, folder.resolve("missing.pem"))))
          .containsOnlyKeys("connection.tls.ca.file");
      Path empty = Files.writeString(folder.resolve("empty.pem"), "\n");
      assertThat(problems(config(rest, grpc, empty))).containsOnlyKeys("connection.tls.ca.file");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "rest"})
  void ownHeadersReachRestAndGrpc(String transport) throws Exception {
    weaviate.fill("Gated", 250, "");
    try (HttpGate rest = new HttpGate(weaviate.server().url());
        GrpcGate grpc = new GrpcGate(weaviate.server().grpcAddress())) {
      rest.fault(
          exchange ->
              !"open sesame".equals(exchange.getRequestHeaders().getFirst("X-Gate"))
                  && HttpGate.answer(exchange, 403, ""));
      grpc.check(
          headers ->
              "open sesame".equals(GrpcGate.header(headers, "x-gate"))
                      && "7".equals(GrpcGate.header(headers, "x-team"))
                  ? Status.OK
                  : Status.PERMISSION_DENIED.withDescription("closed"));
      Map<String, String> config =
          weaviate.sourceConfig(
              "Gated",
              "connection.uri",
              rest.url(),
              "connection.grpc.address",
              grpc.address(),
              "connection.transport",
              transport,
              "connection.headers",
              "X-Gate: open sesame, X-Team:7");
      assertThat(problems(config)).isEmpty();
      assertThat(WeaviateObjects.ids(read(config, 250)))
          .containsExactlyElementsOf(WeaviateObjects.uuids(250));
      assertThat(rest.calls()).extracting(HttpGate.Call::gate).containsOnly("open sesame");
      assertThat(grpc.calls().isEmpty()).isEqualTo(transport.equals("rest"));
      config.put("connection.headers", "X-Gate:closed");
      assertThat(problems(config)).containsOnlyKeys("connection.token");
    }
    weaviate.drop("Gated");
  }

  @Test
  void whatCannotBeSentAsAHeaderIsToldWithoutShowingIt() {
    weaviate.fill("Gated", 1, "");
    for (String token : List.of("hush-hush\n", "hush hush", "hüsh")) {
      assertThat(problems(weaviate.sourceConfig("Gated", "connection.token", token)))
          .containsOnlyKeys("connection.token")
          .allSatisfy(
              (key, message) -> assertThat(message).doesNotContain("h" + token.charAt(1) + "sh"));
    }
    for (String headers :
        List.of("X-Key:hush\u0001hush", "Host:hush", "X Y:hush", "X-Key-bin:hush", "hush")) {
      assertThat(problems(weaviate.sourceConfig("Gated", "connection.headers", headers)))
          .containsOnlyKeys("connection.headers")
          .allSatisfy((key, message) -> assertThat(message).doesNotContain("hush"));
    }
    weaviate.drop("Gated");
  }
}
