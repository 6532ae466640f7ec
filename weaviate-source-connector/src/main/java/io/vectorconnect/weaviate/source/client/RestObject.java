package io.vectorconnect.weaviate.source.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.weaviate.source.schema.Property;
import io.vectorconnect.weaviate.source.schema.VectorSpace;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * An object as REST sends it.
 *
 * @param vectors its vectors, by name; the one without name under ""
 */
record RestObject(
    String id, long created, long updated, JsonNode properties, Map<String, byte[]> vectors)
    implements ObjectView {

  /** Reads an object, from its opening brace on. */
  static RestObject read(JsonParser in) throws IOException {
    String id = "";
    long created = 0;
    long updated = 0;
    JsonNode properties = MissingNode.getInstance();
    Map<String, byte[]> vectors = new HashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "id" -> id = in.getText();
        case "creationTimeUnix" -> created = in.getLongValue();
        case "lastUpdateTimeUnix" -> updated = in.getLongValue();
        case "properties" -> properties = in.readValueAsTree();
        case "vector" -> readVector("", in, vectors);
        case "vectors" -> {
          while (in.nextToken() == JsonToken.FIELD_NAME) {
            String vector = in.currentName();
            in.nextToken();
            readVector(vector, in, vectors);
          }
        }
        default -> in.skipChildren();
      }
    }
    return new RestObject(id, created, updated, properties, vectors);
  }

  private static void readVector(String name, JsonParser in, Map<String, byte[]> into)
      throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      return; // null
    }
    byte[] bytes = new byte[512];
    int length = 0;
    int first = 0;
    int depth = 1;
    while (depth > 0) {
      JsonToken token = in.nextToken();
      if (token == JsonToken.START_ARRAY) {
        depth++;
        if (length == 0) {
          length = Short.BYTES; // a list of vectors begins with their dimension
        }
      } else if (token == JsonToken.END_ARRAY) {
        depth--;
        first = first == 0 && depth == 1 ? length : first;
      } else {
        bytes = length + Float.BYTES > bytes.length ? Arrays.copyOf(bytes, length * 2) : bytes;
        LittleEndian.putFloat(bytes, length, Float.parseFloat(in.getText()));
        length += Float.BYTES;
      }
    }
    if (first > 0) {
      LittleEndian.putShort(bytes, 0, (short) ((first - Short.BYTES) / Float.BYTES));
    }
    if (length > 0) {
      into.put(name, Arrays.copyOf(bytes, length));
    }
  }

  @Override
  public Object property(Property property) {
    JsonNode value = properties.path(property.name());
    return value.isMissingNode() || value.isNull() ? null : RestValues.toConnect(property, value);
  }

  @Override
  public byte[] vector(VectorSpace space) {
    return vectors.get(space.name());
  }

  @Override
  public byte[] vectors(VectorSpace space) {
    return vectors.get(space.name());
  }
}
