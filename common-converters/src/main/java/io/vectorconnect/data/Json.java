package io.vectorconnect.data;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** JSON documents travel as STRING under Debezium's logical name, so that its users know them. */
public final class Json {
  /** Debezium's logical type name. */
  public static final String LOGICAL_NAME = "io.debezium.data.Json";

  private Json() {}

  /** A builder of the schema. */
  public static SchemaBuilder builder() {
    return SchemaBuilder.string().name(LOGICAL_NAME).version(1);
  }

  /** Whether {@code schema} is a JSON document. */
  public static boolean is(Schema schema) {
    return LOGICAL_NAME.equals(schema.name());
  }
}
