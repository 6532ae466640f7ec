package io.vectorconnect.datavec.sink;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.datavec.sink.IndexConfig.Build;
import io.vectorconnect.sink.Change;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the wanted indexes when the first scan is done, on a connection of its own, while the sink
 * waits to write to that table.
 *
 * <p>That a scan is done is known when no task has written a record of one for a while. Records
 * that do not say whether they belong to one count as if they did.
 */
final class IndexBuilder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IndexBuilder.class);
  private static final long PROGRESS_MS = 10_000;

  private final DataVecSinkConfig config;
  private final IndexJobs jobs;
  private final Duration idle;
  private final ExecutorService background =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "vector-index-builder");
            thread.setDaemon(true);
            return thread;
          });

  private long marked;
  private long looked = System.nanoTime();
  private Future<?> underWay;
  private volatile Session session;

  IndexBuilder(DataVecSinkConfig config) {
    this.config = config;
    this.jobs = new IndexJobs(config);
    this.idle = config.index().idle();
  }

  void createTables(Session shared) throws SQLException {
    if (config.index().build() == Build.AFTER_SNAPSHOT) {
      jobs.createTables(shared);
    }
  }

  /** An index on a table whose rows are about to be written. */
  void want(Session shared, VectorIndex index) throws SQLException {
    switch (config.index().build()) {
      case NONE -> {}
      case IMMEDIATE -> {
        if (!Catalog.indexExists(shared, index)) {
          shared.execute(index.definition());
        }
        shared.commit();
      }
      case AFTER_SNAPSHOT -> jobs.want(shared, index);
    }
  }

  /** Whether there is something to do now with the sink's session; cheap. */
  boolean isDue(Collection<Change> changes) {
    if (config.index().build() != Build.AFTER_SNAPSHOT) {
      return false;
    }
    long now = System.nanoTime();
    boolean snapshot = changes.stream().anyMatch(IndexBuilder::isOfSnapshot);
    return snapshot
        ? now - marked > idle.toNanos() / 4
        : changes.isEmpty() && now - looked > idle.toNanos() / 4;
  }

  /** Notes that the scan goes on, or starts what it has kept waiting. */
  void tick(Session shared, Collection<Change> changes) throws SQLException {
    if (!changes.isEmpty()) {
      marked = System.nanoTime();
      jobs.snapshotGoesOn(shared);
      return;
    }
    looked = System.nanoTime();
    if (underWay != null && !underWay.isDone()) {
      return;
    }
    List<VectorIndex> due = jobs.due(shared, idle);
    if (!due.isEmpty()) {
      underWay = background.submit(() -> build(due));
    }
  }

  private static boolean isOfSnapshot(Change change) {
    return !SnapshotMarker.of(change.record()).equals(SnapshotMarker.FALSE);
  }

  private void build(List<VectorIndex> due) {
    for (VectorIndex index : due) {
      long begin = System.nanoTime();
      try (Session own = Session.open(config)) {
        session = own;
        prepare(own);
        log.info(
            "Building index {} on table {}: {}", index.name(), index.table(), index.definition());
        Future<?> watch = background.submit(() -> watch(index));
        try {
          jobs.build(own, index);
        } finally {
          watch.cancel(true);
        }
        log.info(
            "Index {} is built, in {} s",
            index.name(),
            (System.nanoTime() - begin) / 1_000_000_000);
      } catch (SQLException e) {
        // Nothing is lost: it stays wanted, and is tried again in a while.
        log.warn(
            "Index {} is not built yet: {} (SQLState {})",
            index.name(),
            e.getMessage(),
            e.getSQLState());
      } finally {
        session = null;
      }
    }
  }

  private void prepare(Session own) throws SQLException {
    var memory = config.index().memory();
    if (memory.isPresent()) {
      own.execute("SET maintenance_work_mem = '" + memory.get() + "'");
    }
    var workers = config.index().workers();
    if (workers.isPresent() && own.dialect() == Dialect.POSTGRESQL) {
      own.execute("SET max_parallel_maintenance_workers = " + workers.get());
    }
    own.commit();
  }

  /** Logs how far the build is; only PostgreSQL tells. */
  private void watch(VectorIndex index) {
    try (Session own = Session.open(config)) {
      while (own.dialect() == Dialect.POSTGRESQL) {
        Thread.sleep(PROGRESS_MS);
        own.query(
                "SELECT phase, tuples_done, tuples_total FROM pg_stat_progress_create_index p JOIN"
                    + " pg_class c ON c.oid = p.relid WHERE c.relname = ?",
                row ->
                    "%s, %d of %d rows".formatted(row.getString(1), row.getLong(2), row.getLong(3)),
                index.table().name())
            .forEach(progress -> log.info("Index {}: {}", index.name(), progress));
        own.commit();
      }
    } catch (SQLException e) {
      log.debug("Progress of index {} is not known", index.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the build is done
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
    Session building = session;
    if (building != null) {
      building.abort();
    }
  }
}
