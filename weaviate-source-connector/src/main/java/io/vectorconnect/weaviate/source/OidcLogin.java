package io.vectorconnect.weaviate.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorconnect.weaviate.source.WeaviateException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * The OIDC flow of client credentials (RFC 6749, 4.4) at the issuer that Weaviate names.
 *
 * <p>Messages show neither what is sent to the issuer nor its answers, but for the error code.
 */
final class OidcLogin {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WELL_KNOWN = "/v1/.well-known/openid-configuration";
  private static final long UNTOLD_SECONDS = 60;

  private final WeaviateConnection connection;
  private final HttpCalls weaviate;
  private final HttpCalls issuer;

  /**
   * A token.
   *
   * @param text goes into the header {@code authorization}
   * @param life how long it is valid from when it was asked for
   */
  record Token(String text, Duration life) {
    @Override
    public String toString() {
      return "a token for " + life;
    }
  }

  OidcLogin(WeaviateConnection connection, HttpCalls weaviate) {
    this.connection = connection;
    this.weaviate = weaviate;
    this.issuer =
        new HttpCalls(
            connection.requestTimeout(),
            connection.issuerSslContext(),
            WeaviateConnection.OIDC_CLIENT_SECRET);
  }

  /**
   * Asks for a token.
   *
   * @param headers the user's own, for Weaviate only
   * @throws WeaviateException when there is none
   */
  Token token(Map<String, String> headers) {
    try {
      return ask(headers);
    } catch (WeaviateException e) {
      throw e.within("the OIDC login failed: ");
    } catch (IllegalArgumentException e) { // its message could show what the issuer said
      throw new WeaviateException(
          Kind.REFUSED, "the OIDC login failed: Weaviate or its issuer names no valid address");
    }
  }

  private Token ask(Map<String, String> headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(connection.uri() + WELL_KNOWN));
    headers.forEach(request::header);
    JsonNode named = json(weaviate, request.build(), "Weaviate");
    JsonNode discovered =
        json(issuer, HttpRequest.newBuilder(URI.create(text(named, "href"))).build(), "the issuer");
    String client =
        connection.oidcClientId().isEmpty() ? text(named, "clientId") : connection.oidcClientId();
    String form =
        "grant_type=client_credentials&client_id=%s&client_secret=%s"
            .formatted(encode(client), encode(connection.oidcClientSecret()));
    if (!connection.oidcScope().isEmpty()) {
      form += "&scope=" + encode(connection.oidcScope());
    }
    JsonNode token =
        json(
            issuer,
            HttpRequest.newBuilder(URI.create(text(discovered, "token_endpoint")))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build(),
            "the issuer");
    return new Token(
        text(token, "access_token"),
        Duration.ofSeconds(token.path("expires_in").asLong(UNTOLD_SECONDS)));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String text(JsonNode answer, String field) {
    String text = answer.path(field).asText("");
    if (text.isEmpty()) {
      throw new WeaviateException(Kind.REFUSED, "an answer has no " + field);
    }
    return text;
  }

  private static JsonNode json(HttpCalls calls, HttpRequest request, String who) {
    HttpResponse<byte[]> response = calls.send(request);
    if (response.statusCode() / 100 != 2) {
      throw refusal(response, who);
    }
    return parse(response.body());
  }

  private static WeaviateException refusal(HttpResponse<byte[]> response, String who) {
    int status = response.statusCode();
    if (status == 404 && who.equals("Weaviate")) {
      return new WeaviateException(Kind.DENIED, "OIDC is not enabled on this Weaviate");
    }
    String code = parse(response.body()).path("error").asText("");
    return new WeaviateException(
        status == 429 || status / 100 == 5 ? Kind.BUSY : Kind.DENIED,
        "%s at %s answered with status %d%s"
            .formatted(
                who,
                response.uri().getAuthority(),
                status,
                // The codes of RFC 6749, such as invalid_client; nothing else is shown.
                code.matches("[a-z_]{1,40}") ? ", " + code : ""),
        null,
        HttpCalls.retryAfter(response));
  }

  /** A parser's own messages would show what it read. */
  private static JsonNode parse(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }
}
