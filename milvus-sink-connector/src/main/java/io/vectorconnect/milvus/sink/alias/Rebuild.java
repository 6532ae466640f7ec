package io.vectorconnect.milvus.sink.alias;

import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.sink.alias.AliasRequests.Behind;
import io.vectorconnect.milvus.sink.collection.CollectionRequests;
import io.vectorconnect.milvus.sink.config.AliasKeys;
import io.vectorconnect.milvus.sink.config.AliasKeys.Old;
import io.vectorconnect.milvus.sink.row.Row;
import io.vectorconnect.milvus.sink.row.RowPlan;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's part in rebuilding one collection behind its alias. Rows are written in the background;
 * all else happens in the task's thread. See docs/decisions/0013.
 */
final class Rebuild {
  private static final Logger log = LoggerFactory.getLogger(Rebuild.class);
  private static final long REMIND_NS = 60_000_000_000L;
  private static final String NOT_LOADED = "it is not loaded yet";

  private final AliasKeys keys;
  private final RebuildNote note;
  private final Readiness readiness;
  private final KeySample sample = new KeySample();

  private volatile boolean switched;
  private boolean finished;
  private long reminded = System.nanoTime() - REMIND_NS;

  // Of both threads, guarded by this.
  private boolean unchecked;
  private long quietSince = System.nanoTime();
  private long noted;
  private boolean everNoted;

  Rebuild(AliasKeys keys, RebuildNote note) {
    this.keys = keys;
    this.note = note;
    this.readiness = new Readiness(keys.minRowsPercent());
    this.switched = note.switchedAt().isPresent();
  }

  RebuildNote note() {
    return note;
  }

  /** Rows are about to be sent, maybe not for the first time. */
  void sending(MilvusClient client, List<Row> rows, boolean ofScan) {
    if (switched) {
      return;
    }
    if (ofScan && noteDue()) {
      note.goesOn(client);
    }
    for (Row row : rows) {
      if (row.plan().kind() == RowPlan.Kind.DELETE) {
        sample.remove(row.key()); // before, for a look may come in between
      }
    }
  }

  /** Rows were acknowledged. */
  void sent(List<Row> rows) {
    if (switched) {
      return;
    }
    for (Row row : rows) {
      if (row.plan().kind() != RowPlan.Kind.DELETE) {
        sample.add(row.key());
      }
    }
  }

  /** Whether the other tasks have to hear that the scan goes on. */
  private synchronized boolean noteDue() {
    long now = System.nanoTime();
    quietSince = now;
    unchecked = true;
    if (everNoted && now - noted < keys.idle().toNanos() / 4) {
      return false;
    }
    noted = now;
    everNoted = true;
    return true;
  }

  /** Records of a scan are here, or partitions came: the scan is not over yet. */
  synchronized void goesOn() {
    quietSince = System.nanoTime();
  }

  /** Other tasks may delete from now on what this one has written. */
  synchronized void rebalanced() {
    goesOn();
    unchecked = false;
    sample.clear();
  }

  private synchronized boolean isUnchecked() {
    return unchecked;
  }

  private synchronized long quiet() {
    return System.nanoTime() - quietSince;
  }

  /**
   * Does what is due; called a few times per idle time.
   *
   * @throws ConnectException when the alias must not be switched
   */
  void tick(MilvusClient client) {
    if (finished) {
      return;
    }
    RebuildNote now = note.again(client);
    if (now.switchedAt().isPresent()) {
      switched = true;
      sample.clear();
      finished = keys.old() == Old.KEEP || isOldDropped(client, now);
      return;
    }
    now.refusal()
        .ifPresent(
            reason -> {
              throw new ConnectException(reason);
            });
    if (isUnchecked()) {
      if (quiet() >= keys.idle().toNanos() / 4) {
        check(client);
      }
      return;
    }
    boolean written =
        now.writtenAt().isPresent()
            && client.clock() - now.writtenAt().get() >= keys.idle().toMillis();
    if (written && quiet() >= keys.idle().toNanos()) {
      switchIfReady(client);
    } else {
      readiness.again();
    }
  }

