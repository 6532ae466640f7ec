package io.vectorconnect.weaviate.source.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.WeaviateConnection;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Weaviate's REST API: what is said about collections and tenants. */
public final class RestClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 300;

  private static final int UNAUTHORIZED = 401;

  private final WeaviateConnection connection;
  private final HttpCalls http;
  private final Credentials credentials;

  /**
   * Prepares a connection; nothing is sent yet.
   *
   * @param maxAnswer the largest answer to accept, in bytes
   */
  RestClient(WeaviateConnection connection, Duration timeout, int maxAnswer) {
    this.connection = connection;
    this.http =
        new HttpCalls(timeout, maxAnswer, connection.sslContext(), WeaviateConnection.URI_KEY);
    this.credentials = new Credentials(connection, http);
  }

  Credentials credentials() {
    return credentials;
  }

  /** The server's version. */
  public String version() {
    return json("/v1/meta").path("version").asText();
  }

  /** The names of all collections that may be read. */
  public List<String> collections() {
    List<String> names = new ArrayList<>();
    json("/v1/schema").path("classes").forEach(node -> names.add(node.path("class").asText()));
    return names;
  }

  /**
   * The names of collections by their aliases. Empty where this user may not list aliases, and on
   * servers before 1.32, which have none.
   */
  public Map<String, String> aliases() {
    Map<String, String> aliases = new TreeMap<>();
    try {
      json("/v1/aliases")
          .path("aliases")
          .forEach(node -> aliases.put(node.path("alias").asText(), node.path("class").asText()));
    } catch (WeaviateException e) {
      if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.DENIED) {
        throw e;
      }
    }
    return aliases;
  }

  public Collection describe(String collection) {
    return Collection.of(json("/v1/schema/" + collection));
  }

  /** The states of a collection's tenants, such as {@code ACTIVE}, by their names. */
  public Map<String, String> tenants(String collection) {
    Map<String, String> tenants = new TreeMap<>();
    json("/v1/schema/" + collection + "/tenants")
        .forEach(
            node -> tenants.put(node.path("name").asText(), node.path("activityStatus").asText()));
    return tenants;
  }

  /** Sets a tenant's state. */
  public void tenant(Scope scope, String state) {
    String body =
        JSON.createArrayNode()
            .add(JSON.createObjectNode().put("name", scope.tenant()).put("activityStatus", state))
            .toString();
    send(
        request("/v1/schema/" + scope.collection() + "/tenants")
            .header("content-type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** The number of objects, or -1 where the server does not tell. */
  public long count(Scope scope) {
    String tenant = scope.tenant().isEmpty() ? "" : "(tenant:\"" + scope.tenant() + "\")";
    String query = "{Aggregate{" + scope.collection() + tenant + "{meta{count}}}}";
    try {
      HttpResponse<byte[]> response =
          send(
              request("/v1/graphql")
                  .header("content-type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          JSON.createObjectNode().put("query", query).toString())));
      return JSON.readTree(response.body())
          .at("/data/Aggregate/" + scope.collection() + "/0/meta/count")
          .asLong(-1);
    } catch (WeaviateException | IOException e) {
      return -1; // GraphQL can be switched off
    }
  }

  /** The server's clock in milliseconds since 1970, to the second below. */
  public long serverTime() {
    HttpResponse<byte[]> response = send(request("/v1/meta"));
    try {
      return response
          .headers()
          .firstValue("date")
          .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
          .map(date -> date.toInstant().toEpochMilli())
          .orElseGet(System::currentTimeMillis);
    } catch (DateTimeException e) {
      return System.currentTimeMillis();
    }
  }

  /** The body of a GET. */
  byte[] get(String path) {
    return send(request(path)).body();
  }

  private JsonNode json(String path) {
    try {
      return JSON.readTree(get(path));
    } catch (IOException e) {
      throw new WeaviateException(
          Kind.REFUSED, connection.uri() + path + " does not answer in JSON", e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(connection.uri() + path));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    Map<String, String> headers = credentials.headers();
    HttpResponse<byte[]> response = send(request, headers);
    if (response.statusCode() == UNAUTHORIZED && credentials.renew(headers)) {
      response = send(request, credentials.headers());
    }
    if (response.statusCode() / 100 == 2) {
      return response;
    }
    throw refusal(response);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request, Map<String, String> headers) {
    headers.forEach(request::setHeader);
    return http.send(request.build());
  }

  private WeaviateException refusal(HttpResponse<byte[]> response) {
    String message = message(response.body());
    Kind kind =
        switch (response.statusCode()) {
          case UNAUTHORIZED, 403 -> Kind.DENIED;
          case 404 -> Kind.NOT_FOUND;
          case 429, 502, 503 -> Kind.BUSY;
          case 408, 504 -> Kind.SLOW;
          default -> {
            Kind told = kind(message);
            yield told == Kind.REFUSED && response.statusCode() >= 500 ? Kind.SLOW : told;
          }
        };
    return new WeaviateException(
        kind,
        "%s answered with status %d: %s"
            .formatted(connection.uri(), response.statusCode(), message),
        null,
        HttpCalls.retryAfter(response));
  }

  /** What an error says of itself; both APIs use the same texts. */
  static Kind kind(String message) {
    String text = message.toLowerCase(Locale.ROOT);
    if (text.contains("tenant not active")) {
      return Kind.INACTIVE;
    }
    if (text.contains("maximum results") || text.contains("larger than max")) {
      return Kind.TOO_LARGE;
    }
    if (text.contains("unauthorized") || text.contains("forbidden") || text.contains("anonymous")) {
      return Kind.DENIED;
    }
    if (text.contains("could not find class") || text.contains("tenant not found")) {
      return Kind.NOT_FOUND;
    }
    if (text.contains("too many requests") || text.contains("shutting down")) {
      return Kind.BUSY;
    }
    return Kind.REFUSED;
  }

  private static String message(byte[] body) {
    String text;
    try {
      JsonNode json = JSON.readTree(body);
      text = json.at("/error/0/message").asText(json.path("message").asText());
    } catch (IOException e) {
      text = "";
    }
    return text.length() > SHOWN ? text.substring(0, SHOWN) : text;
  }
}
