package io.vectorconnect.transforms;

import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonBinarySubType;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.UuidRepresentation;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/** How {@code _id} becomes a record's key: the same id always the same key, and no two alike. */
enum IdType {
  /** 24 hexadecimal digits. */
  OBJECTID,
  /** As it is. */
  STRING,
  /** Any whole number of 64 bits; MongoDB takes 1, 1 as 64 bits and 1.0 for the same id, too. */
  INT64,
  /** Binary subtype 4, in its usual text form. */
  UUID,
  /**
   * Text. Ids of different types stay different: a string that reads like the text of another type
   * is put into quotes.
   */
  ANY;

  private static final JsonWriterSettings CANONICAL =
      JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

  private static final Pattern LIKE_ANOTHER_TYPE =
      Pattern.compile(
          "[0-9a-f]{24}|-?[0-9]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\"{].*",
          Pattern.DOTALL);

  /** The schema of the key's field. */
  Schema schema() {
    return this == INT64 ? Schema.INT64_SCHEMA : Schema.STRING_SCHEMA;
  }

  /**
   * The key of an id.
   *
   * @throws DataException when the id is of another type
   */
  Object key(BsonValue id) {
    return switch (this) {
      case OBJECTID -> {
        require(id.isObjectId(), id);
        yield id.asObjectId().getValue().toHexString();
      }
      case STRING -> {
        require(id.isString(), id);
        yield id.asString().getValue();
      }
      case INT64 -> {
        require(isWhole(id), id);
        yield id.asNumber().longValue();
      }
      case UUID -> {
        require(isUuid(id), id);
        yield uuid(id);
      }
      case ANY -> any(id);
    };
  }

  private static String any(BsonValue id) {
    if (id.isObjectId()) {
      return id.asObjectId().getValue().toHexString();
    }
    if (id.isString()) {
      String text = id.asString().getValue();
      return LIKE_ANOTHER_TYPE.matcher(text).matches() ? '"' + text + '"' : text;
    }
    if (isWhole(id)) {
      return Long.toString(id.asNumber().longValue());
    }
    if (isUuid(id)) {
      return uuid(id);
    }
    // {"v": …} gives a single value the form of a document, which the writer needs.
    return new BsonDocument("v", id).toJson(CANONICAL);
  }

  private static String uuid(BsonValue id) {
    return id.asBinary().asUuid(UuidRepresentation.STANDARD).toString();
  }

  private static boolean isUuid(BsonValue id) {
    return id.isBinary() && id.asBinary().getType() == BsonBinarySubType.UUID_STANDARD.getValue();
  }

  private static boolean isWhole(BsonValue id) {
    if (id.isDouble()) {
      double number = id.asDouble().getValue();
      return number == Math.rint(number) && Math.abs(number) <= 0x1p53;
    }
    return id.isInt32() || id.isInt64();
  }

  private void require(boolean fits, BsonValue id) {
    if (!fits) {
      BsonType type = id.getBsonType();
      throw new DataException(
          "_id: expected %s as id.type says, got %s; set id.type to the type of the ids, or to any"
              .formatted(name().toLowerCase(java.util.Locale.ROOT), type));
    }
  }
}
