package io.vectorconnect.sink;

import io.vectorconnect.data.UnavailableValue;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What a record does to one row. Envelopes in which other connectors wrap their rows are taken off
 * here: Debezium's (with schema or as JSON), its flattened form with {@code __deleted}, and the
 * change events of MongoDB's connector.
 *
 * @param record where it came from
 * @param kind what happens
 * @param row the row's fields, a Struct or a Map; of a delete what the source tells of the row, or
 *     null
 * @param schema the schema of {@code row}, or null where it has none
 * @param absent the fields of an upsert's row whose values the source does not tell, because they
 *     did not change
 */
public record Change(SinkRecord record, Kind kind, Object row, Schema schema, Set<String> absent) {
  private static final String DELETED = "__deleted";

  /** What happens. */
  public enum Kind {
    /** The row is there, like this. */
    UPSERT,
    /** The row is gone. */
    DELETE,
    /** All rows are gone. */
    TRUNCATE,
    /** Nothing that concerns a row. */
    NOTHING
  }

  private Change(SinkRecord record, Kind kind, Object row, Schema schema) {
    this(record, kind, row, schema, kind == Kind.UPSERT ? absent(row) : Set.of());
  }

  /**
   * What a record says.
   *
   * @throws DataException when its value is neither a struct nor a JSON object, or an envelope
   *     without the row
   */
  public static Change of(SinkRecord record) {
    Object value = record.value();
    if (value == null) {
      return new Change(record, Kind.DELETE, null, null);
    }
    if (value instanceof Struct struct) {
      return isEnvelope(struct.schema()) ? ofEnvelope(record, struct) : ofRow(record, struct);
    }
    if (value instanceof Map<?, ?> map) {
      return ofMap(record, map);
    }
    throw new DataException(
        "expected a struct or a JSON object as the record's value, got a %s"
            .formatted(value.getClass().getSimpleName()));
  }

  /** Whether values of a schema are Debezium's envelopes: rows are in their before and after. */
  public static boolean isEnvelope(Schema schema) {
    return schema.name() != null
        && schema.name().endsWith(".Envelope")
        && schema.field("op") != null
        && schema.field("after") != null;
  }

  /** Whether a value without schema is Debezium's envelope. */
  public static boolean isEnvelope(Map<?, ?> map) {
    return map.get("op") instanceof String && map.containsKey("source") && map.containsKey("after");
  }

  private static Change ofEnvelope(SinkRecord record, Struct envelope) {
    Kind kind = debezium(envelope.getString("op"));
    Field part = envelope.schema().field(kind == Kind.DELETE ? "before" : "after");
    Object row = part == null ? null : envelope.get(part);
    return wrapped(record, kind, row, part == null ? null : part.schema());
  }

  private static Change ofRow(SinkRecord record, Struct row) {
    Field deleted = row.schema().field(DELETED);
    boolean gone = deleted != null && "true".equals(String.valueOf(row.get(deleted)));
    return new Change(record, gone ? Kind.DELETE : Kind.UPSERT, row, row.schema());
  }

  private static Change ofMap(SinkRecord record, Map<?, ?> map) {
    if (isEnvelope(map)) {
      Kind kind = debezium((String) map.get("op"));
      return wrapped(record, kind, map.get(kind == Kind.DELETE ? "before" : "after"), null);
    }
    if (map.get("operationType") instanceof String operation && map.containsKey("documentKey")) {
      return switch (operation) {
        case "insert", "update", "replace" ->
            wrapped(record, Kind.UPSERT, map.get("fullDocument"), null);
        case "delete" -> wrapped(record, Kind.DELETE, map.get("documentKey"), null);
        default -> new Change(record, Kind.NOTHING, null, null);
      };
    }
    boolean gone = "true".equals(String.valueOf(map.get(DELETED)));
    return new Change(record, gone ? Kind.DELETE : Kind.UPSERT, map, null);
  }

  private static Change wrapped(SinkRecord record, Kind kind, Object row, Schema schema) {
    if (kind == Kind.UPSERT && row == null) {
      throw new DataException(
          "the change event does not hold the row as it is now; let the source publish it (MongoDB:"
              + " change.stream.full.document=updateLookup)");
    }
    if (row != null && !(row instanceof Struct) && !(row instanceof Map)) {
      throw new DataException(
          "the record looks like a change event, but has a %s in place of the row; if the record is itself a row, rename such fields (op, source, after; operationType, documentKey) by a transform"
              .formatted(row.getClass().getSimpleName()));
    }
    return new Change(record, kind, row, row == null ? null : schema);
  }

  private static Kind debezium(String op) {
    return switch (op) {
      case "c", "r", "u" -> Kind.UPSERT;
      case "d" -> Kind.DELETE;
      case "t" -> Kind.TRUNCATE;
      case "m" -> Kind.NOTHING;
      default ->
          throw new DataException(
              "the record looks like a change event of Debezium, and its op is none of c, r, u, d,"
                  + " t and m");
    };
  }

  private static Set<String> absent(Object row) {
    Set<String> absent = Set.of();
    if (row instanceof Struct struct) {
      for (Field field : struct.schema().fields()) {
        if (UnavailableValue.is(field.schema(), RecordField.value(struct, field))) {
          absent = with(absent, field.name());
        }
      }
    } else if (row instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (UnavailableValue.is(null, entry.getValue())) {
          absent = with(absent, String.valueOf(entry.getKey()));
        }
      }
    }
    return absent;
  }

  private static Set<String> with(Set<String> names, String name) {
    Set<String> more = names.isEmpty() ? new HashSet<>() : names;
    more.add(name);
    return more;
  }

  /** Fields of a row that are not its own but tell about the change. */
  public static Set<String> markers() {
    return Set.of(DELETED);
  }
}
