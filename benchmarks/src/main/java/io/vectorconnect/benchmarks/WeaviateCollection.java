package io.vectorconnect.benchmarks;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.localstack.WeaviateServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.SplittableRandom;
import java.util.UUID;

/** A collection of the rows, without an index of their vectors, which no scan uses. */
final class WeaviateCollection {
  static final String NAME = "Benchmark";

  private static final int BATCH = 500;

  private final HttpClient http = HttpClient.newHttpClient();
  private final WeaviateServer server;
  private final VectorRows rows;

  WeaviateCollection(WeaviateServer server, int dimension) {
    this.server = server;
    this.rows = new VectorRows(dimension);
  }

  /** Makes the collection, and writes rows under random UUIDs that are always the same. */
  void fill(int count) throws IOException, InterruptedException {
    post(
        "/v1/schema",
        """
        {"class": "%s", "vectorizer": "none", "vectorIndexConfig": {"skip": true}, "properties": [
          {"name": "number", "dataType": ["int"], "indexFilterable": false},
          {"name": "label", "dataType": ["text"], "indexFilterable": false, "indexSearchable": false},
          {"name": "year", "dataType": ["int"], "indexFilterable": false}]}
        """
            .formatted(NAME));
    for (int from = 0; from < count; from += BATCH) {
      StringBuilder json = new StringBuilder("{\"objects\":[");
      for (int i = from; i < Math.min(count, from + BATCH); i++) {
        json.append(i == from ? "" : ",");
        append(json, rows.row(i));
      }
      String answer = post("/v1/batch/objects", json.append("]}").toString());
      if (answer.contains("\"errors\":{")) {
        throw new IllegalStateException("Weaviate refused an object");
      }
    }
  }

  private static void append(StringBuilder json, VectorRows.Row row) {
    SplittableRandom random = new SplittableRandom(row.id() + 1);
    json.append("{\"class\":\"").append(NAME).append("\",\"id\":\"");
    json.append(new UUID(random.nextLong(), random.nextLong()));
    json.append("\",\"properties\":{\"number\":").append(row.id());
    json.append(",\"label\":\"").append(row.label()).append("\",\"year\":").append(row.year());
    json.append("},\"vector\":[");
    for (int at = 0; at < row.embedding().length; at += Float.BYTES) {
      json.append(at == 0 ? "" : ",").append(LittleEndian.getFloat(row.embedding(), at));
    }
    json.append("]}");
  }

  private String post(String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("authorization", "Bearer " + server.apiKey())
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(path + ": status " + response.statusCode());
    }
    return response.body();
  }
}
