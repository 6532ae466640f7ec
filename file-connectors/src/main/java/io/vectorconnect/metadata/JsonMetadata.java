package io.vectorconnect.metadata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vectorconnect.files.FileProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** A file with a JSON object on each line. */
final class JsonMetadata extends Metadata {
  static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String idField;
  private final Map<String, JsonType> types;
  private final Map<String, Schema> fields = new LinkedHashMap<>();
  private final long rowBytes;

  private JsonMetadata(
      Path path, Stamp stamp, IdIndex index, MetadataKeys keys, Map<String, JsonType> types) {
    super(path, stamp, index);
    this.idField = keys.idField();
    this.types = types;
    types.forEach((name, type) -> fields.put(name, type.schema()));
    this.rowBytes = stamp.size() / Math.max(1, index.size());
  }

  static JsonMetadata of(Path path, MetadataKeys keys) {
    JsonScan scan = new JsonScan(keys);
    try {
      Stamp stamp = Stamp.of(path);
      try (Lines lines = new Lines(path)) {
        scan.read(lines);
      }
      return new JsonMetadata(path, stamp, scan.index(), keys, scan.types());
    } catch (IOException | DataException e) {
      throw new FileProblem(
          MetadataKeys.FILE, "File %s%s: %s".formatted(path, scan.where(), JsonScan.reason(e)), e);
    }
  }

  @Override
  public Map<String, Schema> fields() {
    return fields;
  }

  @Override
  public long rowBytes() {
    return rowBytes;
  }

  @Override
  Rows open() throws IOException {
    Lines lines = new Lines(path());
    return new Rows() {
      @Override
      public Object[] read(long position) throws IOException {
        lines.seek(position);
        return values(lines.next());
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }

  private Object[] values(byte[] line) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    fields.keySet().forEach(name -> values.put(name, null));
    try (JsonParser parser = FACTORY.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        JsonType type = name.equals(idField) ? null : types.get(name);
        if (type == null) {
          parser.skipChildren();
        } else {
          values.put(name, type.read(parser, line));
        }
      }
    }
    return values.values().toArray();
  }
}
