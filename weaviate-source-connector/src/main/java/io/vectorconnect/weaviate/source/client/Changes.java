package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.List;

/** Finds objects of one collection by the time of their last update. */
public interface Changes {
  /**
   * UUIDs and times of objects, in the order of their times and then their UUIDs.
   *
   * @param millis the earliest time
   * @param skip how many of them to pass over
   * @param limit how many at the most
   * @throws WeaviateException when the server does not answer, or refuses
   */
  Page updatedSince(Scope scope, long millis, int skip, int limit);

  /** Whole objects, in any order; those that are gone are missing. */
  Page objects(Scope scope, List<String> ids);
}
