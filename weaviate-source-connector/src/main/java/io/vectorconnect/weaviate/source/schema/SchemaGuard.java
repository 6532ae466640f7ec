package io.vectorconnect.weaviate.source.schema;

import io.vectorconnect.weaviate.source.client.WeaviateException;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Notices what is added to a collection while it is read: objects are asked for, and told, by the
 * schema of the task's start, and would lose it without a word.
 */
public final class SchemaGuard {
  private final Collection collection;
  private final Supplier<Collection> now;

  /**
   * A guard.
   *
   * @param now asks the server what the collection is like
   */
  public SchemaGuard(Collection collection, Supplier<Collection> now) {
    this.collection = collection;
    this.now = now;
  }

  /**
   * To be called between fetching objects and handing them out: what they could have beyond the
   * schema is in the schema by then.
   *
   * @throws WeaviateException when the server does not answer
   * @throws ConnectException when the collection is not what it was
   */
  public void check() {
    collection
        .changes(now.get())
        .ifPresent(
            change -> {
              throw new ConnectException(
                  "collection %s has changed: it has %s; restart the task to go on with them"
                      .formatted(collection.name(), change));
            });
  }
}
