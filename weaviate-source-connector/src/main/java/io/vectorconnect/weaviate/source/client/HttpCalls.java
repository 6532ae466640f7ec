package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.WeaviateConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** HTTP requests to one server. An answer is complete, in time and within a limit, or an error. */
final class HttpCalls {
  private static final String RETRY_AFTER = "retry-after";

  private final HttpClient http;
  private final Duration timeout;
  private final int maxAnswer;
  private final String addressKey;

  /**
   * Prepares; nothing is sent yet.
   *
   * @param timeout for one request, its answer included
   * @param maxAnswer the largest answer to accept, in bytes
   * @param trust whom to trust, where that is not the JVM's choice
   * @param addressKey the key that leads to the server
   */
  HttpCalls(Duration timeout, int maxAnswer, Optional<SSLContext> trust, String addressKey) {
    this.timeout = timeout;
    this.maxAnswer = maxAnswer;
    this.addressKey = addressKey;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER);
    trust.ifPresent(builder::sslContext);
    http = builder.build();
  }

  /**
   * The answer, whatever its status.
   *
   * @throws WeaviateException when there is none
   */
  HttpResponse<byte[]> send(HttpRequest request) {
    // The request's own timeout would end with the answer's headers.
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BoundedBody.handler(maxAnswer));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failure(address(request), e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw slow(address(request), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new WeaviateException(Kind.UNREACHABLE, "interrupted", e);
    }
  }

  private static String address(HttpRequest request) {
    return request.uri().getScheme() + "://" + request.uri().getAuthority();
  }

  private WeaviateException failure(String address, Throwable cause) {
    if (cause instanceof HttpTimeoutException) {
      return slow(address, cause);
    }
    if (isTooLong(cause)) {
      return new WeaviateException(
          Kind.TOO_LARGE,
          "the answer from %s is longer than %,d bytes, and was given up"
              .formatted(address, maxAnswer),
          cause);
    }
    String reason =
        cause instanceof ConnectException && cause.getMessage() == null
            ? "connection refused"
            : cause.toString();
    return Tls.refusal(cause, address, addressKey)
        .orElseGet(
            () ->
                new WeaviateException(
                    cause instanceof IOException ? Kind.UNREACHABLE : Kind.REFUSED,
                    "no answer from %s: %s".formatted(address, reason),
                    cause));
  }

  /** The HTTP client may wrap the exception that a body ends with. */
  private static boolean isTooLong(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof BoundedBody.TooLongException) {
        return true;
      }
    }
    return false;
  }

  private WeaviateException slow(String address, Throwable cause) {
    return new WeaviateException(
        Kind.SLOW,
        "no complete answer from %s within %s=%d"
            .formatted(address, WeaviateConnection.TIMEOUT_MS, timeout.toMillis()),
        cause);
  }

  /** The pause that an answer asks for; zero when it says nothing. */
  static Duration retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue(RETRY_AFTER)
        .map(HttpCalls::retryAfter)
        .orElse(Duration.ZERO);
  }

  /** Reads seconds, or a date. */
  static Duration retryAfter(String header) {
    String text = header.strip();
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration pause = Duration.between(Instant.now(), then);
      return pause.isNegative() ? Duration.ZERO : pause;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
