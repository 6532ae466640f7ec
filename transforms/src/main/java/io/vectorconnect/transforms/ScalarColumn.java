package io.vectorconnect.transforms;

import io.vectorconnect.data.ExactNumber;
import io.vectorconnect.data.Json;
import java.math.BigDecimal;
import java.util.Date;
import java.util.function.BiFunction;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonBinarySubType;
import org.bson.BsonDocument;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.UuidRepresentation;
import org.bson.codecs.BsonValueCodec;
import org.bson.codecs.DecoderContext;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/** A column that is no vector. */
final class ScalarColumn implements Column {
  static final String TYPE_NAMES =
      "string, boolean, int32, int64, float32, float64, decimal(scale), timestamp, bytes, objectid,"
          + " uuid or json";
  static final String TYPE_PATTERN =
      "string|boolean|int32|int64|float32|float64|decimal\\([0-9]{1,3}\\)|timestamp|bytes|objectid|uuid|json";

  private static final JsonWriterSettings RELAXED =
      JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();
  private static final BsonValueCodec CODEC = new BsonValueCodec();

  private final String type;
  private final Schema schema;
  private final BiFunction<BsonReader, BsonType, Object> reader;

  private ScalarColumn(
      String type, Schema schema, BiFunction<BsonReader, BsonType, Object> reader) {
    this.type = type;
    this.schema = schema;
    this.reader = reader;
  }

  /** A column by its declared type, one of {@link #TYPE_NAMES}. */
  static ScalarColumn of(String type) {
    return switch (type) {
      case "string" ->
          of(type, Schema.OPTIONAL_STRING_SCHEMA, BsonType.STRING, BsonReader::readString);
      case "boolean" ->
          of(type, Schema.OPTIONAL_BOOLEAN_SCHEMA, BsonType.BOOLEAN, BsonReader::readBoolean);
      case "objectid" ->
          of(
              type,
              Schema.OPTIONAL_STRING_SCHEMA,
              BsonType.OBJECT_ID,
              in -> in.readObjectId().toHexString());
      case "timestamp" ->
          of(
              type,
              Timestamp.builder().optional().build(),
              BsonType.DATE_TIME,
              in -> new Date(in.readDateTime()));
      case "int32" ->
          new ScalarColumn(
              type,
              Schema.OPTIONAL_INT32_SCHEMA,
              (in, bson) ->
                  (int)
                      ExactNumber.integer(
                          number(in, bson, type), Integer.MIN_VALUE, Integer.MAX_VALUE, type));
      case "int64" ->
          new ScalarColumn(
              type,
              Schema.OPTIONAL_INT64_SCHEMA,
              (in, bson) ->
                  ExactNumber.integer(
                      number(in, bson, type), Long.MIN_VALUE, Long.MAX_VALUE, type));
      case "float32" ->
          new ScalarColumn(
              type,
              Schema.OPTIONAL_FLOAT32_SCHEMA,
              (in, bson) -> ExactNumber.toFloat(number(in, bson, type), type));
      case "float64" ->
          new ScalarColumn(
              type,
              Schema.OPTIONAL_FLOAT64_SCHEMA,
              (in, bson) -> ExactNumber.toDouble(number(in, bson, type), type));
      case "bytes" -> new ScalarColumn(type, Schema.OPTIONAL_BYTES_SCHEMA, ScalarColumn::bytes);
      case "uuid" -> new ScalarColumn(type, Schema.OPTIONAL_STRING_SCHEMA, ScalarColumn::uuid);
      case "json" ->
          new ScalarColumn(type, Json.builder().optional().build(), (in, bson) -> jsonOfValue(in));
      default -> decimal(type);
    };
  }

  private static ScalarColumn of(
      String type,
      Schema schema,
      BsonType expected,
      java.util.function.Function<BsonReader, Object> reader) {
    return new ScalarColumn(
        type,
        schema,
        (in, bson) -> {
          if (bson != expected) {
            throw unexpected(type, bson);
          }
          return reader.apply(in);
        });
  }

  private static ScalarColumn decimal(String type) {
    int scale = Integer.parseInt(type.substring(type.indexOf('(') + 1, type.length() - 1));
    return new ScalarColumn(
        type,
        Decimal.builder(scale).optional().build(),
        (in, bson) -> {
          if (bson == BsonType.DOUBLE) {
            throw unexpected(type, bson); // 0.1 is none of the decimals that it may stand for
          }
          try {
            return new BigDecimal(number(in, bson, type).toString()).setScale(scale);
          } catch (ArithmeticException e) {
            throw new DataException("the number has more digits than " + type + " holds");
          }
        });
  }

  private static Number number(BsonReader in, BsonType bson, String type) {
    return switch (bson) {
      case INT32 -> in.readInt32();
      case INT64 -> in.readInt64();
      case DOUBLE -> in.readDouble();
      case DECIMAL128 -> {
        try {
          yield in.readDecimal128().bigDecimalValue();
        } catch (ArithmeticException e) {
          throw new DataException("a decimal that is negative zero, infinite or no number");
        }
      }
      default -> throw unexpected(type, bson);
    };
  }

  private static byte[] bytes(BsonReader in, BsonType bson) {
    if (bson != BsonType.BINARY) {
      throw unexpected("bytes", bson);
    }
    return in.readBinaryData().getData();
  }

  private static String uuid(BsonReader in, BsonType bson) {
    if (bson != BsonType.BINARY
        || in.peekBinarySubType() != BsonBinarySubType.UUID_STANDARD.getValue()) {
      throw unexpected("uuid", bson);
    }
    return in.readBinaryData().asUuid(UuidRepresentation.STANDARD).toString();
  }

  /** Any value as JSON. */
  private static String jsonOfValue(BsonReader in) {
    String wrapped =
        new BsonDocument("v", CODEC.decode(in, DecoderContext.builder().build())).toJson(RELAXED);
    return wrapped.substring(wrapped.indexOf(':') + 1, wrapped.length() - 1).strip();
  }

  /** A document as JSON. */
  static String json(BsonDocument document) {
    return document.toJson(RELAXED);
  }

  private static DataException unexpected(String type, BsonType came) {
    return new DataException(
        "expected %s, got %s; declare another type in field.types, or json".formatted(type, came));
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public Object read(BsonReader in, BsonType bsonType) {
    return reader.apply(in, bsonType);
  }

  @Override
  public String toString() {
    return type;
  }
}
