package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.weaviate.source.schema.Property;
import io.vectorconnect.weaviate.source.schema.VectorSpace;
import org.apache.kafka.connect.errors.DataException;

/** One object of an answer, by gRPC or REST. */
public interface ObjectView {
  /** Its UUID, in lower case. */
  String id();

  /** When it was created, in milliseconds since 1970. */
  long created();

  /** When it was last updated, in milliseconds since 1970. */
  long updated();

  /**
   * The value of a property as it goes to Kafka, or null.
   *
   * @throws DataException when it cannot be told exactly
   */
  Object property(Property property);

  /** A vector as little-endian binary32, or null when the object has none. */
  byte[] vector(VectorSpace space);

  /**
   * A list of vectors: two bytes of their dimension, little-endian, then the vectors one after
   * another; or null when the object has none.
   */
  byte[] vectors(VectorSpace space);
}
