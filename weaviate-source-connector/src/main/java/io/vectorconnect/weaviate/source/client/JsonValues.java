package io.vectorconnect.weaviate.source.client;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** How values stand in the JSON documents of records, whichever way they came. */
final class JsonValues {
  private JsonValues() {}

  static void geo(float latitude, float longitude, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeFieldName("latitude");
    out.writeNumber(latitude);
    out.writeFieldName("longitude");
    out.writeNumber(longitude);
    out.writeEndObject();
  }

  static void phone(
      String input,
      String defaultCountry,
      String international,
      String nationalFormatted,
      long countryCode,
      long national,
      boolean valid,
      JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("input", input);
    if (!defaultCountry.isEmpty()) {
      out.writeStringField("defaultCountry", defaultCountry);
    }
    out.writeStringField("internationalFormatted", international);
    out.writeStringField("nationalFormatted", nationalFormatted);
    out.writeNumberField("countryCode", countryCode);
    out.writeNumberField("national", national);
    out.writeBooleanField("valid", valid);
    out.writeEndObject();
  }

  /** A plain value, or a list of them. */
  static void write(Object value, JsonGenerator out) throws IOException {
    if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        write(element, out);
      }
      out.writeEndArray();
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof Long number) {
      out.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value == null) {
      out.writeNull();
    } else {
      out.writeString(value.toString());
    }
  }
}
