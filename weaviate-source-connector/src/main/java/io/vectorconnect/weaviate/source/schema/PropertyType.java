package io.vectorconnect.weaviate.source.schema;

import io.vectorconnect.data.Json;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** What a property holds, and how it stands on Kafka. */
public enum PropertyType {
  TEXT,
  /** Weaviate keeps integers as doubles. */
  INT,
  NUMBER,
  BOOLEAN,
  /** RFC 3339 text, with the nanoseconds and the offset that were written. */
  DATE,
  UUID,
  /** Base64 in Weaviate. */
  BLOB,
  GEO,
  PHONE,
  /** An object, or an array of them. */
  OBJECT,
  /** Beacons. */
  REFERENCE;

  static final String ZONED_TIMESTAMP = "io.debezium.time.ZonedTimestamp";
  public static final String UUID_NAME = "io.debezium.data.Uuid";

  /** Tells the Milvus sink that numbers are an array and no vector; Milvus takes so many. */
  private static final Map<String, String> ARRAY = Map.of("max_capacity", "4096");

  /** The type that a property's {@code dataType} names: unknown names are other collections. */
  static PropertyType of(List<String> dataType) {
    return switch (element(dataType.get(0))) {
      case "text", "string" -> TEXT;
      case "int" -> INT;
      case "number" -> NUMBER;
      case "boolean" -> BOOLEAN;
      case "date" -> DATE;
      case "uuid" -> UUID;
      case "blob" -> BLOB;
      case "geoCoordinates" -> GEO;
      case "phoneNumber" -> PHONE;
      case "object" -> OBJECT;
      default -> REFERENCE;
    };
  }

  private static String element(String name) {
    return name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
  }

  /** The schema of a field; every property may be missing from an object. */
  public Schema schema(boolean array) {
    if (!array) {
      return builder().optional().build();
    }
    SchemaBuilder list = SchemaBuilder.array(builder().build()).optional();
    return this == NUMBER ? list.parameters(ARRAY).build() : list.build();
  }

  private SchemaBuilder builder() {
    return switch (this) {
      case TEXT -> SchemaBuilder.string();
      case INT -> SchemaBuilder.int64();
      case NUMBER -> SchemaBuilder.float64();
      case BOOLEAN -> SchemaBuilder.bool();
      case DATE -> SchemaBuilder.string().name(ZONED_TIMESTAMP).version(1);
      case UUID -> SchemaBuilder.string().name(UUID_NAME).version(1);
      case BLOB -> SchemaBuilder.bytes();
      case GEO, PHONE, OBJECT, REFERENCE -> Json.builder();
    };
  }
}
