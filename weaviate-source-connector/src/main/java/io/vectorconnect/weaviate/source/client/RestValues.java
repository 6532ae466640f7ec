package io.vectorconnect.weaviate.source.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.vectorconnect.weaviate.source.schema.Property;
import io.vectorconnect.weaviate.source.schema.PropertyType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;

/** Values of properties, from REST. */
final class RestValues {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory JSON = MAPPER.getFactory();
  private static final double LONG_END = 0x1p63;

  private RestValues() {}

  /**
   * A value as it goes to Kafka.
   *
   * @throws DataException when it is not of the property's type
   */
  static Object toConnect(Property property, JsonNode value) {
    if (!property.arrayOnKafka() || property.type() == PropertyType.REFERENCE) {
      return element(property, value);
    }
    List<Object> elements = new ArrayList<>(value.size());
    value.forEach(element -> elements.add(element(property, element)));
    return elements;
  }

  private static Object element(Property property, JsonNode value) {
    return switch (property.type()) {
      case TEXT, DATE, UUID -> value.asText();
      case INT -> integer(value);
      case NUMBER -> value.doubleValue();
      case BOOLEAN -> value.booleanValue();
      case BLOB -> Base64.getDecoder().decode(value.asText());
      case OBJECT -> json(out -> write(property, value, out));
      case GEO -> json(out -> geo(value, out));
      case PHONE -> json(out -> phone(value, out));
      case REFERENCE -> beacons(value);
    };
  }

  /**
   * Weaviate keeps integers as doubles, and writes the shortest digits that name the double: these
   * are not the integer's own beyond 2^53.
   */
  private static long integer(JsonNode value) {
    double number = value.doubleValue();
    if (number < -LONG_END || number >= LONG_END || number != Math.rint(number)) {
      throw new DataException("expected an integer of 64 bits, got one beyond; correct the object");
    }
    return (long) number;
  }

  private static String beacons(JsonNode references) {
    ArrayNode beacons = MAPPER.createArrayNode();
    references.forEach(reference -> beacons.add(reference.path("beacon").asText()));
    return beacons.toString();
  }

  /** An object, in the order and the numbers in which gRPC's are written too. */
  private static void write(Property property, JsonNode value, JsonGenerator out)
      throws IOException {
    if (value.isArray()) {
      out.writeStartArray();
      for (JsonNode element : value) {
        write(property, element, out);
      }
      out.writeEndArray();
    } else if (value.isNull()) {
      out.writeNull();
    } else if (property.type() == PropertyType.OBJECT) {
      out.writeStartObject();
      for (Property nested : property.nested()) {
        JsonNode member = value.path(nested.name());
        if (!member.isMissingNode()) {
          out.writeFieldName(nested.name());
          write(nested, member, out);
        }
      }
      out.writeEndObject();
    } else if (property.type() == PropertyType.BLOB) {
      out.writeString(value.asText());
    } else {
      JsonValues.write(element(property, value), out);
    }
  }

  private static void geo(JsonNode value, JsonGenerator out) throws IOException {
    JsonValues.geo(number(value.path("latitude")), number(value.path("longitude")), out);
  }

  private static float number(JsonNode value) {
    return Float.parseFloat(value.asText("0"));
  }

  private static void phone(JsonNode value, JsonGenerator out) throws IOException {
    JsonValues.phone(
        value.path("input").asText(),
        value.path("defaultCountry").asText(),
        value.path("internationalFormatted").asText(),
        value.path("nationalFormatted").asText(),
        value.path("countryCode").asLong(),
        value.path("national").asLong(),
        value.path("valid").asBoolean(),
        out);
  }

  @FunctionalInterface
  private interface Writer {
    void write(JsonGenerator out) throws IOException;
  }

  private static String json(Writer writer) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      writer.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
