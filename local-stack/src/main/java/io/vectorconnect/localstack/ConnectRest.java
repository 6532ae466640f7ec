package io.vectorconnect.localstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A worker's REST interface, as users call it. */
public final class ConnectRest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONFLICT = 409; // the worker is rebalancing
  private static final int NOT_FOUND = 404; // a new connector has no status yet
  private static final int PATIENCE_MS = 30_000;

  private final String url;
  private final HttpClient http = HttpClient.newHttpClient();

  /** The interface at {@code url}. */
  public ConnectRest(String url) {
    this.url = url;
  }

  /** Creates or changes a connector. */
  public void put(String name, Map<String, String> config) {
    send("PUT", "/connectors/" + name + "/config", JSON.valueToTree(config));
  }

  /** Deletes a connector. */
  public void delete(String name) {
    send("DELETE", "/connectors/" + name, null);
  }

  /** Stops, resumes, pauses or restarts: an action of the REST interface without body. */
  public void action(String method, String name, String action) {
    send(method, "/connectors/" + name + "/" + action, null);
  }

  /** The connectors' names. */
  public List<String> connectors() {
    List<String> names = new ArrayList<>();
    send("GET", "/connectors", null).forEach(name -> names.add(name.asText()));
    return names;
  }

  /** The errors of a configuration, by key; empty when it is right. */
  public Map<String, List<String>> validate(Map<String, String> config) {
    String type = config.get("connector.class");
    JsonNode result =
        send(
            "PUT",
            "/connector-plugins/" + type.substring(type.lastIndexOf('.') + 1) + "/config/validate",
            JSON.valueToTree(config));
    Map<String, List<String>> errors = new java.util.TreeMap<>();
    for (JsonNode entry : result.get("configs")) {
      JsonNode value = entry.get("value");
      List<String> messages = new ArrayList<>();
      value.get("errors").forEach(message -> messages.add(message.asText()));
      if (!messages.isEmpty()) {
        errors.put(value.get("name").asText(), messages);
      }
    }
    return errors;
  }

  /** The plugins that the worker has found: class and version. */
  public Map<String, String> plugins() {
    Map<String, String> plugins = new java.util.TreeMap<>();
    for (JsonNode plugin : send("GET", "/connector-plugins", null)) {
      plugins.put(plugin.get("class").asText(), plugin.path("version").asText());
    }
    return plugins;
  }

  /** What GET of a path answers. */
  public JsonNode get(String path) {
    return send("GET", path, null);
  }

  /** Sends a body. */
  public JsonNode send(String method, String path, JsonNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(100))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    long deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MS).toNanos();
    try {
      while (true) {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 == 2) {
          return response.body().isEmpty() ? JSON.missingNode() : JSON.readTree(response.body());
        }
        boolean notYet =
            response.statusCode() == CONFLICT
                || (response.statusCode() == NOT_FOUND && path.endsWith("/status"));
        if (!notYet || System.nanoTime() > deadline) {
          throw new StackException(
              "%s %s answered %d: %s"
                  .formatted(method, path, response.statusCode(), response.body()));
        }
        Thread.sleep(200);
      }
    } catch (IOException e) {
      throw new StackException("%s %s failed: %s".formatted(method, path, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted in " + method + " " + path, e);
    }
  }

  /**
   * The traces of failed tasks and of a failed connector; empty while all is well.
   *
   * @param name the connector
   */
  public List<String> failures(String name) {
    JsonNode status = get("/connectors/" + name + "/status");
    List<String> traces = new ArrayList<>();
    addFailure(status.get("connector"), traces);
    status.get("tasks").forEach(task -> addFailure(task, traces));
    return traces;
  }

  private static void addFailure(JsonNode part, List<String> traces) {
    if (part.get("state").asText().equals("FAILED")) {
      traces.add(part.path("trace").asText());
    }
  }

  /** Whether the connector and at least one task run, and none has failed. */
  public boolean isRunning(String name) {
    JsonNode status = get("/connectors/" + name + "/status");
    boolean running = status.get("connector").get("state").asText().equals("RUNNING");
    for (JsonNode task : status.get("tasks")) {
      running &= task.get("state").asText().equals("RUNNING");
    }
    return running && !status.get("tasks").isEmpty();
  }

  /**
   * The configuration in a connector's JSON file, as it is sent to create one; with its name, and
   * with each {@code ${NAME}} replaced.
   */
  public static Map<String, String> config(String json, Map<String, String> variables) {
    String filled = json;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      filled = filled.replace("${" + variable.getKey() + "}", variable.getValue());
    }
    try {
      ObjectNode root = (ObjectNode) JSON.readTree(filled);
      Map<String, String> config = new java.util.LinkedHashMap<>();
      config.put("name", root.get("name").asText());
      for (var entry : root.get("config").properties()) {
        config.put(entry.getKey(), entry.getValue().asText());
      }
      return config;
    } catch (IOException e) {
      throw new StackException("not a connector's JSON: " + e.getMessage(), e);
    }
  }
}
