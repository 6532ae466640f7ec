package io.vectorconnect.milvus.sink.collection;

import io.milvus.grpc.DataType;
import io.vectorconnect.milvus.FieldParameters;
import io.vectorconnect.milvus.TextType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * What is told of created fields beside the records' schemas; parameters of these schemas go
 * before.
 *
 * @param varcharMaxLength in bytes of UTF-8
 * @param arrayMaxCapacity elements of an array
 * @param arrays fields that are arrays, though their elements could be those of a vector
 * @param vectors the dimensions of fields that are float vectors, though their schemas do not tell
 * @param nullableVectors whether vector fields take NULL where the record's field is optional
 * @param textTypes the types of Milvus that fields get again whose records have them as text
 */
public record FieldLimits(
    int varcharMaxLength,
    int arrayMaxCapacity,
    Set<String> arrays,
    Map<String, Integer> vectors,
    boolean nullableVectors,
    Set<TextType> textTypes) {
  /** The type that a field had in Milvus and gets again, if it is not one of the usual ones. */
  Optional<DataType> textType(Schema schema) {
    String name = parameter(schema, FieldParameters.TEXT_TYPE);
    return textTypes.stream()
        .filter(type -> type.toString().equals(name) && schema.type() == Schema.Type.STRING)
        .map(TextType::type)
        .findFirst();
  }

  /** Whether a field of floats is an array of them, not a vector. */
  boolean isArray(String field, Schema schema) {
    return schema.type() == Schema.Type.ARRAY
        && (arrays.contains(field) || parameter(schema, FieldParameters.MAX_CAPACITY) != null);
  }

  int maxLength(Schema schema) {
    return limit(schema, FieldParameters.MAX_LENGTH, varcharMaxLength, FieldTypes.MAX_VARCHAR);
  }

  int maxCapacity(Schema schema) {
    return limit(schema, FieldParameters.MAX_CAPACITY, arrayMaxCapacity, FieldTypes.MAX_CAPACITY);
  }

  private static int limit(Schema schema, String name, int otherwise, int most) {
    String given = parameter(schema, name);
    if (given == null) {
      return otherwise;
    }
    if (!given.matches("\\d{1,9}")
        || Integer.parseInt(given) < 1
        || Integer.parseInt(given) > most) {
      throw new DataException(
          "the schema's parameter %s is not a number from 1 to %,d".formatted(name, most));
    }
    return Integer.parseInt(given);
  }

  private static String parameter(Schema schema, String name) {
    return schema.parameters() == null ? null : schema.parameters().get(name);
  }
}
