package io.vectorconnect.weaviate.source;

import java.util.Map;

/**
 * What is scanned as one: a collection, or a tenant of it.
 *
 * @param collection the collection's name
 * @param tenant the tenant's name, or empty in a collection without tenants
 */
record Scope(String collection, String tenant) {

  /** Reads {@link #toString}; neither name can hold a slash. */
  static Scope parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new Scope(text, "")
        : new Scope(text.substring(0, slash), text.substring(slash + 1));
  }

  /** What names it in a source partition. */
  Map<String, String> sourcePartition() {
    return tenant.isEmpty()
        ? Map.of("collection", collection)
        : Map.of("collection", collection, "tenant", tenant);
  }

  /** As it stands in messages. */
  String told() {
    return "collection " + collection + (tenant.isEmpty() ? "" : ", tenant " + tenant);
  }

  @Override
  public String toString() {
    return tenant.isEmpty() ? collection : collection + "/" + tenant;
  }
}
