package io.vectorconnect.metadata;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vectorconnect.data.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** What a field of JSON lines becomes. */
enum JsonType {
  INT64,
  FLOAT64,
  STRING,
  BOOLEAN,
  JSON;

  Schema schema() {
    return switch (this) {
      case INT64 -> Schema.OPTIONAL_INT64_SCHEMA;
      case FLOAT64 -> Schema.OPTIONAL_FLOAT64_SCHEMA;
      case STRING -> Schema.OPTIONAL_STRING_SCHEMA;
      case BOOLEAN -> Schema.OPTIONAL_BOOLEAN_SCHEMA;
      case JSON -> Json.builder().optional().build();
    };
  }

  /**
   * The value at which a parser stands; afterwards it stands at its last token.
   *
   * @param line what is parsed, from its first byte on
   * @throws DataException when this type does not hold it
   */
  Object read(JsonParser parser, byte[] line) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (this == JSON) {
      return document(parser, line);
    }
    boolean fits =
        switch (this) {
          case INT64 ->
              token == JsonToken.VALUE_NUMBER_INT
                  && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
          case FLOAT64 -> token.isNumeric();
          case STRING -> token == JsonToken.VALUE_STRING;
          default -> token.isBoolean();
        };
    if (!fits) {
      throw new DataException(
          "expected %s, got %s"
              .formatted(name().toLowerCase(Locale.ROOT), token.name().toLowerCase(Locale.ROOT)));
    }
    return switch (this) {
      case INT64 -> parser.getLongValue();
      case FLOAT64 -> finite(parser.getDoubleValue());
      case STRING -> parser.getText();
      default -> parser.getBooleanValue();
    };
  }

  private static double finite(double number) {
    if (Double.isInfinite(number)) {
      throw new DataException("a number beyond the range of float64");
    }
    return number;
  }

  /** The text of a value as it stands in the file: no digit is lost. */
  private static String document(JsonParser parser, byte[] line) throws IOException {
    if (parser.currentToken().isNumeric() || parser.currentToken().isBoolean()) {
      return parser.getText();
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(line, start, end - start, StandardCharsets.UTF_8);
  }
}
