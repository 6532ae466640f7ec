package io.vectorconnect.weaviate.source.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.vectorconnect.weaviate.proto.ListValue;
import io.vectorconnect.weaviate.proto.PhoneNumber;
import io.vectorconnect.weaviate.proto.Properties;
import io.vectorconnect.weaviate.proto.Value;
import io.vectorconnect.weaviate.source.schema.Property;
import io.vectorconnect.weaviate.source.schema.PropertyType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;

/** Values of properties, from gRPC. */
final class GrpcValues {
  private static final JsonFactory JSON = new JsonFactory();

  private GrpcValues() {}

  /**
   * A value as it goes to Kafka.
   *
   * @throws DataException when gRPC does not tell it exactly, or it is of another type
   */
  static Object toConnect(Property property, Value value) {
    return switch (value.getKindCase()) {
      case NUMBER_VALUE -> value.getNumberValue();
      case BOOL_VALUE -> value.getBoolValue();
      case DATE_VALUE -> value.getDateValue();
      case UUID_VALUE -> value.getUuidValue();
      case TEXT_VALUE -> value.getTextValue();
      case INT_VALUE -> exact(value.getIntValue());
      case BLOB_VALUE -> Base64.getDecoder().decode(value.getBlobValue());
      case GEO_VALUE, PHONE_VALUE, OBJECT_VALUE -> json(property, value);
      case LIST_VALUE ->
          property.type() == PropertyType.OBJECT
              ? json(property, value)
              : list(value.getListValue());
      case NULL_VALUE -> null;
      case KIND_NOT_SET ->
          throw new DataException(
              "expected a value of a known kind, got one that this connector does not know; use connection.transport=rest");
    };
  }

  /**
   * Weaviate keeps integers as doubles and makes them int64 for gRPC; what is beyond int64 comes
   * out as its smallest number, on amd64.
   */
  private static long exact(long number) {
    if (number == Long.MIN_VALUE) {
      throw new DataException(
          "expected an integer that gRPC can tell, got one that is either -2^63 or beyond int64; use connection.transport=rest, or correct the object");
    }
    return number;
  }

  private static List<?> list(ListValue list) {
    return switch (list.getKindCase()) {
      case NUMBER_VALUES -> {
        ByteBuffer bytes = buffer(list.getNumberValues().getValues());
        List<Double> numbers = new ArrayList<>(bytes.remaining() / Double.BYTES);
        while (bytes.hasRemaining()) {
          numbers.add(bytes.getDouble());
        }
        yield numbers;
      }
      case INT_VALUES -> {
        ByteBuffer bytes = buffer(list.getIntValues().getValues());
        List<Long> numbers = new ArrayList<>(bytes.remaining() / Long.BYTES);
        while (bytes.hasRemaining()) {
          numbers.add(exact(bytes.getLong()));
        }
        yield numbers;
      }
      case BOOL_VALUES -> List.copyOf(list.getBoolValues().getValuesList());
      case DATE_VALUES -> List.copyOf(list.getDateValues().getValuesList());
      case UUID_VALUES -> List.copyOf(list.getUuidValues().getValuesList());
      case TEXT_VALUES -> List.copyOf(list.getTextValues().getValuesList());
      case OBJECT_VALUES, KIND_NOT_SET ->
          throw new DataException("expected an array of plain values, got " + list.getKindCase());
    };
  }

  private static ByteBuffer buffer(ByteString bytes) {
    return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String json(Property property, Value value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      write(property, value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(Property property, Value value, JsonGenerator out) throws IOException {
    switch (value.getKindCase()) {
      case GEO_VALUE ->
          JsonValues.geo(
              value.getGeoValue().getLatitude(), value.getGeoValue().getLongitude(), out);
      case PHONE_VALUE -> phone(value.getPhoneValue(), out);
      case OBJECT_VALUE -> object(property, value.getObjectValue(), out);
      case BLOB_VALUE -> out.writeString(value.getBlobValue());
      case LIST_VALUE -> {
        if (value.getListValue().hasObjectValues()) {
          out.writeStartArray();
          for (Properties element : value.getListValue().getObjectValues().getValuesList()) {
            object(property, element, out);
          }
          out.writeEndArray();
        } else {
          JsonValues.write(list(value.getListValue()), out);
        }
      }
      default -> JsonValues.write(toConnect(property, value), out);
    }
  }

  private static void object(Property property, Properties object, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    for (Property nested : property.nested()) {
      Value value = object.getFieldsMap().get(nested.name());
      if (value != null) {
        out.writeFieldName(nested.name());
        write(nested, value, out);
      }
    }
    out.writeEndObject();
  }

  private static void phone(PhoneNumber phone, JsonGenerator out) throws IOException {
    JsonValues.phone(
        phone.getInput(),
        phone.getDefaultCountry(),
        phone.getInternationalFormatted(),
        phone.getNationalFormatted(),
        phone.getCountryCode(),
        phone.getNational(),
        phone.getValid(),
        out);
  }
}
