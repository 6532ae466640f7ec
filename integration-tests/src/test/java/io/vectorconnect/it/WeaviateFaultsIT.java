package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.grpc.Status;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Weaviate source behind something that answers "busy", late, or half. */
@Services(alone = WEAVIATE)
@Timeout(120)
class WeaviateFaultsIT {
  private static final int ROWS = 500;

  private final WeaviateObjects weaviate = new WeaviateObjects();

  private Map<String, String> config(HttpGate gate, String... more) {
    Map<String, String> config = weaviate.sourceConfig("Busy", more);
    config.put("connection.uri", gate.url());
    config.put("batch.max.rows", "50");
    config.put("retry.backoff.ms", "20");
    return config;
  }

  private static void assertReadCompletely(Map<String, String> config) throws Exception {
    List<SourceRecord> records =
        new SourceHarness(new WeaviateSourceConnector()).run(config, read -> read.size() == ROWS);
    assertThat(WeaviateObjects.ids(records)).containsExactlyElementsOf(WeaviateObjects.uuids(ROWS));
  }

  private static boolean isPage(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().startsWith("/v1/objects");
  }

  private static List<HttpGate.Call> pages(HttpGate gate) {
    return gate.calls().stream().filter(call -> call.path().startsWith("/v1/objects")).toList();
  }

  @Test
  void busyAnswersOfRestAreTriedAgainWhenTheServerWantsAndInTheSamePages() throws Exception {
    weaviate.fill("Busy", ROWS, "");
    try (HttpGate gate = new HttpGate(weaviate.server().url())) {
      AtomicInteger pages = new AtomicInteger();
      gate.fault(
          exchange ->
              isPage(exchange)
                  && switch (pages.incrementAndGet()) {
                    case 3 -> HttpGate.answer(exchange, 429, "2");
                    case 5, 6 -> HttpGate.answer(exchange, 503, "");
                    case 8 -> HttpGate.answer(exchange, 502, "");
                    default -> false;
                  });
      assertReadCompletely(config(gate, "connection.transport", "rest"));
      List<HttpGate.Call> calls = pages(gate);
      assertThat(calls.get(3).path()).as("after 429").isEqualTo(calls.get(2).path());
      assertThat(calls.get(3).nanos() - calls.get(2).nanos())
          .isBetween(TimeUnit.MILLISECONDS.toNanos(1_950), TimeUnit.SECONDS.toNanos(6));
      assertThat(calls.subList(1, calls.size())) // the first looks for dimensions
          .allSatisfy(call -> assertThat(call.path()).contains("limit=50"));
    }
    weaviate.drop("Busy");
  }

  @Test
  void busyAnswersOfGrpcAreTriedAgainWhenTheServerWants() throws Exception {
    weaviate.fill("Busy", ROWS, "");
    try (HttpGate gate = new HttpGate(weaviate.server().url());
        GrpcGate grpc = new GrpcGate(weaviate.server().grpcAddress())) {
      AtomicInteger calls = new AtomicInteger();
      long[] refused = {0};
      long[] again = {0};
      grpc.retryAfter("2");
      grpc.check(
          headers ->
              switch (calls.incrementAndGet()) {
                case 4 -> {
                  refused[0] = System.nanoTime();
                  yield Status.RESOURCE_EXHAUSTED.withDescription("slow down");
                }
                case 5 -> {
                  again[0] = System.nanoTime();
                  yield Status.OK;
                }
                case 6, 7 -> {
                  grpc.retryAfter("0");
                  yield Status.UNAVAILABLE.withDescription("HTTP status code 503");
                }
                default -> Status.OK;
              });
      assertReadCompletely(
          config(gate, "connection.transport", "grpc", "connection.grpc.address", grpc.address()));
      assertThat(again[0] - refused[0])
          .isBetween(TimeUnit.MILLISECONDS.toNanos(1_950), TimeUnit.SECONDS.toNanos(6));
      assertThat(calls).hasValueGreaterThan(10);
    }
    weaviate.drop("Busy");
  }

