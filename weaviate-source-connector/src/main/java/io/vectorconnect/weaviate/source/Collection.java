package io.vectorconnect.weaviate.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a collection's schema says.
 *
 * @param name its name
 * @param properties its properties, in the order of the schema
 * @param vectors its vectors, by name
 * @param multiTenant whether its objects belong to tenants
 * @param timesIndexed whether objects can be found by the time of their last update
 */
record Collection(
    String name,
    List<Property> properties,
    List<VectorSpace> vectors,
    boolean multiTenant,
    boolean timesIndexed) {

  /** Reads {@code GET /v1/schema/NAME}. */
  static Collection of(JsonNode json) {
    String name = json.path("class").asText();
    List<Property> properties = new ArrayList<>();
    json.path("properties").forEach(node -> properties.add(Property.of(name, node)));
    List<VectorSpace> vectors = new ArrayList<>();
    JsonNode named = json.path("vectorConfig");
    named.properties().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> vectors.add(VectorSpace.named(entry.getKey(), entry.getValue())));
    // Since 1.28 a collection that began with its one vector may have named ones beside it.
    if (vectors.isEmpty() || !json.path("vectorIndexType").asText().isEmpty()) {
      vectors.add(0, VectorSpace.unnamed(json));
    }
    return new Collection(
        name,
        List.copyOf(properties),
        List.copyOf(vectors),
        json.path("multiTenancyConfig").path("enabled").asBoolean(),
        json.path("invertedIndexConfig").path("indexTimestamps").asBoolean());
  }

  /** Whether gRPC does not tell everything: it drops references whose targets are gone. */
  boolean hasReferences() {
    return properties.stream().anyMatch(property -> property.type() == PropertyType.REFERENCE);
  }
}
