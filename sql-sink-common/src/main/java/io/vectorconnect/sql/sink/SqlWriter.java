package io.vectorconnect.sql.sink;

import io.vectorconnect.sink.Bisection.RefusedException;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.ErrantRecords;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.LostPositionException;
import io.vectorconnect.sink.PlanCache;
import io.vectorconnect.sink.Position;
import io.vectorconnect.sink.TargetWriter;
import io.vectorconnect.sink.TransientWriteException;
import io.vectorconnect.sql.sink.index.IndexBuilder;
import io.vectorconnect.sql.sink.position.Owners;
import io.vectorconnect.sql.sink.position.PartitionGuard;
import io.vectorconnect.sql.sink.position.Positions;
import io.vectorconnect.sql.sink.row.ChangesWriter;
import io.vectorconnect.sql.sink.row.ChangesWriter.ConflictException;
import io.vectorconnect.sql.sink.row.ChangesWriter.ReferenceException;
import io.vectorconnect.sql.sink.row.ReferenceWaits;
import io.vectorconnect.sql.sink.row.RowBatch;
import io.vectorconnect.sql.sink.row.RowLoader;
import io.vectorconnect.sql.sink.row.RowPlan;
import io.vectorconnect.sql.sink.row.RowPlanner;
import io.vectorconnect.sql.sink.row.SqlRow;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each batch in one transaction, through one session, which it opens again whenever it was
 * lost.
 *
 * @param <E> what encodes a column's values
 * @param <R> the encoded changes
 * @param <B> batches of them
 */
