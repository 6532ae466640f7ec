package io.vectorconnect.weaviate.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One of the vectors that every object of a collection may have.
 *
 * @param name its name; empty for the vector of a collection without named ones
 * @param multi whether an object has a list of vectors there
 * @param parameters what the schema of the field tells: metric and index
 */
public record VectorSpace(String name, boolean multi, Map<String, String> parameters) {
  private static final List<String> QUANTIZERS = List.of("pq", "bq", "sq", "rq");

  /** The one vector of a collection without named vectors. */
  static VectorSpace unnamed(JsonNode collection) {
    return of("", collection.path("vectorIndexType").asText(), collection);
  }

  /** A named vector. */
  static VectorSpace named(String name, JsonNode vector) {
    return of(name, vector.path("vectorIndexType").asText(), vector);
  }

  private static VectorSpace of(String name, String indexType, JsonNode parent) {
    JsonNode index = parent.path("vectorIndexConfig");
    Map<String, String> parameters = new LinkedHashMap<>();
    if (index.hasNonNull("distance")) {
      parameters.put("metric", metric(index.get("distance").asText()));
    }
    if (!indexType.isEmpty()) {
      parameters.put("index.type", indexType);
    }
    copy(index, "maxConnections", parameters, "index.m");
    copy(index, "efConstruction", parameters, "index.ef_construction");
    copy(index, "ef", parameters, "index.ef");
    QUANTIZERS.stream()
        .filter(kind -> index.path(kind).path("enabled").asBoolean())
        .findFirst()
        .ifPresent(kind -> parameters.put("index.quantization", kind));
    boolean multi = index.path("multivector").path("enabled").asBoolean();
    return new VectorSpace(name, multi, Map.copyOf(parameters));
  }

  private static void copy(JsonNode from, String key, Map<String, String> to, String name) {
    if (from.path(key).isNumber()) {
      to.put(name, from.get(key).asText());
    }
  }

  /** The name that sinks know the metric by. */
  private static String metric(String distance) {
    return switch (distance) {
      case "dot" -> "IP";
      case "l2-squared" -> "L2";
      case "manhattan" -> "L1";
      default -> distance.toUpperCase(Locale.ROOT);
    };
  }
}
