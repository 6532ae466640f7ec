package io.vectorconnect.milvus.source;

import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The include and exclude lists. */
final class CollectionFilter {
  private static final Pattern PLAIN_NAME = Pattern.compile("\\w+");

  private final List<String> include;
  private final List<String> exclude;

  CollectionFilter(MilvusSourceConfig config) {
    this.include = config.include();
    this.exclude = config.exclude();
  }

  /** The names of all collections, and those aliases that the include list names plainly. */
  List<String> existing(MilvusClient client) {
    List<String> existing = new ArrayList<>(client.collections());
    for (String name : missing(existing)) {
      try {
        client.describe(name);
        existing.add(name);
      } catch (MilvusException e) {
        if (e.kind() != MilvusException.Kind.NO_COLLECTION) {
          throw e;
        }
      }
    }
    return existing;
  }

  /** The collections to read, in a fixed order. */
  List<String> choose(List<String> existing) {
    return existing.stream()
        .filter(name -> include.stream().anyMatch(name::matches))
        .filter(name -> exclude.stream().noneMatch(name::matches))
        .sorted()
        .toList();
  }

  /** Plain names of the include list that do not exist. */
  List<String> missing(List<String> existing) {
    return include.stream()
        .filter(name -> PLAIN_NAME.matcher(name).matches() && !existing.contains(name))
        .toList();
  }
}
