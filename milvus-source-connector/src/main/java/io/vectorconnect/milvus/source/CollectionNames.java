package io.vectorconnect.milvus.source;

import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.source.NameFilter;
import java.util.ArrayList;
import java.util.List;

/** What can be read by name. */
public final class CollectionNames {
  private CollectionNames() {}

  /** The names of all collections, and those aliases that the include list names plainly. */
  static List<String> existing(MilvusClient client, NameFilter filter) {
    List<String> existing = new ArrayList<>(client.collections());
    for (String name : filter.missing(existing)) {
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
}
