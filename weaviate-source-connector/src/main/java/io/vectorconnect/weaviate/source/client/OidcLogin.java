package io.vectorconnect.weaviate.source.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.WeaviateConnection;
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

  /** An issuer's documents and tokens have a few kilobytes. */
  private static final int MAX_ANSWER = 1 << 20;

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
            MAX_ANSWER,
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
      // TOO_LARGE would make pages of objects smaller.
      throw e.within("the OIDC login failed: ").ofKind(Kind.TOO_LARGE, Kind.REFUSED);
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
        json(issuer, HttpRequest.newBuilder(address(named, "href")).build(), "the issuer");
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
            HttpRequest.newBuilder(address(discovered, "token_endpoint"))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build(),
            "the issuer");
    return new Token(
        text(token, "access_token"),
        Duration.ofSeconds(token.path("expires_in").asLong(UNTOLD_SECONDS)));
  }

  /**
   * An address that the login goes to. If Weaviate is reached by https, the issuer is too: neither
   * the secret nor the document that says where it goes may cross the network in plain text.
   */
  private URI address(JsonNode answer, String field) {
    URI address = URI.create(text(answer, field));
    if (connection.encrypted() && !"https".equalsIgnoreCase(address.getScheme())) {
      throw WeaviateException.about(
          WeaviateConnection.OIDC_CLIENT_SECRET,
          Kind.REFUSED,
          "%s is https, but the address %s of the OIDC issuer, which Weaviate names, is not https; nothing was sent there. Let the issuer's addresses in Weaviate's configuration be https, or log in by %s"
              .formatted(WeaviateConnection.URI_KEY, field, WeaviateConnection.TOKEN),
          null);
    }
    return address;
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
