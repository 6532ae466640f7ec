package io.vectorconnect.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** JSON documents travel as STRING under Debezium's logical name, so that its users know them. */
public final class Json {
  /** Debezium's logical type name. */
  public static final String LOGICAL_NAME = "io.debezium.data.Json";

  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** A builder of the schema. */
  public static SchemaBuilder builder() {
    return SchemaBuilder.string().name(LOGICAL_NAME).version(1);
  }

  /**
   * A value as JSON: text is taken for a document already, everything else is written as one. BYTES
   * become base64, times ISO 8601.
   *
   * @throws DataException when the value holds a number that JSON has not
   */
  public static String text(Object value) {
    if (value instanceof String document) {
      return document;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      write(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(Object value, JsonGenerator out) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else if (value instanceof Number number) {
      write(number, out);
    } else if (value instanceof Date date) {
      out.writeString(date.toInstant().toString());
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        write(element, out);
      }
      out.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.writeFieldName(String.valueOf(entry.getKey()));
        write(entry.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof Struct struct) {
      out.writeStartObject();
      for (Field field : struct.schema().fields()) {
        out.writeFieldName(field.name());
        write(struct.get(field), out);
      }
      out.writeEndObject();
    } else {
      out.writeBinary(VectorReader.bytes(value));
    }
  }

  private static void write(Number number, JsonGenerator out) throws IOException {
    if (number instanceof BigDecimal decimal) {
      out.writeNumber(decimal);
    } else if (number instanceof Double || number instanceof Float) {
      if (!Double.isFinite(number.doubleValue())) {
        throw new DataException("JSON has no NaN and no infinity");
      }
      out.writeNumber(number.toString());
    } else {
      out.writeNumber(number.longValue());
    }
  }

  /** Whether {@code schema} is a JSON document. */
  public static boolean is(Schema schema) {
    return LOGICAL_NAME.equals(schema.name());
  }
}
