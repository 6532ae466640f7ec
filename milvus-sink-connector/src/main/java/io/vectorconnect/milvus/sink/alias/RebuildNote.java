package io.vectorconnect.milvus.sink.alias;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.sink.alias.AliasRequests.Behind;
import io.vectorconnect.milvus.sink.collection.CollectionRequests;
import io.vectorconnect.milvus.sink.collection.Notes;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all tasks know of a rebuild, in the properties of an empty collection: see {@link Notes}.
 *
 * @param name of the empty collection
 * @param alias that is to be switched
 * @param collection that is written
 * @param before the collection that the alias had when the rebuild began, if any
 * @param writtenAt when a row of a first scan was last written, in milliseconds of the server's
 *     clock; empty before the first one
 * @param switchedAt when the alias was switched
 * @param refusal why it must not be
 */
record RebuildNote(
    String name,
    String alias,
    String collection,
    Optional<Behind> before,
    Optional<Long> writtenAt,
    Optional<Long> switchedAt,
    Optional<String> refusal) {
  private static final String ALIAS = "vector_connect.alias";
  private static final String FORMAT = "vector_connect.format";
  private static final String COLLECTION = "vector_connect.collection";
  private static final String BEFORE = "vector_connect.before";
  private static final String BEFORE_ID = "vector_connect.before_id";
  private static final String WRITTEN_AT = "vector_connect.written_at";
  private static final String SWITCHED_AT = "vector_connect.switched_at";
  private static final String REFUSED = "vector_connect.refused";

  /** In a collection's name; below the limit of an alias's length. */
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

  /** How many characters a collection's name has beyond its alias's. */
  static final int STAMP_LENGTH = "_20260101T000000000Z".length();

  private static final int HASH = 16;

  /** The notes of this connector's rebuilds under its present names of collections. */
  static List<RebuildNote> all(MilvusClient client, MilvusSinkConfig config) {
    List<RebuildNote> all = new ArrayList<>();
    for (String name : client.collections()) {
      if (name.startsWith(prefix(config))) {
        Notes.find(client, name)
            .filter(note -> config.collectionNameFormat().equals(note.properties().get(FORMAT)))
            .map(RebuildNote::of)
            .ifPresent(all::add);
      }
    }
    return all;
  }

  /**
   * The note of an alias, which this or another task creates.
   *
   * @param behind what the alias has now
   * @param own whether this connector switched it to that already, and its note was dropped
   */
  static RebuildNote findOrCreate(
      MilvusClient client,
      Notes notes,
      MilvusSinkConfig config,
      String alias,
      Optional<Behind> behind,
      boolean own) {
    Map<String, String> properties = new HashMap<>();
    properties.put(ALIAS, alias);
    properties.put(FORMAT, config.collectionNameFormat());
    if (own) {
      properties.put(COLLECTION, behind.orElseThrow().name());
      properties.put(SWITCHED_AT, Long.toString(client.clock()));
    } else {
      properties.put(COLLECTION, alias + '_' + STAMP.format(Instant.ofEpochMilli(client.clock())));
      behind.ifPresent(
          before -> {
            properties.put(BEFORE, before.name());
            properties.put(BEFORE_ID, Long.toString(before.id()));
          });
    }
    String description =
        "What Vector Connect's connector %s does with alias %s"
            .formatted(config.connector(), alias);
    return of(
        notes.findOrCreate(
            client, prefix(config) + Notes.hash(alias, HASH), description, properties));
  }

  private static String prefix(MilvusSinkConfig config) {
    return Notes.PREFIX + "alias_" + Notes.hash(config.connector(), HASH) + '_';
  }

  private static RebuildNote of(Collection note) {
    Map<String, String> properties = note.properties();
    return new RebuildNote(
        note.name(),
        properties.get(ALIAS),
        properties.get(COLLECTION),
        Optional.ofNullable(properties.get(BEFORE))
            .map(before -> new Behind(before, Long.parseLong(properties.get(BEFORE_ID)))),
        Optional.ofNullable(properties.get(WRITTEN_AT)).map(Long::valueOf),
        Optional.ofNullable(properties.get(SWITCHED_AT)).map(Long::valueOf),
        Optional.ofNullable(properties.get(REFUSED)));
  }

  /** As it is now. */
  RebuildNote again(MilvusClient client) {
    return of(Collection.describe(client, name));
  }

  /** A row of a first scan is being written, or is not checked yet. */
  void goesOn(MilvusClient client) {
    CollectionRequests.alter(client, name, Map.of(WRITTEN_AT, Long.toString(client.clock())));
  }

  /** The alias is switched. */
  void switched(MilvusClient client) {
    CollectionRequests.alter(client, name, Map.of(SWITCHED_AT, Long.toString(client.clock())));
  }

  /** The alias must not be switched, ever. */
  void refuse(MilvusClient client, String reason) {
    CollectionRequests.alter(client, name, Map.of(REFUSED, reason));
  }
}
