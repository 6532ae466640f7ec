package io.vectorconnect.transforms;

import org.apache.kafka.connect.data.Schema;
import org.bson.BsonReader;
import org.bson.BsonType;

/** A declared column: its schema, and how its values are read. */
public interface Column {
  /** The schema of its values; optional. */
  Schema schema();

  /**
   * Reads the value at which {@code in} stands, all of it.
   *
   * @param type the value's type; neither null nor undefined
   * @throws org.apache.kafka.connect.errors.DataException telling what was expected and what came
   */
  Object read(BsonReader in, BsonType type);
}
