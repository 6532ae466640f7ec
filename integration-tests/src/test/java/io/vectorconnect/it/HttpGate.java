package io.vectorconnect.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a server of HTTP: writes down who comes, and may answer in its place. */
final class HttpGate implements AutoCloseable {
  /** A request that came. */
  record Call(String method, String path, String gate, long nanos) {}

  /** Answers in the server's place. */
  @FunctionalInterface
  interface Fault {
    /** Whether it has answered. */
    boolean answered(HttpExchange exchange) throws IOException;
  }

  private static final Fault NONE = exchange -> false;

  private final HttpServer server;
  private final String target;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Fault fault = NONE;

  HttpGate(String target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Who came, in order. */
  List<Call> calls() {
    return calls;
  }

  void fault(Fault answers) {
    fault = answers;
  }

  /** A fault that answers with a status, and a Retry-After unless it is empty. */
  static boolean answer(HttpExchange exchange, int status, String retryAfter) throws IOException {
    if (!retryAfter.isEmpty()) {
      exchange.getResponseHeaders().set("Retry-After", retryAfter);
    }
    exchange.sendResponseHeaders(status, -1);
    return true;
  }

  private void serve(HttpExchange exchange) throws IOException {
    calls.add(
        new Call(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders().getFirst("X-Gate"),
            System.nanoTime()));
    try (exchange) {
      if (!fault.answered(exchange)) {
        HttpResponse<byte[]> response = pass(exchange);
        exchange.sendResponseHeaders(response.statusCode(), response.body().length);
        exchange.getResponseBody().write(response.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The server's own answer. */
  HttpResponse<byte[]> pass(HttpExchange exchange) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
            .header("content-type", "application/json")
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    String login = exchange.getRequestHeaders().getFirst("authorization");
    if (login != null) {
      request.header("authorization", login);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
