package io.vectorconnect.milvus.sink.row;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.TextType;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Finds fields of a collection that no record can be written without, and which the sink does not
 * write: no record is to blame for them.
 */
public final class WritableFields {
  private WritableFields() {}

  /**
   * Makes sure that records can be written to a collection.
   *
   * @throws ConnectException naming the field whose type is not written
   */
  static void require(Collection collection, Set<TextType> types) {
    problem(collection, types)
        .ifPresent(
            problem -> {
              throw new ConnectException(problem);
            });
  }

  /** Why no record can be written to a collection, if that is so. */
  public static Optional<String> problem(Collection collection, Set<TextType> types) {
    return collection.fields().stream()
        .flatMap(field -> problem(collection, field, types).stream())
        .findFirst();
  }

  private static Optional<String> problem(
      Collection collection, FieldSchema field, Set<TextType> types) {
    Optional<TextType> text = TextType.of(field.getDataType());
    boolean known =
        text.isPresent()
            ? text.get() != TextType.STRUCT_ARRAY
            : field.getDataType() != DataType.UNRECOGNIZED;
    boolean needed =
        !field.getNullable() && !field.hasDefaultValue() && !field.getIsFunctionOutput();
    if (known && (text.isEmpty() || types.contains(text.get()) || !needed)) {
      return Optional.empty();
    }
    return Optional.of(
        "collection %s has field %s of type %s: %s"
            .formatted(
                collection.name(),
                field.getName(),
                Collection.typeName(field),
                text.map(TextCells::advice)
                    .orElse("use a newer version of this connector, or another collection")));
  }
}
