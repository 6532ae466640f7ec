package io.vectorconnect.milvus.sink.config;

import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.MilvusConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The key names of the Milvus sink connector by Zilliz, so that its users need not change them. */
public final class Aliases {
  private static final Map<String, String> KEYS =
      Map.of(
          "public.endpoint", MilvusConnection.URI,
          "token", MilvusConnection.TOKEN,
          "collection.name", CollectionKeys.COLLECTION_NAME_FORMAT);

  private Aliases() {}

  /** The same properties under this connector's names; its own names go before. */
  public static Map<String, String> resolve(Map<String, String> properties) {
    Map<String, String> resolved = new HashMap<>(properties);
    KEYS.forEach(
        (alias, key) -> {
          String value = resolved.remove(alias);
          if (value != null) {
            resolved.putIfAbsent(key, value);
          }
        });
    return resolved;
  }

  /** An alias that says something else than the key that it stands for. */
  public static Optional<Problem> conflict(Map<String, String> properties) {
    return KEYS.entrySet().stream()
        .filter(alias -> properties.containsKey(alias.getKey()))
        .filter(alias -> properties.containsKey(alias.getValue()))
        .filter(alias -> !properties.get(alias.getKey()).equals(properties.get(alias.getValue())))
        .map(
            alias ->
                new Problem(
                    alias.getValue(),
                    "%s and %s mean the same, and have different values; remove %s"
                        .formatted(alias.getValue(), alias.getKey(), alias.getKey())))
        .findFirst();
  }
}
