package io.vectorconnect.it;

import static io.vectorconnect.it.WeaviateObjects.problems;
import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.LocalStack;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Weaviate source with tokens of an OIDC issuer, which a real Weaviate checks. */
@Services(alone = WEAVIATE)
@Timeout(120)
class WeaviateOidcIT {
  private static final int ROWS = 600;
  private static final int BATCH = 30;
  private static final int RENEWALS = 2;

  private static OidcIssuer issuer;
  private static LocalStack stack;
  private static WeaviateObjects weaviate;

  @BeforeAll
  static void start() throws Exception {
    issuer = new OidcIssuer();
    stack =
        LocalStack.builder()
            .components(Component.WEAVIATE)
            .weaviateSetting("AUTHENTICATION_OIDC_ENABLED", "true")
            .weaviateSetting("AUTHENTICATION_OIDC_ISSUER", issuer.url())
            .weaviateSetting("AUTHENTICATION_OIDC_CLIENT_ID", OidcIssuer.CLIENT)
            .weaviateSetting("AUTHENTICATION_OIDC_USERNAME_CLAIM", "sub")
            .weaviateSetting("AUTHORIZATION_ADMINLIST_READONLY_USERS", "reader," + OidcIssuer.USER)
            .start();
    weaviate = new WeaviateObjects(stack.weaviate());
    weaviate.fill("Papers", ROWS, "");
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
    issuer.close();
  }

  private static Map<String, String> config(String... more) {
    Map<String, String> config = weaviate.sourceConfig("Papers", more);
    config.remove("connection.token");
    config.put("connection.oidc.client.secret", OidcIssuer.SECRET);
    config.put("batch.max.rows", Integer.toString(BATCH));
    config.put("retry.backoff.ms", "50");
    return config;
  }

  /** Reads at a pace at which tokens end on the way, until {@link #RENEWALS} did; then the rest. */
  private static List<SourceRecord> readSlowly(Map<String, String> config) throws Exception {
    int[] begun = {0};
    List<SourceRecord> records =
        new SourceHarness(new WeaviateSourceConnector())
            .run(
                config,
                read -> {
                  if (read.size() == BATCH && begun[0] == 0) {
                    begun[0] = issuer.tokens().size();
                  }
                  boolean between = !read.isEmpty() && read.size() % BATCH == 0;
                  if (between && issuer.tokens().size() - begun[0] < RENEWALS) {
                    pause(250);
                  }
                  return read.size() == ROWS;
                });
    // Each of the other batches is a request, which may go with the token that there is.
    assertThat(issuer.tokens().size() - begun[0])
        .as("tokens asked for while rows were read")
        .isBetween(RENEWALS, 10);
    return records;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertNoSecrets(TestLog log) throws Exception {
    assertThat(log.text()).contains("Papers").doesNotContain("s3cret").doesNotContain("eyJ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "rest"})
  void aTokenIsRenewedBeforeItEndsInMidScan(String transport) throws Exception {
    TestLog log = new TestLog();
    issuer.lives(3, 3);
    Map<String, String> config = config("connection.transport", transport);
    assertThat(problems(config)).isEmpty();
    List<SourceRecord> records = readSlowly(config);
    assertThat(WeaviateObjects.ids(records)).containsExactlyElementsOf(WeaviateObjects.uuids(ROWS));
    assertNoSecrets(log);
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "rest"})
  void aTokenThatEndsBeforeItsTimeIsRenewedWhenItIsRefused(String transport) throws Exception {
    TestLog log = new TestLog();
    issuer.lives(2, 3600);
    List<SourceRecord> records = readSlowly(config("connection.transport", transport));
    assertThat(WeaviateObjects.ids(records)).containsExactlyElementsOf(WeaviateObjects.uuids(ROWS));
    assertNoSecrets(log);
  }

  @Test
  void anIssuerThatIsBusyIsAskedAgain() throws Exception {
    TestLog log = new TestLog();
    issuer.lives(2, 2);
    boolean[] failed = {false};
    List<SourceRecord> records =
        new SourceHarness(new WeaviateSourceConnector())
            .run(
                config(),
                read -> {
                  if (read.size() == 300 && !failed[0]) {
                    failed[0] = true;
                    issuer.fail(3);
                    pause(2_500);
                  }
                  return read.size() == ROWS;
                });
    assertThat(WeaviateObjects.ids(records)).containsExactlyElementsOf(WeaviateObjects.uuids(ROWS));
    assertThat(issuer.failuresLeft()).isZero();
    assertNoSecrets(log);
  }

  @Test
  void aRefusedLoginIsToldOnItsKeyAndShowsNothing() throws Exception {
    issuer.lives(60, 60);
    Map<String, String> config = config();
    config.put("connection.oidc.client.secret", "guessed");
    assertThat(problems(config))
        .containsOnlyKeys("connection.oidc.client.secret")
        .allSatisfy(
            (key, message) ->
                assertThat(message).contains("invalid_client").doesNotContain("guessed"));
    config = config("connection.oidc.client.id", "somebody");
    assertThat(problems(config)).containsOnlyKeys("connection.oidc.client.secret");
    config = config();
    config.put("connection.uri", Stack.weaviate().url());
    config.put("connection.grpc.address", Stack.weaviate().grpcAddress());
    assertThat(problems(config))
        .containsOnlyKeys("connection.oidc.client.secret")
        .allSatisfy((key, message) -> assertThat(message).contains("not enabled"));
  }

  @Test
  void theSecretDoesNotLeaveHttps(@TempDir Path folder) throws Exception {
    issuer.lives(60, 60);
    TestCertificates authority = new TestCertificates(folder.resolve("ca"));
    int before = issuer.requests();
    try (TlsProxy proxy =
        new TlsProxy(
            authority.server("ip:127.0.0.1"), weaviate.server().url().replace("http://", ""))) {
      Map<String, String> config =
          config(
              "connection.uri",
              "https://" + proxy.address(),
              "connection.tls.ca.file",
              authority.caFile().toString());
      assertThat(problems(config))
          .containsOnlyKeys("connection.oidc.client.secret")
          .allSatisfy(
              (key, message) ->
                  assertThat(message)
                      .contains("href", "is not https", "connection.token")
                      .doesNotContain("s3cret"));
      assertThatThrownBy(
              () ->
                  new SourceHarness(new WeaviateSourceConnector())
                      .run(config, read -> !read.isEmpty()))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("is not https");
    }
    assertThat(issuer.requests()).isEqualTo(before);
  }

  @Test
  void ownHeadersGoToWeaviateButNotToTheIssuer() throws Exception {
    issuer.lives(60, 60);
    try (HttpGate gate = new HttpGate(weaviate.server().url())) {
      gate.fault(
          exchange ->
              exchange.getRequestHeaders().getFirst("X-Gate") == null
                  && HttpGate.answer(exchange, 403, ""));
      Map<String, String> config =
          config("connection.uri", gate.url(), "connection.headers", "X-Gate:open");
      assertThat(problems(config)).isEmpty();
      assertThat(gate.calls()).extracting(HttpGate.Call::path).anyMatch(p -> p.contains("openid"));
    }
    assertThat(issuer.gateHeaders()).isEmpty();
  }
}
