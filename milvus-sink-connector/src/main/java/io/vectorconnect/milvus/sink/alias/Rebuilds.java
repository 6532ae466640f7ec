package io.vectorconnect.milvus.sink.alias;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.sink.alias.AliasRequests.Behind;
import io.vectorconnect.milvus.sink.collection.Notes;
import io.vectorconnect.milvus.sink.config.AliasKeys;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.row.Row;
import io.vectorconnect.sink.Change;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collections that a task rebuilds behind their aliases ({@code alias.switch=true}); none where
 * that is off, and every name then means itself.
 */
public final class Rebuilds {
  private static final Logger log = LoggerFactory.getLogger(Rebuilds.class);
  private static final int LONGEST_NAME = 255;

  private final MilvusSinkConfig config;
  private final AliasKeys keys;
  private final Notes notes = new Notes();

  private final Map<String, Rebuild> byAlias = new HashMap<>();

  /** Aliases of which it was seen that this connector may write to their collections. */
  private final Set<String> begun = new HashSet<>();

  /** By the name of the collection that is written; for both threads. */
  private final Map<String, Rebuild> byCollection = new ConcurrentHashMap<>();

  private boolean resumed;
  private long ticked = System.nanoTime();

  public Rebuilds(MilvusSinkConfig config) {
    this.config = config;
    this.keys = config.alias();
  }

  public boolean isOn() {
    return keys.isSwitched();
  }

  /** Whether a record belongs to a first scan; one that does not say counts as if it did. */
  public static boolean isOfScan(Change change) {
    return SnapshotMarker.of(change.record()) != SnapshotMarker.FALSE;
  }

  /**
   * The collection that rows of this name are written to.
   *
   * @throws ConnectException when there can be none, naming what is to be done
   */
  public String collection(MilvusClient client, String name) {
    if (!isOn()) {
      return name;
    }
    if (!begun.contains(name)) {
      begin(client, name);
      begun.add(name);
    }
    return byAlias.get(name).note().collection();
  }

  private void begin(MilvusClient client, String alias) {
    if (alias.length() + RebuildNote.STAMP_LENGTH > LONGEST_NAME) {
      throw new ConnectException(
          "alias %s is too long for collections %s_<UTC time>; change collection.name.format"
              .formatted(alias, alias));
    }
    if (client.collections().contains(alias)) {
      throw new ConnectException(nameIsTaken(alias));
    }
    Optional<Behind> behind = AliasRequests.behind(client, alias);
    boolean own =
        behind
            .flatMap(found -> Notes.find(client, found.name()))
            .filter(found -> found.createdBy(config.connector()))
            .isPresent();
    RebuildNote note = RebuildNote.findOrCreate(client, notes, config, alias, behind, own);
    require(client, note, behind);
    add(note);
    log.info(
        "Rows of alias {} go to collection {} ({})",
        alias,
        note.collection(),
        note.switchedAt().isPresent() ? "switched" : "not switched yet");
  }

  /** What a person reads who has a collection where an alias is to be. */
  public static String nameIsTaken(String alias) {
    return "%s is a collection, and alias.switch=true needs an alias of that name: rename the collection (such as to %s_0) and give it the name %s as alias, or use another collection.name.format"
        .formatted(alias, alias, alias);
  }

  private void require(MilvusClient client, RebuildNote note, Optional<Behind> behind) {
    String collection = note.collection();
    boolean isBehind = behind.map(Behind::name).filter(collection::equals).isPresent();
    if (note.switchedAt().isPresent() && !isBehind) {
      throw new ConnectException(
          "alias %s was switched to collection %s by this connector, and has %s now; give it back, or delete this connector; for another rebuild use another connector name"
              .formatted(
                  note.alias(), collection, behind.map(Behind::name).orElse("no collection")));
    }
    Optional<Collection> written = Notes.find(client, collection);
    if (written.isEmpty() && note.writtenAt().isPresent()) {
      throw new ConnectException(
          "collection %s, which this connector was filling for alias %s, is gone, and its rows with it; start the rebuild again under another connector name"
              .formatted(collection, note.alias()));
    }
    if (written.isPresent() && !written.get().createdBy(config.connector())) {
      throw new ConnectException(
          "collection %s was not created by this connector; start the rebuild of alias %s again under another connector name"
              .formatted(collection, note.alias()));
    }
  }

  private void add(RebuildNote note) {
    Rebuild rebuild = byAlias.computeIfAbsent(note.alias(), alias -> new Rebuild(keys, note));
    byCollection.put(rebuild.note().collection(), rebuild);
  }

  /**
   * Records were delivered, or none: does what is due.
   *
   * @throws ConnectException when an alias cannot or must not be switched
   */
  public void tick(MilvusClient client, java.util.Collection<Change> changes) {
    if (!resumed) {
      // A task that gets no record any more still has to finish what it began before.
      RebuildNote.all(client, config).forEach(this::add);
      resumed = true;
    }
    if (changes.stream().anyMatch(Rebuilds::isOfScan)) {
      goesOn();
    }
    long now = System.nanoTime();
    if (now - ticked >= keys.idle().toNanos() / 4) {
      ticked = now;
      byAlias.values().forEach(rebuild -> rebuild.tick(client));
    }
  }

  /** Partitions came, and with them maybe more of a scan. */
  public void goesOn() {
    byAlias.values().forEach(Rebuild::goesOn);
  }

  /** Partitions went. */
  public void rebalanced() {
    byAlias.values().forEach(Rebuild::rebalanced);
  }

  public void sending(MilvusClient client, List<Row> rows, boolean ofScan) {
    Rebuild rebuild = byCollection.get(rows.get(0).plan().target().collection());
    if (rebuild != null) {
      rebuild.sending(client, rows, ofScan);
    }
  }

  public void sent(List<Row> rows) {
    Rebuild rebuild = byCollection.get(rows.get(0).plan().target().collection());
    if (rebuild != null) {
      rebuild.sent(rows);
    }
  }
}
