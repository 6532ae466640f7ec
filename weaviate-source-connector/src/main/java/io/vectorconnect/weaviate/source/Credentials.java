package io.vectorconnect.weaviate.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorconnect.weaviate.source.WeaviateException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The headers of every request: the user's own, and the login. */
final class Credentials {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A token is renewed so long before it ends. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final WeaviateConnection connection;
  private final HttpClient http;
  private final Map<String, String> headers;
  private String bearer;
  private long bearerEnd;

  Credentials(WeaviateConnection connection, HttpClient http) {
    this.connection = connection;
    this.http = http;
    this.headers = connection.headers();
    this.bearer = connection.token();
    this.bearerEnd = Long.MAX_VALUE;
    if (!connection.oidcClientSecret().isEmpty()) {
      bearerEnd = 0;
    }
  }

  /**
   * The headers of a request that is made now.
   *
   * @throws WeaviateException when the issuer gives no token
   */
  synchronized Map<String, String> headers() {
    if (System.currentTimeMillis() >= bearerEnd) {
      renew();
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (!bearer.isEmpty()) {
      all.put("authorization", "Bearer " + bearer);
    }
    return all;
  }

  private void renew() {
    JsonNode weaviate = get(URI.create(connection.uri() + "/v1/.well-known/openid-configuration"));
    JsonNode issuer = get(URI.create(weaviate.path("href").asText()));
    String client =
        connection.oidcClientId().isEmpty()
            ? weaviate.path("clientId").asText()
            : connection.oidcClientId();
    String form =
        "grant_type=client_credentials&client_id=%s&client_secret=%s"
            .formatted(encode(client), encode(connection.oidcClientSecret()));
    if (!connection.oidcScope().isEmpty()) {
      form += "&scope=" + encode(connection.oidcScope());
    }
    JsonNode token =
        send(
            HttpRequest.newBuilder(URI.create(issuer.path("token_endpoint").asText()))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    bearer = token.path("access_token").asText();
    long life = Duration.ofSeconds(token.path("expires_in").asLong(60)).toMillis();
    bearerEnd = System.currentTimeMillis() + Math.max(1_000, life - MARGIN.toMillis());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private JsonNode get(URI address) {
    return send(HttpRequest.newBuilder(address));
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response =
          http.send(
              request.timeout(connection.requestTimeout()).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() / 100 == 2) {
        return JSON.readTree(response.body());
      }
      throw new WeaviateException(
          response.statusCode() / 100 == 5 ? Kind.BUSY : Kind.DENIED,
          "the OIDC login failed: %s answered with status %d"
              .formatted(response.uri().getHost(), response.statusCode()));
    } catch (IOException | IllegalArgumentException e) {
      throw new WeaviateException(Kind.UNREACHABLE, "the OIDC login failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WeaviateException(Kind.UNREACHABLE, "interrupted", e);
    }
  }
}
