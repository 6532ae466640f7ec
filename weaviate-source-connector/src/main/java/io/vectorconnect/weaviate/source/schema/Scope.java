package io.vectorconnect.weaviate.source.schema;

import io.vectorconnect.source.SourcePartition;
import io.vectorconnect.source.range.ScanUnit;

/**
 * What is scanned as one: a collection, or a tenant of it.
 *
 * @param collection the collection's name
 * @param tenant the tenant's name, or empty in a collection without tenants
 */
public record Scope(String collection, String tenant) {
  private static final int TENANT_RANGES = 2;

  /** Reads {@link #toString}; neither name can hold a slash. */
  public static Scope parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new Scope(text, "")
        : new Scope(text.substring(0, slash), text.substring(slash + 1));
  }

  /** What names it in a source partition. A tenant has one range, or two with a row limit. */
  public ScanUnit unit() {
    SourcePartition whole = SourcePartition.of("collection", collection);
    return tenant.isEmpty()
        ? new ScanUnit(toString(), whole)
        : new ScanUnit(toString(), whole.with("tenant", tenant), TENANT_RANGES);
  }

  /** As it stands in messages. */
  public String told() {
    return "collection " + collection + (tenant.isEmpty() ? "" : ", tenant " + tenant);
  }

  @Override
  public String toString() {
    return tenant.isEmpty() ? collection : collection + "/" + tenant;
  }
}
