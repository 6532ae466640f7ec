package io.vectorconnect.milvus.sink;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.sink.MilvusSinkConfig.ExistingCollection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
final class CollectionClaims {
  private static final Logger log = LoggerFactory.getLogger(CollectionClaims.class);

  private static final String CLAIM = "vector_connect.claim";
  private static final String DECIDING = "deciding";
  private static final String TAKEN = "taken";
  private static final String SKIPPED = "skipped";

  private final MilvusSinkConfig config;
  private final Map<String, Boolean> known = new HashMap<>();

  /** The name of a field in the notes that this task creates, by which it knows them again. */
  private final String owner = "task_" + UUID.randomUUID().toString().replace("-", "");

  CollectionClaims(MilvusSinkConfig config) {
    this.config = config;
  }

  /**
   * Whether this connector writes to a collection.
   *
   * @throws ConnectException when the collection is there and must not be
   * @throws MilvusException when the server does not answer, or while another task decides; the
   *     same call may be made again
   */
  boolean take(MilvusClient client, String name) {
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
    String noteName = noteName(name);
    Collection note = find(client, noteName).orElseGet(() -> createNote(client, noteName, name));
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
    Optional<Collection> existing = find(client, name);
    if (existing.isEmpty() || existing.get().createdBy(config.connector())) {
      // So it was not there before, or has been moved away by a task that got no further.
      dropMovedAway(client, note);
      return true;
    }
    if (note.fields().stream().noneMatch(field -> field.getName().equals(owner))) {
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
              "collection %s is not dropped, because auto.create=false does not let it be created anew; set auto.create=true, or another existing.collection"
                  .formatted(name));
        }
        // Never dropped by its own name: a request that is late would drop the new one.
        CollectionRequests.rename(client, name, movedAway(note));
        dropMovedAway(client, note);
        log.info(
            "Collection {} was dropped, to be created anew: existing.collection=overwrite", name);
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
        && find(client, movedAway(note)).isPresent()) {
      CollectionRequests.drop(client, movedAway(note));
    }
  }

  private static String movedAway(Collection note) {
    return note.name() + "_old";
  }

  /** Names are up to 255 characters long, so that they cannot stand in that of the note. */
  private String noteName(String collection) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((config.connector() + '\n' + collection).getBytes(StandardCharsets.UTF_8));
      return "vector_connect_" + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** The note, which another task may have created at the same moment. */
  private Collection createNote(MilvusClient client, String noteName, String collection) {
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .setName(noteName)
            .setDescription(
                "What Vector Connect's connector %s does with collection %s"
                    .formatted(config.connector(), collection))
            .addFields(
                FieldSchema.newBuilder()
                    .setName(owner)
                    .setDataType(DataType.Int64)
                    .setIsPrimaryKey(true))
            .addFields(
                FieldSchema.newBuilder()
                    .setName("v")
                    .setDataType(DataType.FloatVector)
                    .addTypeParams(FieldTypes.parameter("dim", "2")))
            .build();
    try {
      CollectionRequests.create(client, schema, CreateOptions.MINIMAL, Map.of(CLAIM, DECIDING));
    } catch (MilvusException e) {
      return find(client, noteName).orElseThrow(() -> e);
    }
    return Collection.describe(client, noteName);
  }

  private static Optional<Collection> find(MilvusClient client, String name) {
    try {
      return Optional.of(Collection.describe(client, name));
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.NO_COLLECTION) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
