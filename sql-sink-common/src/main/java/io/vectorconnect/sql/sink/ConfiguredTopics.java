package io.vectorconnect.sql.sink;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The topics of a sink, as far as its configuration shows them. */
public final class ConfiguredTopics {
  private ConfiguredTopics() {}

  /**
   * The topics by the names that the sink sees.
   *
   * @return none where a regular expression chooses them, or a transform may rename them: the names
   *     of transforms that do end with Router
   */
  public static List<String> of(Map<String, String> properties) {
    boolean isRenamed =
        list(properties.get("transforms"))
            .map(alias -> properties.getOrDefault("transforms." + alias + ".type", ""))
            .anyMatch(type -> type.endsWith("Router") || type.endsWith("Router$Value"));
    return isRenamed ? List.of() : list(properties.get("topics")).toList();
  }

  private static Stream<String> list(String text) {
    return text == null
        ? Stream.of()
        : Arrays.stream(text.split(",")).map(String::strip).filter(name -> !name.isEmpty());
  }
}
