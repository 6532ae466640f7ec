package io.vectorconnect.milvus.sink.collection;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.sink.alias.Rebuilds;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig.IndexBuild;
import io.vectorconnect.milvus.sink.row.Row;
import io.vectorconnect.sink.Change;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The created collections that get their indexes, and are loaded, when their first scan is written
 * ({@code index.build=after_snapshot}): none otherwise. Rows are written in the background; all
 * else happens in the task's thread. The scan's end is told as in docs/decisions/0004; what the
 * tasks have to know of each other stands in the collection's properties.
 */
public final class DeferredIndexes {
  /** When a row of a first scan was last written, in milliseconds of the server's clock. */
  private static final String WRITTEN_AT = "vector_connect.written_at";

  private final CollectionCreator creator;
  private final boolean on;
  private final Duration idle;

  /** By name, when this task last noted that its scan goes on; 0 before. */
  private final Map<String, Long> unfinished = new ConcurrentHashMap<>();

  private boolean resumed;
  private long ticked = System.nanoTime();

  /** Of both threads. */
  private volatile long quietSince = System.nanoTime();

  public DeferredIndexes(MilvusSinkConfig config, CollectionCreator creator) {
    this.creator = creator;
    this.on = config.indexBuild() == IndexBuild.AFTER_SNAPSHOT;
    this.idle = config.indexIdle();
  }

  public boolean isOn() {
    return on;
  }

  /** A collection was created, or looked at. */
  public void found(Collection collection) {
    if (creator.isUnfinished(collection)) {
      unfinished.putIfAbsent(collection.name(), 0L);
    }
  }

  /** A collection is to be read now: it does not wait any longer. */
  public void finishNow(MilvusClient client, String name) {
    if (unfinished.containsKey(name)) {
      finish(client, name, Notes.find(client, name));
    }
  }

  /** Rows are about to be sent, maybe not for the first time. */
  public void sending(MilvusClient client, List<Row> rows, boolean ofScan) {
    String name = rows.get(0).plan().target().collection();
    Long noted = unfinished.get(name);
    if (noted == null || !ofScan) {
      return;
    }
    long now = System.nanoTime();
    quietSince = now;
    if (noted == 0 || now - noted >= idle.toNanos() / 4) {
      CollectionRequests.alter(client, name, Map.of(WRITTEN_AT, Long.toString(client.clock())));
      unfinished.replace(name, now);
    }
  }

  /**
   * Records were delivered, or none: finishes the collections whose scan is over.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException when a server refuses an index
   */
  public void tick(MilvusClient client, java.util.Collection<Change> changes) {
    if (!resumed) {
      // A task that gets no record any more still has to finish what it began before.
      for (String name : client.collections()) {
        if (!name.startsWith(Notes.PREFIX)) {
          Notes.find(client, name).ifPresent(this::found);
        }
      }
      resumed = true;
    }
    long now = System.nanoTime();
    if (changes.stream().anyMatch(Rebuilds::isOfScan)) {
      quietSince = now;
    }
    if (now - ticked < idle.toNanos() / 4) {
      return;
    }
    ticked = now;
    if (now - quietSince >= idle.toNanos()) {
      unfinished.keySet().forEach(name -> finishIfWritten(client, name));
    }
  }

  /** Partitions came, and with them maybe more of a scan. */
  public void goesOn() {
    quietSince = System.nanoTime();
  }

  private void finishIfWritten(MilvusClient client, String name) {
    Optional<Collection> now = Notes.find(client, name);
    String writtenAt = now.map(Collection::properties).map(p -> p.get(WRITTEN_AT)).orElse(null);
    if (writtenAt == null || client.clock() - Long.parseLong(writtenAt) >= idle.toMillis()) {
      finish(client, name, now);
    }
  }

  private void finish(MilvusClient client, String name, Optional<Collection> found) {
    found.ifPresent(collection -> creator.finish(client, collection));
    unfinished.remove(name);
  }
}
