package io.vectorconnect.weaviate.source.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Objects of one collection by REST, with their references, and vectors as text. */
public final class RestPages implements Pages {
  private static final JsonFactory JSON = new ObjectMapper().getFactory();

  private final RestClient client;

  RestPages(RestClient client) {
    this.client = client;
  }

  @Override
  public Page after(Scope scope, String after, int limit, Detail detail) {
    byte[] body =
        client.get(
            "/v1/objects?class=%s&limit=%d&after=%s%s%s"
                .formatted(
                    scope.collection(),
                    limit,
                    after == null ? "" : after,
                    detail == Detail.FULL ? "&include=vector" : "",
                    tenant(scope, '&')));
    try (JsonParser in = JSON.createParser(body)) {
      List<RestObject> objects = new ArrayList<>();
      while (in.nextToken() != null && !"objects".equals(in.currentName())) {
        // what comes before is not of interest
      }
      if (in.nextToken() == JsonToken.START_ARRAY) {
        while (in.nextToken() == JsonToken.START_OBJECT) {
          objects.add(RestObject.read(in));
        }
      }
      return new Page(objects, body.length);
    } catch (IOException e) {
      throw unreadable(scope, e);
    }
  }

  /** Single objects; those that are not there any more are missing. */
  Page objects(Scope scope, List<String> ids) {
    List<RestObject> objects = new ArrayList<>(ids.size());
    int bytes = 0;
    for (String id : ids) {
      Optional<byte[]> body = object(scope, id);
      if (body.isPresent()) {
        bytes += body.get().length;
        try (JsonParser in = JSON.createParser(body.get())) {
          in.nextToken();
          objects.add(RestObject.read(in));
        } catch (IOException e) {
          throw unreadable(scope, e);
        }
      }
    }
    return new Page(objects, bytes);
  }

  private Optional<byte[]> object(Scope scope, String id) {
    try {
      return Optional.of(
          client.get(
              "/v1/objects/%s/%s?include=vector%s"
                  .formatted(scope.collection(), id, tenant(scope, '&'))));
    } catch (WeaviateException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String tenant(Scope scope, char separator) {
    return scope.tenant().isEmpty() ? "" : separator + "tenant=" + scope.tenant();
  }

  private static WeaviateException unreadable(Scope scope, IOException e) {
    return new WeaviateException(
        Kind.REFUSED, "an answer about collection %s is no JSON".formatted(scope.collection()), e);
  }
}
