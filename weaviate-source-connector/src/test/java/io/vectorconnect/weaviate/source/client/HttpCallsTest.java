package io.vectorconnect.weaviate.source.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.WeaviateConnection;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that no real server gives. */
@Timeout(30)
class HttpCallsTest {
  private static final int LIMIT = 1 << 20;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/v1/.well-known",
        exchange -> {
          byte[] body =
              "{\"href\":\"%s/endless\",\"clientId\":\"c\"}".formatted(url()).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    endless("/endless", 1 << 16, 0);
    endless("/trickle", 1, 20);
    server.createContext(
        "/exact",
        exchange -> {
          exchange.sendResponseHeaders(200, LIMIT);
          exchange.getResponseBody().write(new byte[LIMIT]);
          exchange.close();
        });
    server.start();
  }

  private void endless(String path, int chunk, int pause) {
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
              out.write(new byte[chunk]);
              out.flush();
              Thread.sleep(pause);
            }
          } catch (IOException e) {
            hungUp.countDown();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private int length(String path, Duration timeout) {
    HttpCalls calls = new HttpCalls(timeout, LIMIT, Optional.empty(), "connection.uri");
    return calls.send(HttpRequest.newBuilder(URI.create(url() + path)).build()).body().length;
  }

  @Test
  void anAnswerWithoutEndIsGivenUpAtTheLimit() throws InterruptedException {
    WeaviateException failure =
        catchThrowableOfType(
            WeaviateException.class, () -> length("/endless", Duration.ofMinutes(5)));
    assertThat(failure)
        .hasMessageContaining("longer than 1,048,576 bytes")
        .hasMessageContaining(url());
    assertThat(failure.kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(hungUp.await(10, TimeUnit.SECONDS)).as("connection closed").isTrue();
    assertThat(length("/exact", Duration.ofSeconds(10))).isEqualTo(LIMIT);
  }

  @Test
  void anAnswerThatTricklesIsGivenUpInTime() throws InterruptedException {
    assertThatThrownBy(() -> length("/trickle", Duration.ofMillis(500)))
        .isInstanceOf(WeaviateException.class)
        .hasMessageContaining("connection.timeout.ms=500");
    assertThat(hungUp.await(10, TimeUnit.SECONDS)).as("connection closed").isTrue();
  }

  @Test
  void anIssuerWhoseAnswerDoesNotEndFailsTheLogin() {
    WeaviateConnection connection =
        new WeaviateSourceConfig(
                Map.of("connection.uri", url(), "connection.oidc.client.secret", "s3cret"))
            .connection();
    RestClient client = new RestClient(connection, Duration.ofSeconds(10), LIMIT);
    WeaviateException failure = catchThrowableOfType(WeaviateException.class, client::version);
    assertThat(failure)
        .hasMessageContaining("OIDC login failed")
        .hasMessageContaining("longer than 1,048,576 bytes");
    assertThat(failure.kind())
        .as("not TOO_LARGE, which smaller pages help")
        .isEqualTo(Kind.REFUSED);
  }

  @Test
  void retryAfterIsSecondsOrADateOrNothing() {
    assertThat(HttpCalls.retryAfter(" 90 ")).isEqualTo(Duration.ofSeconds(90));
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60));
    assertThat(HttpCalls.retryAfter(date))
        .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
    assertThat(HttpCalls.retryAfter("Wed, 21 Oct 2015 07:28:00 GMT")).isZero();
    assertThat(HttpCalls.retryAfter("soon")).isZero();
    assertThat(HttpCalls.retryAfter("")).isZero();
  }
}
