package io.vectorconnect.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorconnect.localstack.WeaviateServer;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** Collections and objects written as JSON to Weaviate's REST API. */
final class WeaviateObjects {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCH = 1_000;
  private static final String NUMBER =
      "\"properties\":[{\"name\":\"number\",\"dataType\":[\"int\"]}]";

  private final WeaviateServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  WeaviateObjects() {
    this(Stack.weaviate());
  }

  WeaviateObjects(WeaviateServer server) {
    this.server = server;
  }

  WeaviateServer server() {
    return server;
  }

  /** A configuration of the source for one collection. */
  Map<String, String> sourceConfig(String collection, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "weaviate-source");
    config.put("connector.class", "io.vectorconnect.weaviate.source.WeaviateSourceConnector");
    config.put("tasks.max", "1");
    config.put("connection.uri", server.url());
    config.put("connection.grpc.address", server.grpcAddress());
    config.put("connection.token", server.apiKey());
    config.put("collection.include.list", collection);
    config.put("mode", "snapshot");
    config.put("reconcile.bootstrap.servers", Stack.get().kafka().bootstrapServers());
    config.put("reconcile.topic", "published-" + UUID.randomUUID()); // for this very connector
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  /** What validate says of such a configuration, by key. */
  static Map<String, String> problems(Map<String, String> config) {
    return Problems.of(new WeaviateSourceConnector(), config);
  }

  /** Makes a collection with one number, a vector and whatever else, and objects in it. */
  void fill(String collection, int count, String more) {
    create(collection, NUMBER + more);
    insertNumbers(collection, count, "");
  }

  /**
   * Writes objects with the numbers from 0 on, which are in their UUIDs too.
   *
   * @param tenant theirs, or empty
   */
  void insertNumbers(String collection, int count, String tenant) {
    String prefix = tenant.isEmpty() ? "" : "\"tenant\":\"" + tenant + "\",";
    insert(
        collection,
        count,
        WeaviateObjects::uuid,
        i -> prefix + "\"properties\":{\"number\":" + i + "},\"vector\":[1," + i + "]");
  }

  static String uuid(int i) {
    return new UUID(0x1000, i).toString();
  }

  /** The UUIDs of so many objects. */
  static List<String> uuids(int count) {
    return IntStream.range(0, count).mapToObj(WeaviateObjects::uuid).toList();
  }

  static List<String> ids(List<SourceRecord> records) {
    return records.stream().map(record -> ((Struct) record.key()).getString("id")).toList();
  }

  /** Makes a collection, after dropping what had its name. */
  void create(String name, String json) {
    call("DELETE", "/v1/schema/" + name, "");
    String vectorizer = json.contains("\"vectorConfig\"") ? "" : "\"vectorizer\":\"none\",";
    call("POST", "/v1/schema", "{\"class\":\"" + name + "\"," + vectorizer + json + "}");
  }

  /** Writes an object, or writes over it. */
  void put(String collection, String id, String json) {
    insert(collection, 1, i -> id, i -> json);
  }

  void delete(String collection, String id) {
    call("DELETE", "/v1/objects/" + collection + "/" + id, "");
  }

  void drop(String name) {
    call("DELETE", "/v1/schema/" + name, "");
  }

  static String object(String collection, String id, String json) {
    return "{\"class\":\"" + collection + "\",\"id\":\"" + id + "\"," + json + "}";
  }

  /** Writes many objects. */
  void insert(String collection, int count, IntFunction<String> id, IntFunction<String> json) {
    for (int from = 0; from < count; from += BATCH) {
      List<String> objects = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + BATCH); i++) {
        objects.add(object(collection, id.apply(i), json.apply(i)));
      }
      JsonNode answer =
          call("POST", "/v1/batch/objects", "{\"objects\":[" + String.join(",", objects) + "]}");
      for (JsonNode object : answer) {
        if (!object.at("/result/errors").isMissingNode()) {
          throw new AssertionError(object.at("/result/errors").toString());
        }
      }
    }
  }

  /** Makes a request, which must succeed unless it is a DELETE. */
  JsonNode call(String method, String path, String body) {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(server.url() + path))
                  .header("authorization", "Bearer " + server.apiKey())
                  .header("content-type", "application/json")
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2 && !method.equals("DELETE")) {
        throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
      }
      return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
