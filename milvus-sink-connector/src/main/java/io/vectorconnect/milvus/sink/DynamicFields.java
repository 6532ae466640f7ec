package io.vectorconnect.milvus.sink;

import io.vectorconnect.data.Json;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;

/**
 * What of a record goes into its row's dynamic fields: the object under {@link #NAME}, as the
 * source writes it, and every field for which the collection has none.
 */
final class DynamicFields {
  /** Milvus's own name of the column, and the record field that carries it. */
  static final String NAME = "$meta";

  private static final String EMPTY = "{}";

  private final RecordField meta;
  private final List<RecordField> others;

  DynamicFields(List<RecordField> fields) {
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
    if (others.isEmpty()) {
      return JsonText.utf8(document == null ? EMPTY : document);
    }
    StringBuilder merged = new StringBuilder("{");
    Set<String> taken = Set.of();
    if (document != null) {
      taken = JsonText.check(document);
      merged.append(document, document.indexOf('{') + 1, document.lastIndexOf('}'));
    }
    boolean first = taken.isEmpty();
    for (RecordField field : others) {
      if (taken.contains(field.name())) {
        throw new DataException(
            "field %s stands in the record and in its %s; leave out one of them by a transform"
                .formatted(field.name(), NAME));
      }
      merged.append(first ? "" : ",").append(JsonText.write(null, field.name())).append(':');
      merged.append(value(field, change));
      first = false;
    }
    return JsonText.utf8(merged.append('}').toString());
  }

  private static String value(RecordField field, Change change) {
    try {
      return JsonText.write(field.schema(), field.extractor().get(change));
    } catch (DataException e) {
      throw new DataException("dynamic field %s: %s".formatted(field.name(), e.getMessage()));
    }
  }

  private static String document(Object value) {
    if (value == null) {
      return null;
    }
    String document = value instanceof String text ? text : JsonText.write(null, value);
    JsonText.check(document);
    if (!document.stripLeading().startsWith("{")) {
      throw new DataException("expected a JSON object in %s".formatted(NAME));
    }
    return document;
  }

  /** Whether a record's field is the carrier of dynamic fields. */
  static boolean isCarrier(RecordField field) {
    return field.name().equals(NAME) && (field.schema() == null || Json.is(field.schema()));
  }
}
