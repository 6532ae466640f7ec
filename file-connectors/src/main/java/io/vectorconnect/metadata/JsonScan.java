package io.vectorconnect.metadata;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;

/** The pass over a file of JSON lines that finds its ids and the types of its fields. */
final class JsonScan {
  private static final int MAX_FIELDS = 2_000;

  private final MetadataKeys keys;
  private final Set<String> wanted;
  private final Map<String, JsonType> declared;
  private final Map<String, JsonField> fields = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final IdIndex index = new IdIndex();
  private long line;

  JsonScan(MetadataKeys keys) {
    this.keys = keys;
    this.wanted = new LinkedHashSet<>(keys.fields());
    this.declared = keys.types();
    wanted.forEach(name -> fields.put(name, new JsonField()));
  }

  void read(Lines lines) throws IOException {
    byte[] text;
    while ((text = lines.next()) != null) {
      line++;
      if (line == 1 && text.length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB) {
        throw new DataException("a byte order mark; write the file without");
      }
      if (!isBlank(text)) {
        row(text, lines.lineStart());
      }
    }
    line = 0; // what is wrong from here on is of the whole file
    for (String name : wanted) {
      if (index.size() > 0 && !seen.contains(name)) {
        throw new DataException("no line has the field " + name);
      }
    }
  }

  private static boolean isBlank(byte[] text) {
    for (byte c : text) {
      if (c != ' ' && c != '\t' && c != '\r') {
        return false;
      }
    }
    return true;
  }

  private void row(byte[] text, long position) throws IOException {
    Long id = null;
    try (JsonParser parser = JsonMetadata.FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new DataException("expected a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals(keys.idField())) {
          id = id(parser);
        } else {
          field(name, parser, text);
        }
      }
      if (parser.nextToken() != null) {
        throw new DataException("more than one JSON object");
      }
    }
    if (id == null) {
      throw new DataException(
          "no field %s; see %s".formatted(keys.idField(), MetadataKeys.ID_FIELD));
    }
    if (!index.add(id, position)) {
      throw new DataException("the id of an earlier line once more");
    }
    if (index.size() > keys.maxRows()) {
      throw new DataException(
          "more than %d rows; raise %s, and the heap with it"
              .formatted(keys.maxRows(), MetadataKeys.MAX_ROWS));
    }
  }

  private Long id(JsonParser parser) throws IOException {
    try {
      return (Long) JsonType.INT64.read(parser, new byte[0]);
    } catch (DataException e) {
      throw new DataException("field %s: %s".formatted(keys.idField(), e.getMessage()), e);
    }
  }

  private void field(String name, JsonParser parser, byte[] text) throws IOException {
    if (!wanted.isEmpty() && !wanted.contains(name)) {
      parser.skipChildren();
      return;
    }
    seen.add(name);
    JsonField field = fields.computeIfAbsent(name, n -> new JsonField());
    if (fields.size() > MAX_FIELDS) {
      throw new DataException(
          "more than %d fields; choose some in %s".formatted(MAX_FIELDS, MetadataKeys.FIELDS));
    }
    JsonType type = declared.get(name);
    if (type == null) {
      field.see(parser, line);
      return;
    }
    try {
      Object ignored = type.read(parser, text);
    } catch (DataException e) {
      throw new DataException("field %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  IdIndex index() {
    return index;
  }

  /** The types of all fields, in the order in which they come in the file. */
  Map<String, JsonType> types() {
    Map<String, JsonType> types = new LinkedHashMap<>();
    fields.forEach(
        (name, field) -> {
          try {
            types.put(name, declared.containsKey(name) ? declared.get(name) : field.type());
          } catch (DataException e) {
            throw new DataException("field %s: %s".formatted(name, e.getMessage()), e);
          }
        });
    for (String name : declared.keySet()) {
      if (!types.containsKey(name) && index.size() > 0) {
        throw new DataException(
            "there is no field %s, which %s declares".formatted(name, MetadataKeys.TYPES));
      }
    }
    return types;
  }

  String where() {
    return line == 0 ? "" : ", line " + line;
  }

  /** What went wrong, without the text in which it did: that may be confidential. */
  static String reason(Exception e) {
    if (e instanceof JsonProcessingException problem) {
      return "no JSON from column %d on".formatted(problem.getLocation().getColumnNr());
    }
    return e instanceof DataException || e.getClass() == IOException.class
        ? e.getMessage()
        : e.toString();
  }
}
