package io.vectorconnect.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * One field of a record, and how to get it.
 *
 * @param name the field's name, which is its column's
 * @param schema its schema, or null where the record has none
 * @param extractor gets its value, or null, out of a record of the same shape
 */
public record RecordField(String name, Schema schema, Extractor extractor) {

  /** Gets a field's value out of a record's key or row. */
  @FunctionalInterface
  public interface Extractor {
    /** The value, or null. */
    Object get(Change change);
  }

  /** The fields of a record's key: of a struct or map, or the key itself under {@code pkFields}. */
  public static List<RecordField> ofKey(Change change, List<String> pkFields) {
    Object key = change.record().key();
    if (key == null) {
      throw new DataException(
          "the record has no key, which pk.mode=record_key needs; use record_value, or a transform"
              + " that sets the key");
    }
    List<RecordField> fields;
    if (key instanceof Struct struct) {
      fields = ofStruct(struct.schema(), c -> c.record().key());
    } else if (key instanceof Map<?, ?> map) {
      fields = ofMap(map, c -> c.record().key());
    } else if (pkFields.size() == 1) {
      return List.of(
          new RecordField(pkFields.get(0), change.record().keySchema(), c -> c.record().key()));
    } else {
      throw new DataException(
          "the record's key is a %s; name its column by pk.fields"
              .formatted(key.getClass().getSimpleName()));
    }
    return pkFields.isEmpty() ? fields : pick(fields, pkFields, "key");
  }

  /** The fields of a row, in order. */
  public static List<RecordField> ofRow(Change change) {
    List<RecordField> fields =
        change.row() instanceof Struct struct
            ? ofStruct(struct.schema(), Change::row)
            : ofMap((Map<?, ?>) change.row(), Change::row);
    fields.removeIf(field -> Change.markers().contains(field.name()));
    return fields;
  }

  /** The fields of a row whose values the source does not tell. */
  public static List<RecordField> absentOfRow(Change change) {
    List<RecordField> fields = ofRow(change);
    fields.removeIf(field -> !change.absent().contains(field.name()));
    return fields;
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
  static Object shape(Schema schema, Object value) {
    if (schema != null) {
      return schema;
    }
    return value instanceof Map<?, ?> map
        ? Set.copyOf(map.keySet())
        : value == null ? "" : value.getClass();
  }

  /** The same field under another name. */
  public RecordField named(String other) {
    return new RecordField(other, schema, extractor);
  }

  /**
   * A field inside of this one, which is a struct or an object.
   *
   * @param path names of the fields on the way to it
   * @param newName its own name
   */
  public RecordField inner(List<String> path, String newName) {
    Schema found = schema;
    for (String step : path) {
      if (found == null) {
        break;
      }
      Field field = found.type() == Schema.Type.STRUCT ? found.field(step) : null;
      if (field == null) {
        throw new DataException(
            "the record's field %s has no field %s, which fields.mapping names"
                .formatted(name, String.join(".", path)));
      }
      found = field.schema();
    }
    return new RecordField(newName, found, c -> inside(extractor.get(c), path));
  }

  private static Object inside(Object outer, List<String> path) {
    Object value = outer;
    for (String step : path) {
      if (value instanceof Struct struct) {
        value = struct.get(step);
      } else {
        value = value instanceof Map<?, ?> map ? map.get(step) : null;
      }
    }
    return value;
  }

  private static List<RecordField> ofStruct(Schema schema, Extractor part) {
    List<RecordField> fields = new ArrayList<>();
    for (Field field : schema.fields()) {
      fields.add(
          new RecordField(field.name(), field.schema(), c -> value((Struct) part.get(c), field)));
    }
    return fields;
  }

  /**
   * A field's value; a NULL of an optional field is a NULL, though the field has a default.
   *
   * @param field of the struct's schema, or of an equal one
   */
  static Object value(Struct struct, Field field) {
    // By the field's place: looking up its name shows where rows are loaded.
    return field.schema().isOptional() && field.schema().defaultValue() != null
        ? struct.getWithoutDefault(field.name())
        : struct.get(field);
  }

  private static List<RecordField> ofMap(Map<?, ?> map, Extractor part) {
    List<RecordField> fields = new ArrayList<>();
    for (Object key : map.keySet()) {
      String name = String.valueOf(key);
      fields.add(new RecordField(name, null, c -> ((Map<?, ?>) part.get(c)).get(key)));
    }
    return fields;
  }
}