  @Test
  void anAnswerThatStopsHalfWayIsAskedForAgainInSmallerPages() throws Exception {
    weaviate.fill("Busy", ROWS, "");
    try (HttpGate gate = new HttpGate(weaviate.server().url())) {
      AtomicInteger pages = new AtomicInteger();
      gate.fault(
          exchange -> isPage(exchange) && pages.incrementAndGet() == 3 && half(gate, exchange));
      assertReadCompletely(
          config(gate, "connection.transport", "rest", "connection.timeout.ms", "1500"));
      List<HttpGate.Call> calls = pages(gate);
      assertThat(calls.get(2).path()).contains("limit=50");
      assertThat(calls.get(3).path()).contains("limit=25");
      assertThat(calls.get(3).nanos() - calls.get(2).nanos())
          .isBetween(TimeUnit.MILLISECONDS.toNanos(1_450), TimeUnit.SECONDS.toNanos(6));
    }
    weaviate.drop("Busy");
  }

  @Test
  void anAnswerWithoutEndFailsAtOnceAndSaysSo() throws Exception {
    weaviate.fill("Busy", ROWS, "");
    try (HttpGate gate = new HttpGate(weaviate.server().url())) {
      gate.fault(exchange -> isPage(exchange) && endless(exchange));
      Map<String, String> config = config(gate, "connection.transport", "rest");
      assertThatThrownBy(() -> assertReadCompletely(config))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("longer than 67,108,864 bytes")
          .hasMessageContaining("batch.max.bytes");
    }
    weaviate.drop("Busy");
  }

  private static boolean endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    while (true) {
      exchange.getResponseBody().write(new byte[1 << 16]);
    }
  }

  /** Sends half an answer, and nothing more for a while. */
  private static boolean half(HttpGate gate, HttpExchange exchange) throws IOException {
    try {
      HttpResponse<byte[]> response = gate.pass(exchange);
      exchange.sendResponseHeaders(response.statusCode(), response.body().length);
      exchange.getResponseBody().write(response.body(), 0, response.body().length / 2);
      exchange.getResponseBody().flush();
      Thread.sleep(10_000);
      return true;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aGrpcAnswerThatIsLateIsAskedForAgain() throws Exception {
    weaviate.fill("Busy", ROWS, "");
    try (HttpGate gate = new HttpGate(weaviate.server().url());
        GrpcGate grpc = new GrpcGate(weaviate.server().grpcAddress())) {
      AtomicInteger calls = new AtomicInteger();
      grpc.check(
          headers -> {
            if (calls.incrementAndGet() == 4) {
              pause(3_000);
            }
            return Status.OK;
          });
      assertReadCompletely(
          config(
              gate,
              "connection.transport",
              "grpc",
              "connection.grpc.address",
              grpc.address(),
              "connection.timeout.ms",
              "1500"));
    }
    weaviate.drop("Busy");
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aServerThatIsBusyWhenTheTaskStartsIsTriedAgainAndNotForever() throws Exception {
    weaviate.fill("Busy", ROWS, "");
    try (HttpGate gate = new HttpGate(weaviate.server().url())) {
      AtomicInteger looks = new AtomicInteger();
      gate.fault( // the connector has looked at the schema once before its task does
          exchange ->
              exchange.getRequestURI().getPath().equals("/v1/schema/Busy")
                  && looks.incrementAndGet() > 1
                  && looks.get() < 5
                  && HttpGate.answer(exchange, 503, ""));
      assertReadCompletely(config(gate));
      assertThat(looks.get()).isGreaterThanOrEqualTo(5);

      gate.fault(exchange -> isPage(exchange) && HttpGate.answer(exchange, 429, "3600"));
      Map<String, String> impatient =
          config(
              gate, "connection.transport", "rest", "retry.timeout.ms", "1000", "scan.ranges", "0");
      long start = System.nanoTime();
      assertThatThrownBy(() -> assertReadCompletely(impatient))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("retry.timeout.ms=1000")
          .hasMessageContaining("429");
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
    weaviate.drop("Busy");
  }
}
