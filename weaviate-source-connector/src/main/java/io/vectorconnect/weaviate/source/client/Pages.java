package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.weaviate.source.schema.Scope;

/** Fetches objects of one collection in the order of their UUIDs. */
public interface Pages {
  /** What to fetch of each object. */
  enum Detail {
    /** All. */
    FULL,
    /** UUID and time of the last update. */
    IDS
  }

  /**
   * The objects after a UUID, which need not exist.
   *
   * @param scope the collection or tenant
   * @param after the UUID, or null for the first objects
   * @param limit how many at the most
   * @throws WeaviateException when the server does not answer, or refuses
   */
  Page after(Scope scope, String after, int limit, Detail detail);
}
