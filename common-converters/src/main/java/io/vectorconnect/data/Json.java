package io.vectorconnect.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
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
   * A value as a JSON document: text is one already, anything else is written as one.
   *
   * @throws DataException when JSON has no place for the value
   */
  public static String document(Schema schema, Object value) {
    return value instanceof String document ? document : write(schema, value);
  }

  /**
   * Makes sure that a text is one JSON document.
   *
   * @return the names of its fields if it is an object
   */
  public static Set<String> check(String document) {
    return check(document, number -> {});
  }

  /**
   * Makes sure that a text is one JSON document whose numbers are finite as 64-bit ones.
   *
   * @return the names of its fields if it is an object
   */
  public static Set<String> checkOfDoubles(String document) {
    return check(
        document,
        number -> {
          if (Double.isInfinite(Double.parseDouble(number))) {
            throw new DataException(
                "the JSON document has a number beyond the range of 64-bit floating-point numbers;"
                    + " correct the record");
          }
        });
  }

  private static Set<String> check(String document, Consumer<String> numbers) {
    Set<String> names = new LinkedHashSet<>();
    try (JsonParser parser = FACTORY.createParser(document)) {
      JsonToken first = parser.nextToken();
      int depth = 0;
      JsonToken token = first;
      do {
        if (token == null) {
          throw new DataException("the text is no JSON document: it ends too early");
        }
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.FIELD_NAME && depth == 1) {
          names.add(parser.currentName());
        } else if (token.isNumeric()) {
          numbers.accept(parser.getText());
        }
        token = depth > 0 ? parser.nextToken() : token;
      } while (depth > 0);
      if (parser.nextToken() != null) {
        throw new DataException("the text is more than one JSON document");
      }
    } catch (IOException e) {
      // The parser's message may quote the text.
      throw new DataException("the text is no JSON document; correct the record");
    }
    return names;
  }

  /**
   * A value as JSON; BYTES become base64, times ISO 8601.
   *
   * @param schema the value's schema, or null where it has none
   * @throws DataException when JSON has no place for it
   */
  public static String write(Schema schema, Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      write(schema, value, out);
    } catch (IOException e) {
      throw new DataException("the value cannot be written as JSON");
    }
    return text.toString();
  }

  private static void write(Schema schema, Object value, JsonGenerator out) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof String string) {
      if (schema != null && is(schema)) {
        check(string);
        out.writeRawValue(string);
      } else {
        out.writeString(string);
      }
    } else if (value instanceof Boolean bool) {
      out.writeBoolean(bool);
    } else if (value instanceof Number number) {
      writeNumber(schema, number, out);
    } else if (value instanceof Struct struct) {
      out.writeStartObject();
      for (Field field : struct.schema().fields()) {
        out.writeFieldName(field.name());
        write(field.schema(), struct.get(field), out);
      }
      out.writeEndObject();
    } else if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.writeFieldName(String.valueOf(entry.getKey()));
        write(schema == null ? null : schema.valueSchema(), entry.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        write(schema == null ? null : schema.valueSchema(), element, out);
      }
      out.writeEndArray();
    } else if (value instanceof Date date) {
      out.writeString(date.toInstant().toString());
    } else {
      out.writeBinary(VectorReader.bytes(value));
    }
  }

  private static void writeNumber(Schema schema, Number number, JsonGenerator out)
      throws IOException {
    if (number instanceof Double || number instanceof Float) {
      if (!Double.isFinite(number.doubleValue())) {
        throw new DataException("JSON has no NaN and no infinities; correct the record");
      }
      out.writeNumber(number.toString());
    } else if (number instanceof BigInteger || number instanceof BigDecimal) {
      throw noPlace(schema, number); // readers take JSON numbers for 64-bit ones
    } else {
      out.writeNumber(number.longValue());
    }
  }

  private static DataException noPlace(Schema schema, Object value) {
    return new DataException(
        "JSON has no place for a %s; convert or leave out the field by a transform"
            .formatted(
                schema != null && schema.name() != null
                    ? schema.name()
                    : value.getClass().getSimpleName()));
  }

  /** Whether {@code schema} is a JSON document. */
  public static boolean is(Schema schema) {
    return LOGICAL_NAME.equals(schema.name());
  }
}
