package io.vectorconnect.weaviate.source;

import io.vectorconnect.data.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Schemas and values of Connect for a person's eye. */
final class ReportText {
  private static final int MAX_TEXT = 100;
  private static final int MAX_ELEMENTS = 3;

  private ReportText() {}

  /** A line for each field: its name, type and parameters. */
  static List<String> fields(Schema struct) {
    return struct.fields().stream()
        .map(field -> field.name() + ": " + type(field.schema()))
        .toList();
  }

  private static String type(Schema schema) {
    StringBuilder text = new StringBuilder(schema.type().name());
    if (schema.type() == Schema.Type.ARRAY) {
      text.append(" of ").append(type(schema.valueSchema()));
    }
    if (schema.name() != null) {
      text.append(' ').append(schema.name());
    }
    if (schema.isOptional()) {
      text.append(", optional");
    }
    if (schema.parameters() != null) {
      new TreeMap<>(schema.parameters())
          .forEach((name, value) -> text.append(", ").append(name).append(' ').append(value));
    }
    return text.toString();
  }

  /** The fields of a value that are not null, long ones shortened. */
  static String value(Struct struct) {
    List<String> parts = new ArrayList<>();
    for (Field field : struct.schema().fields()) {
      Object value = struct.get(field);
      if (value != null) {
        parts.add(field.name() + "=" + value(field.schema(), value));
      }
    }
    return String.join(", ", parts);
  }

  private static String value(Schema schema, Object value) {
    if (value instanceof byte[] bytes) {
      return VectorType.FLOAT.schemaName().equals(schema.name())
          ? vector(bytes)
          : bytes.length + " bytes";
    }
    if (value instanceof List<?> list) {
      return list(
          list.stream()
              .limit(MAX_ELEMENTS)
              .map(element -> value(schema.valueSchema(), element))
              .collect(Collectors.toList()),
          list.size());
    }
    String text = value.toString().replace("\r", " ").replace("\n", " ");
    return text.length() > MAX_TEXT
        ? text.substring(0, MAX_TEXT) + "… (" + text.length() + " characters)"
        : text;
  }

  private static String vector(byte[] bytes) {
    ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int dimension = bytes.length / Float.BYTES;
    List<String> first = new ArrayList<>();
    for (int i = 0; i < Math.min(MAX_ELEMENTS, dimension); i++) {
      first.add(Float.toString(floats.getFloat()));
    }
    return list(first, dimension);
  }

  private static String list(List<String> first, int size) {
    return "["
        + String.join(", ", first)
        + (size > first.size() ? ", … " + size + " values" : "")
        + "]";
  }
}
