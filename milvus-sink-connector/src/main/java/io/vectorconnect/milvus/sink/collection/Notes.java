package io.vectorconnect.milvus.sink.collection;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What the tasks of a connector have to agree on, as empty collections whose properties tell it:
 * creating a collection is the one request of which only one of several tasks can succeed. See
 * docs/decisions/0009.
 */
public final class Notes {
  /** What the names of all notes begin with. */
  public static final String PREFIX = "vector_connect_";

  /** The name of a field in the notes that this task creates, by which it knows them again. */
  private final String owner = "task_" + UUID.randomUUID().toString().replace("-", "");

  /**
   * Part of a note's name. Names are up to 255 characters long, so that they cannot stand in that
   * of a note.
   *
   * @param length in characters
   */
  public static String hash(String text, int length) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, length / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  public static Optional<Collection> find(MilvusClient client, String name) {
    try {
      return Optional.of(Collection.describe(client, name));
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.NO_COLLECTION) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Creates a note, unless there is one.
   *
   * @return this one, or that of the task that was earlier
   */
  public Collection findOrCreate(
      MilvusClient client, String name, String description, Map<String, String> properties) {
    return find(client, name).orElseGet(() -> create(client, name, description, properties));
  }

  private Collection create(
      MilvusClient client, String name, String description, Map<String, String> properties) {
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .setName(name)
            .setDescription(description)
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
      CollectionRequests.create(client, schema, CreateOptions.MINIMAL, properties);
    } catch (MilvusException e) {
      return find(client, name).orElseThrow(() -> e);
    }
    return Collection.describe(client, name);
  }

  /** Whether this task created a note. */
  boolean isOwn(Collection note) {
    return note.fields().stream().anyMatch(field -> field.getName().equals(owner));
  }
}
