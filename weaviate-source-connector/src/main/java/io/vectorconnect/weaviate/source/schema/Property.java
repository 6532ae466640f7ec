package io.vectorconnect.weaviate.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A property of a collection, or of an object in it.
 *
 * @param name its name
 * @param type what it holds
 * @param array whether it holds an array of that; JSON types are never told as arrays of records
 * @param nested the properties of an object
 */
public record Property(String name, PropertyType type, boolean array, List<Property> nested) {

  /**
   * Reads a property of a schema.
   *
   * @throws ConnectException when its type is one that is not known
   */
  static Property of(String collection, JsonNode json) {
    List<String> dataType = new ArrayList<>();
    json.path("dataType").forEach(node -> dataType.add(node.asText()));
    String name = json.path("name").asText();
    PropertyType type = PropertyType.of(dataType);
    if (type == PropertyType.REFERENCE && Character.isLowerCase(dataType.get(0).charAt(0))) {
      throw new ConnectException(
          "property %s of collection %s has the type %s, which is not known here; leave the collection out"
              .formatted(name, collection, dataType.get(0)));
    }
    List<Property> nested = new ArrayList<>();
    json.path("nestedProperties").forEach(node -> nested.add(of(collection, node)));
    return new Property(name, type, dataType.get(0).endsWith("[]"), nested);
  }

  /** Whether a record holds it as an ARRAY: objects travel as one JSON document. */
  public boolean arrayOnKafka() {
    return array && type != PropertyType.OBJECT;
  }
}
