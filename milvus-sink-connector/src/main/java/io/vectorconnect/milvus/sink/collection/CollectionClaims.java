package io.vectorconnect.milvus.sink.collection;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig.ExistingCollection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connector does with a collection that was there before it: decided once, by whichever task
 * comes first, and noted, so that neither another task nor a restart does it again.
 *
 * <p>The note is an empty collection of its own, for Milvus has no transactions, and creating a
 * collection is the one request of which only one of several tasks can succeed. It stays. See
 * docs/decisions/0009.
 */
public final class CollectionClaims {
  private static final Logger log = LoggerFactory.getLogger(CollectionClaims.class);

  private static final String CLAIM = "vector_connect.claim";
  private static final String DECIDING = "deciding";
  private static final String TAKEN = "taken";
  private static final String SKIPPED = "skipped";

  private final MilvusSinkConfig config;
  private final Map<String, Boolean> known = new HashMap<>();

  private final Notes notes = new Notes();

  public CollectionClaims(MilvusSinkConfig config) {
    this.config = config;
  }

  /**
   * Whether this connector writes to a collection.
   *
   * @throws ConnectException when the collection is there and must not be
   * @throws MilvusException when the server does not answer, or while another task decides; the
   *     same call may be made again
   */
  public boolean take(MilvusClient client, String name) {
    if (config.existingCollection() == ExistingCollection.APPEND) {
      return true;
    }
    Boolean written = known.get(name);
    if (written == null) {
      written = decide(client, name);
      known.put(name, written);
    }
    return written;
  }

  private boolean decide(MilvusClient client, String name) {
    String noteName = noteName(config, name);
    Collection note =
        notes.findOrCreate(
            client,
            noteName,
            "What Vector Connect's connector %s does with collection %s"
                .formatted(config.connector(), name),
            Map.of(CLAIM, DECIDING));
    return switch (note.properties().getOrDefault(CLAIM, "")) {
      case TAKEN -> true;
      case SKIPPED -> false;
      default -> {
        boolean written = decide(client, name, note);
        CollectionRequests.alter(client, noteName, Map.of(CLAIM, written ? TAKEN : SKIPPED));
        yield written;
      }
    };
  }

  private boolean decide(MilvusClient client, String name, Collection note) {
    Optional<Collection> existing = Notes.find(client, name);
    if (existing.isEmpty() || existing.get().createdBy(config.connector())) {
      // So it was not there before, or has been moved away by a task that got no further.
      dropMovedAway(client, note);
      return true;
    }
    if (!notes.isOwn(note)) {
      throw new MilvusException(
          MilvusException.Kind.BUSY,
          "another task decides what becomes of collection %s (existing.collection=%s); if none is at it any more, drop the empty collection %s"
              .formatted(
                  name,
                  config.existingCollection().name().toLowerCase(java.util.Locale.ROOT),
                  note.name()),
          null);
    }
    try {
      return takeExisting(client, name, note);
    } catch (ConnectException e) {
      CollectionRequests.drop(client, note.name());
      throw e;
    } catch (MilvusException e) {
      if (!e.kind().isTransient()) {
        CollectionRequests.drop(client, note.name());
      }
      throw e;
    }
  }

  private boolean takeExisting(MilvusClient client, String name, Collection note) {
    switch (config.existingCollection()) {
      case APPEND -> {
        return true;
      }
      case SKIP -> {
        log.info(
            "Collection {} is there already and is left alone: existing.collection=skip", name);
        return false;
      }
      case OVERWRITE -> {
        if (!config.autoCreate()) {
          throw new ConnectException(
              "collection %s is not dropped, because auto.create=false does not let the connector create it again; set auto.create=true, or another existing.collection"
                  .formatted(name));
        }
        // Never dropped by its own name: a request that is late would drop the new one.
        CollectionRequests.rename(client, name, movedAway(note));
        dropMovedAway(client, note);
        log.info(
            "Collection {} was dropped, and will be created again: existing.collection=overwrite",
            name);
        return true;
      }
      case FAIL ->
          throw new ConnectException(
              "collection %s is there already, and existing.collection=fail; use another collection.name.format, or append, skip or overwrite"
                  .formatted(name));
    }
    throw new IllegalStateException();
  }

  private void dropMovedAway(MilvusClient client, Collection note) {
    if (config.existingCollection() == ExistingCollection.OVERWRITE
        && Notes.find(client, movedAway(note)).isPresent()) {
      CollectionRequests.drop(client, movedAway(note));
    }
  }

  private static String movedAway(Collection note) {
    return note.name() + "_old";
  }

  private static String noteName(MilvusSinkConfig config, String collection) {
    return Notes.PREFIX + Notes.hash(config.connector() + '\n' + collection, 32);
  }
}
