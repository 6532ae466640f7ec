package io.vectorconnect.milvus.sink.row;

import io.vectorconnect.data.Json;
import io.vectorconnect.milvus.sink.collection.FieldTypes;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;

/**
 * What of a record goes into its row's dynamic fields: the object under {@link #NAME}, as the
 * source writes it, and every field for which the collection has none.
 */
public final class DynamicFields {
  /** Milvus's own name of the column, and the record field that carries it. */
  static final String NAME = "$meta";

  private static final String EMPTY = "{}";

  private final RecordField meta;
  private final List<RecordField> others;
  private final Set<String> columns;

  /**
   * The dynamic fields of records of one shape.
   *
   * @param fields the records' fields that the collection has no field for
   * @param columns the names of the collection's own fields
   */
  DynamicFields(List<RecordField> fields, Set<String> columns) {
    this.columns = columns;
    this.meta = fields.stream().filter(f -> f.name().equals(NAME)).findFirst().orElse(null);
    this.others = fields.stream().filter(f -> !f.name().equals(NAME)).toList();
    for (RecordField field : others) {
      if (field.schema() != null && FieldTypes.vectorType(field.schema()).isPresent()) {
        throw new DataException(
            "the collection has no field %s, and dynamic fields do not hold vectors; add the field, or leave it out by a transform"
                .formatted(field.name()));
      }
    }
  }

  /** One JSON object in UTF-8. */
  byte[] encode(Change change) {
    String document = meta == null ? null : document(meta.extractor().get(change));
    Set<String> taken = document == null ? Set.of() : names(document);
    if (others.isEmpty()) {
      return JsonText.utf8(document == null ? EMPTY : document);
    }
    StringBuilder merged = new StringBuilder("{");
    if (document != null) {
      merged.append(document, document.indexOf('{') + 1, document.lastIndexOf('}'));
    }
    boolean first = taken.isEmpty();
    for (RecordField field : others) {
      if (taken.contains(field.name())) {
        throw new DataException(
            "field %s stands in the record and in its %s; leave out one of them by a transform"
                .formatted(field.name(), NAME));
      }
      merged.append(first ? "" : ",").append(Json.write(null, field.name())).append(':');
      merged.append(value(field, change));
      first = false;
    }
    return JsonText.utf8(merged.append('}').toString());
  }

  private static String value(RecordField field, Change change) {
    try {
      return Json.write(field.schema(), field.extractor().get(change));
    } catch (DataException e) {
      throw new DataException("dynamic field %s: %s".formatted(field.name(), e.getMessage()));
    }
  }

  private static String document(Object value) {
    if (value == null) {
      return null;
    }
    return value instanceof String text ? text : Json.write(null, value);
  }

  /** The names in an object, each of which Milvus can keep beside the collection's fields. */
  private Set<String> names(String document) {
    Set<String> names = Json.checkOfDoubles(document);
    if (!document.stripLeading().startsWith("{")) {
      throw new DataException("expected a JSON object in %s".formatted(NAME));
    }
    for (String name : names) {
      if (name.equals(NAME)) {
        throw new DataException(
            "%s has a field %s in itself, which Milvus refuses; rename it by a transform"
                .formatted(NAME, NAME));
      }
      if (columns.contains(name)) {
        throw new DataException(
            "%s has a field %s, and the collection has a field of this name; leave out one of them by a transform"
                .formatted(NAME, name));
      }
    }
    return names;
  }

  /** Whether a record's field is the carrier of dynamic fields. */
  public static boolean isCarrier(RecordField field) {
    return field.name().equals(NAME) && (field.schema() == null || Json.is(field.schema()));
  }
}
