package io.vectorconnect.source.range;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Stores offsets as Connect does: under the JSON text of the source partition. */
public final class OffsetTopic implements OffsetStorageReader {
  private final JsonConverter converter = new JsonConverter();
  private final Map<String, Map<String, Object>> stored = new HashMap<>();

  public OffsetTopic() {
    converter.configure(Map.of("schemas.enable", "false"), true);
  }

  void store(Map<String, ?> partition, Map<String, ?> offset) {
    stored.put(key(partition), new LinkedHashMap<>(offset));
  }

  void clear() {
    stored.clear();
  }

  /** The key of an offset: the partition's fields in the order of the map. */
  public String key(Map<String, ?> partition) {
    return new String(
        converter.fromConnectData("offsets", null, List.of("connector", partition)),
        StandardCharsets.UTF_8);
  }

  /** The partition as Connect's REST API reads it, from JSON with fields in any order. */
  public Map<?, ?> parse(String json) {
    return (Map<?, ?>)
        converter.toConnectData("offsets", json.getBytes(StandardCharsets.UTF_8)).value();
  }

  @Override
  public <T> Map<String, Object> offset(Map<String, T> partition) {
    return stored.get(key(partition));
  }

  /** Like Connect's: of partitions that are equal, the last one's offset is found. */
  @Override
  public <T> Map<Map<String, T>, Map<String, Object>> offsets(
      Collection<Map<String, T>> partitions) {
    Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
    partitions.forEach(partition -> found.put(partition, offset(partition)));
    return found;
  }
}
