package io.vectorconnect.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * One field of a record, and how to get it.
 *
 * @param name the field's name, which is its column's
 * @param schema its schema, or null where the record has none
 * @param extractor gets its value, or null, out of a record of the same shape
 */
public record RecordField(String name, Schema schema, Extractor extractor) {

  /** Gets a field's value out of a record. */
  @FunctionalInterface
  public interface Extractor {
    /** The value, or null. */
    Object get(SinkRecord record);
  }

  /** The fields of a record's key: of a struct or map, or the key itself under {@code pkFields}. */
  public static List<RecordField> ofKey(SinkRecord record, List<String> pkFields) {
    Object key = record.key();
    if (key == null) {
      throw new DataException(
          "the record has no key, which pk.mode=record_key needs; use record_value, or a transform"
              + " that sets the key");
    }
    List<RecordField> fields;
    if (key instanceof Struct struct) {
      fields = ofStruct(struct.schema(), r -> (Struct) r.key());
    } else if (key instanceof Map<?, ?> map) {
      fields = ofMap(map, r -> (Map<?, ?>) r.key());
    } else if (pkFields.size() == 1) {
      return List.of(new RecordField(pkFields.get(0), record.keySchema(), SinkRecord::key));
    } else {
      throw new DataException(
          "the record's key is a %s; name its column by pk.fields"
              .formatted(key.getClass().getSimpleName()));
    }
    return pkFields.isEmpty() ? fields : pick(fields, pkFields, "key");
  }

  /** The fields of a record's value, in order. */
  public static List<RecordField> ofValue(SinkRecord record) {
    Object value = record.value();
    if (value instanceof Struct struct) {
      return ofStruct(struct.schema(), r -> (Struct) r.value());
    }
    if (value instanceof Map<?, ?> map) {
      return ofMap(map, r -> (Map<?, ?>) r.value());
    }
    throw new DataException(
        "expected a struct or a JSON object as the record's value, got %s"
            .formatted(value == null ? "none" : "a " + value.getClass().getSimpleName()));
  }

  /** The named ones of {@code fields}, in the order of the names. */
  public static List<RecordField> pick(List<RecordField> fields, List<String> names, String part) {
    List<RecordField> picked = new ArrayList<>();
    for (String name : names) {
      picked.add(
          fields.stream()
              .filter(field -> field.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new DataException(
                          "the record's %s has no field %s, which pk.fields names"
                              .formatted(part, name))));
    }
    return picked;
  }

  /** What makes records alike: their schema, or without one the names of their fields. */
  public static Object shape(Schema schema, Object value) {
    if (schema != null) {
      return schema;
    }
    return value instanceof Map<?, ?> map
        ? Set.copyOf(map.keySet())
        : value == null ? "" : value.getClass();
  }

  @FunctionalInterface
  private interface Part<T> {
    T of(SinkRecord record);
  }

  private static List<RecordField> ofStruct(Schema schema, Part<Struct> part) {
    List<RecordField> fields = new ArrayList<>();
    for (Field field : schema.fields()) {
      fields.add(
          new RecordField(field.name(), field.schema(), record -> part.of(record).get(field)));
    }
    return fields;
  }

  private static List<RecordField> ofMap(Map<?, ?> map, Part<Map<?, ?>> part) {
    List<RecordField> fields = new ArrayList<>();
    for (Object key : map.keySet()) {
      String name = String.valueOf(key);
      fields.add(new RecordField(name, null, record -> part.of(record).get(key)));
    }
    return fields;
  }
}