  /** Looks for the rows that this task has written; until it has, no task switches the alias. */
  private void check(MilvusClient client) {
    note.goesOn(client);
    int lost;
    try {
      lost = Readiness.lost(client, note.collection(), sample);
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.NOT_LOADED) {
        remind(NOT_LOADED);
        return;
      }
      throw e;
    }
    if (lost > 0) {
      String reason =
          "alias %s is not switched to collection %s: of %,d sampled rows that the server acknowledged, %,d are not there; find out who deletes them or what the server has lost, then start the rebuild again under another connector name, and drop that collection"
              .formatted(note.alias(), note.collection(), sample.keys().size(), lost);
      note.refuse(client, reason);
      throw new ConnectException(reason);
    }
    synchronized (this) {
      unchecked = quiet() < keys.idle().toNanos() / 4; // more was written meanwhile
    }
  }

  private void switchIfReady(MilvusClient client) {
    Optional<Behind> behind = AliasRequests.behind(client, note.alias());
    if (behind.map(Behind::name).filter(note.collection()::equals).isEmpty()) {
      if (behind.isPresent() && !behind.equals(note.before())) {
        throw new ConnectException(
            "alias %s has got collection %s since this rebuild began, and is not switched to %s; %s"
                .formatted(
                    note.alias(),
                    behind.get().name(),
                    note.collection(),
                    "give it back, or delete this connector and drop the latter"));
      }
      Optional<String> missing = missing(client, behind);
      if (missing.isPresent()) {
        remind(missing.get());
        return;
      }
      switchTo(client, behind);
    }
    note.switched(client); // after a crash it is only that which is missing
    switched = true;
    sample.clear();
  }

  private Optional<String> missing(MilvusClient client, Optional<Behind> behind) {
    try {
      return readiness.missing(client, note.collection(), behind);
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.NOT_LOADED) { // some of it is loaded
        return Optional.of(NOT_LOADED);
      }
      throw e;
    }
  }

  private void switchTo(MilvusClient client, Optional<Behind> behind) {
    long rows = Readiness.count(client, note.collection());
    if (behind.isPresent()) {
      AliasRequests.alter(client, note.alias(), note.collection());
    } else {
      createAlias(client);
    }
    log.info(
        "Alias {} is switched to collection {} with {} rows; before: {}",
        note.alias(),
        note.collection(),
        rows,
        behind.map(Behind::name).orElse("none"));
  }

  private void createAlias(MilvusClient client) {
    try {
      AliasRequests.create(client, note.alias(), note.collection());
    } catch (MilvusException e) {
      if (e.kind().isTransient()) {
        throw e;
      }
      // It is left of a collection that was dropped, or another task was faster.
      AliasRequests.alter(client, note.alias(), note.collection());
    }
  }

  private void remind(String missing) {
    long now = System.nanoTime();
    if (now - reminded >= REMIND_NS) {
      reminded = now;
      log.warn(
          "Alias {} is not switched to collection {} yet: {}",
          note.alias(),
          note.collection(),
          missing);
    }
  }

  /** Readers that asked for the alias before the switch may still be at the old collection. */
  private boolean isOldDropped(MilvusClient client, RebuildNote now) {
    if (now.before().isEmpty()) {
      return true;
    }
    if (client.clock() - now.switchedAt().orElseThrow() < keys.idle().toMillis()) {
      return false;
    }
    Behind old = now.before().get();
    if (!AliasRequests.behind(client, old.name()).equals(now.before())) {
      return true; // dropped, or another one of that name
    }
    List<String> aliases = AliasRequests.of(client, old.name());
    if (aliases.isEmpty()) {
      CollectionRequests.drop(client, old.name());
      log.info("Collection {}, which alias {} had before, is dropped", old.name(), now.alias());
    } else {
      log.warn("Collection {} is not dropped: it has the aliases {}", old.name(), aliases);
    }
    return true;
  }
}