public abstract class SqlWriter<E, R extends SqlRow, B extends RowBatch<R>>
    implements TargetWriter<B> {
  private static final Logger log = LoggerFactory.getLogger(SqlWriter.class);

  /** How long the task's thread waits for the background one before it goes back to Connect. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final SqlSinkConfig config;
  private final IndexBuilder indexes;
  private final RowPlanner<?, E> planner;
  private final PlanCache<RowPlan<E>> plans;
  private final Optional<PartitionGuard> guard;
  private final SqlErrors errors;
  private final ReferenceWaits waits;
  private final SessionWatch watch;

  /** Held around every use of the session: plans are made on another thread than writes. */
  private final ReentrantLock lock = new ReentrantLock();

  private volatile Link<R> link;

  /** Tables whose plans hold no longer. */
  private final Set<TableId> outdated = ConcurrentHashMap.newKeySet();

  /** Raised when the batches that were begun are given up. */
  private final AtomicInteger epoch = new AtomicInteger();

  private volatile boolean closed;

  /**
   * A connection, and what brings rows over it into tables.
   *
   * @param <R> the encoded changes
   */
  public record Link<R extends SqlRow>(SqlSession session, RowLoader<R> loader) {}

  /** A writer that has no connection yet. */
  protected SqlWriter(SqlSinkConfig config, SqlDialect<?, E> dialect) {
    this.config = config;
    this.errors = dialect.errors();
    this.watch = new SessionWatch(config, dialect);
    this.indexes = new IndexBuilder(config, dialect, watch);
    this.planner = new RowPlanner<>(config, dialect, indexes, outdated::add);
    this.plans = new PlanCache<>(this::plan, plan -> plan.kind() == RowPlan.Kind.NO_TABLE);
    this.guard = guard(config, dialect);
    this.waits = new ReferenceWaits(config.referenceWait());
  }

  /** Appended rows overwrite nothing, and may be there twice. */
  private static Optional<PartitionGuard> guard(SqlSinkConfig config, SqlDialect<?, ?> dialect) {
    if (config.exactlyOnce()) {
      return Optional.of(new Positions(config, dialect));
    }
    return config.rows().insertMode() == InsertMode.UPSERT
        ? Optional.of(new Owners(config, dialect))
        : Optional.empty();
  }

  /** Connects. */
  protected abstract Link<R> connect() throws SQLException;

  /** A batch with nothing in it. */
  protected abstract B emptyBatch();

  @Override
  public final B newBatch() {
    B batch = emptyBatch();
    batch.begin(epoch.get());
    return batch;
  }

  /**
   * Encodes a change and adds it to a batch.
   *
   * @throws org.apache.kafka.connect.errors.DataException when a column cannot hold its value
   */
  protected abstract void encode(RowPlan<E> plan, Change change, B batch);

  /** Whether rows have keys. */
  protected final boolean keyed() {
    return config.rows().insertMode() == InsertMode.UPSERT;
  }

  @Override
  public final void prepare(Collection<Change> changes) throws TransientWriteException {
    planner.lookAgain();
    do {
      forgetOutdated();
      plans.prepare(changes);
    } while (!outdated.isEmpty()); // this very call has altered a table
    // Not while an index is built: whoever waits for that is thrown out of the consumer group.
    if (indexes.isDue(changes) && tryLock(changes.isEmpty() ? Duration.ZERO : PATIENCE)) {
      locked(session -> indexes.tick(session, changes));
    }
  }

  private void forgetOutdated() {
    Set<TableId> tables = Set.copyOf(outdated);
    if (!tables.isEmpty()) {
      plans.forget(plan -> tables.contains(plan.table()));
      outdated.removeAll(tables);
    }
  }

  private RowPlan<E> plan(Change change) throws TransientWriteException {
    List<RowPlan<E>> made = new ArrayList<>();
    outsideOfBatches(session -> made.add(planner.plan(session, change)));
    return made.get(0);
  }

  @Override
  public final void add(B batch, Change change) {
    batch.note(change.record());
    RowPlan<E> plan = plans.get(change);
    switch (plan.kind()) {
      case ROW, UPDATE, DELETE -> encode(plan, change, batch);
      case TRUNCATE -> batch.truncate(plan.table());
      case NO_TABLE, NOTHING -> {}
    }
  }

  @Override
  public final boolean keepsPositions() {
    return guard.isPresent();
  }

  @Override
  public final Map<TopicPartition, Position> positions(Collection<TopicPartition> partitions)
      throws TransientWriteException {
    PartitionGuard guarded = guard.orElseThrow();
    if (guarded.waitMillis() > 0) {
      throw TransientWriteException.busy(
          "another task writes the partitions of this one; waiting until Connect says whose they are");
    }
    Map<TopicPartition, Position> stored = new HashMap<>();
    outsideOfBatches(session -> stored.putAll(guarded.take(session, partitions)));
    return stored;
  }

  @Override
  public final void partitionsOpened() {
    guard.ifPresent(PartitionGuard::assigned);
  }

  /** Work with the target beside its rows. */
  @FunctionalInterface
  private interface Work {
    void run(SqlSession session) throws SQLException;
  }

  private void outsideOfBatches(Work work) throws TransientWriteException {
    if (!tryLock(PATIENCE)) {
      throw TransientWriteException.busy("the database is still busy with the batch before");
    }
    locked(work);
  }

  private boolean tryLock(Duration patience) {
    try {
      return lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("interrupted while the database was busy", e);
    }
  }

  /** Does work, and gives the lock back. */
  private void locked(Work work) throws TransientWriteException {
    try {
      SqlSession session = link().session();
      watch.begin(session);
      work.run(session);
    } catch (SQLException e) {
      TransientWriteException told = told(e);
      rollback();
      throw told;
    } finally {
      unwatch();
      lock.unlock();
    }
  }

  @Override
  public final void write(B batch, Map<TopicPartition, Long> next, ErrantRecords errant)
      throws TransientWriteException, LostPositionException {
    boolean written = false;
    lock.lock();
    try {
      requireWanted(batch);
      Link<R> current = link();
      requireWanted(batch);
      watch.begin(current.session());
      while (!writeRows(batch, current, errant)) {
        current.session().rollback();
        requireWanted(batch);
      }
      Map<TopicPartition, Long> ends = new HashMap<>(next);
      ends.putAll(batch.heldBack());
      watch.forget(current.session()); // the dead-letter queue is not the database's
      errant.await();
      watch.begin(current.session());
      if (guard.isPresent()) {
        guard.get().write(current.session(), ends, batch.proofs());
      }
      requireWanted(batch);
      current.session().commit();
      guard.ifPresent(guarded -> guarded.written(ends));
      next.keySet().stream().filter(p -> !batch.heldBack().containsKey(p)).forEach(waits::written);
      written = true;
      batch.release();
    } catch (SQLException e) {
      throw told(e);
    } finally {
      if (!written) {
        rollback();
      }
      unwatch();
      lock.unlock();
    }
  }

  private void unwatch() {
    Link<R> current = link;
    if (current != null) {
      watch.forget(current.session());
    }
  }

  /**
   * Writes what the batch holds; false when rows of it have to wait, and it is to be written once
   * more without them.
   */
  private boolean writeRows(B batch, Link<R> current, ErrantRecords errant)
      throws SQLException, TransientWriteException {
    outdated.addAll(current.loader().prepare(batch.plans()));
    // Decided once: a wait may end while the rows are tried.
    Map<TopicPartition, Boolean> waiting = new HashMap<>();
    Predicate<R> mayWait =
        row ->
            row.records().stream()
                .map(RowBatch::partition)
                .allMatch(partition -> waiting.computeIfAbsent(partition, waits::mayWait));
    List<ChangesWriter<R>> pending = new ArrayList<>();
    for (Map.Entry<TableId, RowBatch.Changes<R>> table : batch.tables().entrySet()) {
      if (table.getValue().truncated()) {
        current.loader().truncate(table.getKey());
      }
      pending.add(
          new ChangesWriter<>(table.getValue(), steps -> load(batch, current, steps), mayWait));
    }
    ChangesWriter.Result<R> result = ChangesWriter.writeAll(pending);
    if (!result.waiting().isEmpty()) {
      batch.holdBack(firstWaiting(result.waiting()));
      return false;
    }
    for (ChangesWriter.Refused<R> refused : result.refused()) {
      report(refused, errant);
      batch.refuse(refused.row());
    }
    return true;
  }

  /** The first record of each partition that waits. */
  private Map<TopicPartition, Long> firstWaiting(List<R> waiting) {
    Map<TopicPartition, Long> first = new HashMap<>();
    Map<TopicPartition, TableId> tables = new HashMap<>();
    for (R row : waiting) {
      for (SinkRecord record : row.records()) {
        TopicPartition partition = RowBatch.partition(record);
        first.merge(partition, record.originalKafkaOffset(), Math::min);
        tables.put(partition, row.plan().table());
      }
    }
    first.forEach((partition, offset) -> waits.waiting(partition, offset, tables.get(partition)));
    return first;
  }

  private void report(ChangesWriter.Refused<R> refused, ErrantRecords errant) {
    for (SinkRecord record : refused.row().records()) {
      if (refused.reason() instanceof ReferenceException) {
        waits.refused(RowBatch.partition(record));
      }
      errant.report(record, refused.reason());
    }
  }

  /** Of a batch that was given up, nothing may come after what its rows' new owner writes. */
  private void requireWanted(B batch) throws TransientWriteException {
    if (batch.epoch() != epoch.get()) {
      throw new TransientWriteException("the batch was given up", null);
    }
  }

  private void load(B batch, Link<R> current, List<? extends Collection<R>> steps)
      throws TransientWriteException, RefusedException {
    requireWanted(batch);
    try {
      current.session().nested(() -> load(current.loader(), steps));
    } catch (SQLException e) {
      if (errors.isData(e)) {
        // The driver's exception stays behind: its detail may quote the row.
        throw errors.isReference(e)
            ? new ReferenceException(message(e))
            : errors.isConflict(e)
                ? new ConflictException(message(e))
                : new RefusedException(message(e), null);
      }
      throw told(e);
    }
  }

  private static <R extends SqlRow> void load(
      RowLoader<R> loader, List<? extends Collection<R>> steps) throws SQLException {
    for (Collection<R> step : steps) {
      if (!step.isEmpty()) {
        loader.load(List.copyOf(step));
      }
    }
  }

  private Link<R> link() throws SQLException {
    if (link == null) {
      link = connect();
      requireOpen();
      watch.begin(link.session());
      if (guard.isPresent()) {
        guard.get().createTable(link.session());
      }
      indexes.createTables(link.session());
    }
    return link;
  }

  /** What was opened while the task was being stopped would stay open for good. */
  private void requireOpen() {
    if (closed) {
      forgetSession();
      throw new ConnectException("the task was stopped while it connected");
    }
  }

  /** What is thrown for a failure; returns if trying again may help. */
  private TransientWriteException told(SQLException e) {
    String message = message(e);
    // Outside of batches also a conflict: two tasks created the same table at the same moment.
    boolean again = errors.isTransient(e) || errors.isConflict(e);
    if (errors.isConnectionLost(e)) {
      forgetSession();
    }
    if (again) {
      return new TransientWriteException(message, null);
    }
    throw new ConnectException(message);
  }

  private String message(SQLException e) {
    return "%s:%d/%s: %s"
        .formatted(
            config.host(),
            config.port(),
            config.database(),
            link == null ? e.getMessage() : link.session().describe(e));
  }

  /** Ends the transaction under way, or the session if that does not go. */
  private void rollback() {
    if (link == null) {
      return;
    }
    try {
      link.session().rollback();
    } catch (SQLException e) {
      log.debug("The connection was broken already", e);
      forgetSession();
    }
  }

  private void forgetSession() {
    Link<R> lost = link;
    link = null;
    if (lost != null) {
      watch.forget(lost.session());
      lost.session().close();
    }
  }

  @Override
  public final void abort() {
    epoch.incrementAndGet();
    Link<R> current = link;
    if (current != null) {
      current.session().abort();
    }
  }

  @Override
  public final void close() {
    closed = true;
    indexes.close();
    watch.close();
    abort();
  }
}
