package io.vectorconnect.sql.sink;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after sessions whose statement takes long. A second connection asks the server what it does
 * for the session: a server that works, or waits for a lock, is waited for without limit. A session
 * that the server does not know or does nothing for, and a server that does not answer, are given
 * up after three times the connection timeout; the statement then fails as after a lost connection.
 */
public final class SessionWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SessionWatch.class);

  /** A wait that goes on is logged so often. */
  private static final Duration LOG_EVERY = Duration.ofSeconds(30);

  private final SqlDialect<?, ?> dialect;
  private final Duration timeout;
  private final Map<SqlSession, Look> watched = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "vector-session-watch");
            thread.setDaemon(true);
            return thread;
          });

  private final ScheduledFuture<?> looking;

  /**
   * What was seen of one statement.
   *
   * @param since when the statement began, or when it last made progress
   * @param answered when the server was last seen to work at it, at first its beginning
   * @param logged when that was last logged
   */
  private record Look(long since, long answered, long logged) {
    static Look at(long since) {
      return new Look(since, since, since);
    }
  }

  SessionWatch(SqlSinkConfig config, SqlDialect<?, ?> dialect) {
    this.dialect = dialect;
    this.timeout = config.connectTimeout();
    long often = Math.max(1, timeout.toMillis() / 2);
    this.looking = timer.scheduleWithFixedDelay(this::look, often, often, TimeUnit.MILLISECONDS);
  }

  /**
   * Rejected connection, protocol violation: a server, or a pool before it, has refused one more.
   */
  private static final Set<String> ANSWERS = Set.of("08004", "08P01");

  /** Watches a session from now on, until {@link #forget}. */
  public void begin(SqlSession session) {
    session.progress();
    watched.put(session, Look.at(session.lastProgress()));
  }

  /** Watches a session no longer. */
  public void forget(SqlSession session) {
    watched.remove(session);
  }

  private void look() {
    // Not inside of the map: this takes long, and nobody may have to wait to forget a session.
    watched.forEach((session, last) -> watched.replace(session, last, look(session, last)));
  }

  private Look look(SqlSession session, Look last) {
    long since = session.lastProgress();
    long now = System.nanoTime();
    if (since != last.since()) {
      return Look.at(since);
    }
    if (now - since < timeout.toNanos() / 2) {
      return last;
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(now - since);
    Answer answer = ask(session);
    boolean tell = last.logged() == since || now - last.logged() >= LOG_EVERY.toNanos();
    if (tell) {
      log.warn("No result for {} s of: {}; {}", seconds, session.statement(), answer.description());
    }
    long logged = tell ? now : last.logged();
    if (answer.works()) {
      return new Look(since, System.nanoTime(), logged);
    }
    boolean over = System.nanoTime() - last.answered() >= 3 * timeout.toNanos();
    if (over && session.lastProgress() == since && last.equals(watched.get(session))) {
      log.warn(
          "The connection is given up after {} s without a result: {}",
          seconds,
          answer.description());
      session.abort();
    }
    return new Look(since, last.answered(), logged);
  }

  private record Answer(boolean works, String description) {}

  private Answer ask(SqlSession session) {
    try (SqlSession second = dialect.open()) {
      second.limit(timeout);
      Optional<String> activity = dialect.activity(second, session);
      return activity
          .map(doing -> new Answer(true, "the server " + doing))
          .orElseGet(() -> new Answer(false, "the server does nothing for this connection"));
    } catch (SQLException e) {
      return dialect.errors().isConnectionLost(e) && !ANSWERS.contains(e.getSQLState())
          ? new Answer(false, "the server does not answer on a second connection either")
          : new Answer(true, "the server answers, but does not tell what it does");
    } catch (RuntimeException e) {
      log.debug("What the server does could not be asked", e);
      return new Answer(true, "what the server does could not be asked");
    }
  }

  @Override
  public void close() {
    looking.cancel(true);
    timer.shutdownNow();
  }
}
