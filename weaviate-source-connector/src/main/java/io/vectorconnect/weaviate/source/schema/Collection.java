package io.vectorconnect.weaviate.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a collection's schema says.
 *
 * @param name its name
 * @param properties its properties, in the order of the schema
 * @param vectors its vectors, by name
 * @param multiTenant whether its objects belong to tenants
 * @param timesIndexed whether objects can be found by the time of their last update
 * @param vectorized whether Weaviate has vectors made of what is written
 */
public record Collection(
    String name,
    List<Property> properties,
    List<VectorSpace> vectors,
    boolean multiTenant,
    boolean timesIndexed,
    boolean vectorized) {

  private static final String NONE = "none";

  /** Reads {@code GET /v1/schema/NAME}. */
  public static Collection of(JsonNode json) {
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
        json.path("invertedIndexConfig").path("indexTimestamps").asBoolean(),
        hasVectorizer(json.path("vectorizer"))
            || named.properties().stream()
                .anyMatch(entry -> hasVectorizer(entry.getValue().path("vectorizer"))));
  }

  /** A name, or for a named vector an object whose key is the name. */
  private static boolean hasVectorizer(JsonNode vectorizer) {
    String name = vectorizer.asText();
    return vectorizer.isObject()
        ? vectorizer.properties().stream().anyMatch(entry -> !entry.getKey().equals(NONE))
        : !name.isEmpty() && !name.equals(NONE);
  }

  /** The same collection as if objects had nothing but certain vectors. */
  public Collection onlyVectors(List<VectorSpace> wanted) {
    return new Collection(name, List.of(), wanted, multiTenant, timesIndexed, vectorized);
  }

  /** What objects of the collection may have now that they could not have before, or have lost. */
  Optional<String> changes(Collection now) {
    return difference("properties", paths("", properties), paths("", now.properties))
        .or(() -> difference("vectors", spaces(), now.spaces()));
  }

  private static Optional<String> difference(
      String what, Map<String, String> before, Map<String, String> now) {
    if (before.equals(now)) {
      return Optional.empty();
    }
    TreeSet<String> added = new TreeSet<>(now.keySet());
    added.removeAll(before.keySet());
    return Optional.of(added.isEmpty() ? "other " + what : "new " + what + " " + added);
  }

  /** Types of properties, also of those within objects, by their paths. */
  private static Map<String, String> paths(String prefix, List<Property> properties) {
    Map<String, String> paths = new TreeMap<>();
    for (Property property : properties) {
      paths.put(prefix + property.name(), property.type() + (property.array() ? "[]" : ""));
      paths.putAll(paths(prefix + property.name() + ".", property.nested()));
    }
    return paths;
  }

  private Map<String, String> spaces() {
    Map<String, String> spaces = new TreeMap<>();
    vectors.forEach(space -> spaces.put(space.name(), space.multi() ? "several" : "one"));
    return spaces;
  }

  /** Whether it has references, which gRPC drops if their targets are gone. */
  public boolean hasReferences() {
    return properties.stream().anyMatch(property -> property.type() == PropertyType.REFERENCE);
  }
}
