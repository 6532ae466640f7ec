package io.vectorconnect.sql.sink.index;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sql.sink.SessionWatch;
import io.vectorconnect.sql.sink.SqlDialect;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlSinkConfig;
import io.vectorconnect.sql.sink.index.IndexKeys.Build;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
public final class IndexBuilder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IndexBuilder.class);
  private static final long PROGRESS_MS = 10_000;

  private final SqlDialect<?, ?> dialect;
  private final Build build;
  private final IndexJobs jobs;
  private final Duration idle;
  private final SessionWatch watch;
  private final ExecutorService background =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "vector-index-builder");
            thread.setDaemon(true);
            return thread;
          });

  /** What was asked for before: records of many shapes want the same. */
  private final Set<VectorIndex> wanted = new HashSet<>();

  private long marked;
  private long looked = System.nanoTime();
  private Future<?> underWay;
  private volatile SqlSession session;

  public IndexBuilder(SqlSinkConfig config, SqlDialect<?, ?> dialect, SessionWatch watch) {
    this.dialect = dialect;
    this.watch = watch;
    this.build = config.index().build();
    this.jobs = new IndexJobs(config, dialect);
    this.idle = config.index().idle();
  }

  public void createTables(SqlSession shared) throws SQLException {
    if (build == Build.AFTER_SNAPSHOT) {
      jobs.createTables(shared);
    }
  }

  /** An index on a table whose rows are about to be written. */
  public void want(SqlSession shared, VectorIndex index) throws SQLException {
    if (build == Build.NONE || wanted.contains(index)) {
      return;
    }
    switch (build) {
      case NONE -> {}
      case IMMEDIATE -> {
        dialect.createIndex(shared, index);
        shared.commit();
      }
      case AFTER_SNAPSHOT -> jobs.want(shared, index);
    }
    wanted.add(index);
  }

  /** Whether there is something to do now with the sink's session; cheap. */
  public boolean isDue(Collection<Change> changes) {
    if (build != Build.AFTER_SNAPSHOT) {
      return false;
    }
    long now = System.nanoTime();
    boolean snapshot = changes.stream().anyMatch(IndexBuilder::isOfSnapshot);
    return snapshot
        ? now - marked > idle.toNanos() / 4
        : changes.isEmpty() && now - looked > idle.toNanos() / 4;
  }

  /** Notes that the scan goes on, or starts what it has kept waiting. */
  public void tick(SqlSession shared, Collection<Change> changes) throws SQLException {
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
      try (SqlSession own = dialect.open()) {
        session = own;
        watch.begin(own);
        if (background.isShutdown()) {
          return; // close() may have come before there was a session to break
        }
        dialect.prepareIndexBuild(own);
        log.info(
            "Building index {} on table {}: {}", index.name(), index.table(), index.definition());
        Future<?> progress = background.submit(() -> logProgress(index));
        try {
          jobs.build(own, index);
        } finally {
          progress.cancel(true);
          watch.forget(own);
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

  /** Logs how far the build is, where the database tells. */
  private void logProgress(VectorIndex index) {
    try (SqlSession own = dialect.open()) {
      List<String> progress;
      do {
        Thread.sleep(PROGRESS_MS);
        progress = dialect.indexProgress(own, index);
        progress.forEach(step -> log.info("Index {}: {}", index.name(), step));
        own.commit();
      } while (!progress.isEmpty());
    } catch (SQLException e) {
      log.debug("Progress of index {} is not known", index.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the build is done
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
    SqlSession building = session;
    if (building != null) {
      building.abort();
    }
  }
}
