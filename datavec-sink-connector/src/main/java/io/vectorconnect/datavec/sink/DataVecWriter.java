package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.Bisection;
import io.vectorconnect.sink.Bisection.RefusedException;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.ErrantRecords;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.LostPositionException;
import io.vectorconnect.sink.PlanCache;
import io.vectorconnect.sink.TargetWriter;
import io.vectorconnect.sink.TransientWriteException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each batch in one transaction, through one session, which it opens again whenever it was
 * lost.
 */
final class DataVecWriter implements TargetWriter<RowBatch> {
  private static final Logger log = LoggerFactory.getLogger(DataVecWriter.class);

  private final DataVecSinkConfig config;
  private final IndexBuilder indexes;
  private final RowPlanner planner;
  private final PlanCache<RowPlan> plans;
  private final Optional<Positions> positions;
  private final UnaryOperator<SinkRecord> keeper;
  private final BufferPool buffers;

  /** Held around every use of the session: plans are made on another thread than writes. */
  private final ReentrantLock lock = new ReentrantLock();

  private volatile Session session;
  private RowLoader loader;

  /**
   * A writer that has no connection yet.
   *
   * @param keeper what is kept of a record until it is written
   */
  DataVecWriter(DataVecSinkConfig config, UnaryOperator<SinkRecord> keeper) {
    this.config = config;
    this.keeper = keeper;
    // One batch is filled while another is written.
    this.buffers = new BufferPool(2 * config.rows().writeSettings().maxBytes());
    this.indexes = new IndexBuilder(config);
    this.planner = new RowPlanner(config, indexes);
    this.plans = new PlanCache<>(this::plan, plan -> plan.kind() == RowPlan.Kind.NO_TABLE);
    this.positions = config.exactlyOnce() ? Optional.of(new Positions(config)) : Optional.empty();
  }

  @Override
  public RowBatch newBatch() {
    return new RowBatch(config.rows().insertMode() == InsertMode.UPSERT, buffers);
  }

  @Override
  public void prepare(Collection<Change> changes) throws TransientWriteException {
    plans.prepare(changes);
    if (indexes.isDue(changes)) {
      outsideOfBatches(() -> indexes.tick(session, changes));
    }
  }

  private RowPlan plan(Change change) throws TransientWriteException {
    List<RowPlan> made = new ArrayList<>();
    outsideOfBatches(() -> made.add(planner.plan(session, change)));
    return made.get(0);
  }

  @Override
  public void add(RowBatch batch, Change change) {
    RowPlan plan = plans.get(change);
    switch (plan.kind()) {
      case ROW, UPDATE, DELETE -> batch.add(plan.encode(change, batch.buffer()).keeping(keeper));
      case TRUNCATE -> batch.truncate(plan.table());
      case NO_TABLE, NOTHING -> {}
    }
  }

  @Override
  public boolean keepsPositions() {
    return positions.isPresent();
  }

  @Override
  public Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions)
      throws TransientWriteException {
    Map<TopicPartition, Long> stored = new HashMap<>();
    outsideOfBatches(() -> stored.putAll(positions.orElseThrow().read(session, partitions)));
    return stored;
  }

  private void outsideOfBatches(Session.SqlWork work) throws TransientWriteException {
    lock.lock();
    try {
      openSession();
      work.run();
    } catch (SQLException e) {
      TransientWriteException told = told(e);
      rollback();
      throw told;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(RowBatch batch, Map<TopicPartition, Long> next, ErrantRecords errant)
      throws TransientWriteException, LostPositionException {
    boolean written = false;
    lock.lock();
    try {
      openSession();
      loader.prepare(batch);
      for (Map.Entry<TableId, RowBatch.Changes> table : batch.tables().entrySet()) {
        if (table.getValue().truncated()) {
          loader.truncate(table.getKey());
        }
        Bisection.<Row>write(
            new ArrayList<>(table.getValue().rows()),
            this::load,
            (row, reason) -> {
              row.records().forEach(record -> errant.report(record, reason));
              batch.refuse(row);
            });
      }
      if (positions.isPresent()) {
        positions.get().move(session, next);
      }
      session.commit();
      positions.ifPresent(kept -> kept.moved(next));
      written = true;
      batch.release();
    } catch (SQLException e) {
      throw told(e);
    } finally {
      if (!written) {
        rollback();
      }
      lock.unlock();
    }
  }

  private void load(List<Row> rows) throws TransientWriteException, RefusedException {
    try {
      session.nested(() -> loader.load(rows));
    } catch (SQLException e) {
      if (SqlErrors.isData(e)) {
        // The driver's exception stays behind: its detail may quote the row.
        throw new RefusedException(message(e), null);
      }
      throw told(e);
    }
  }

  private void openSession() throws SQLException {
    if (session == null) {
      session = Session.open(config);
      loader = new RowLoader(session, config.rows().insertMode());
      if (positions.isPresent()) {
        positions.get().createTable(session);
      }
      indexes.createTables(session);
    }
  }

  /** What is thrown for a failure; returns if trying again may help. */
  private TransientWriteException told(SQLException e) {
    String message = message(e);
    // Outside of batches even a data error: two tasks created the same table at the same moment.
    boolean again = SqlErrors.isTransient(e) || SqlErrors.isData(e);
    if (SqlErrors.isConnectionLost(e)) {
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
            session == null ? e.getMessage() : session.describe(e));
  }

  /** Ends the transaction under way, or the session if that does not go. */
  private void rollback() {
    if (session == null) {
      return;
    }
    try {
      session.rollback();
    } catch (SQLException e) {
      log.debug("The connection was broken already", e);
      forgetSession();
    }
  }

  private void forgetSession() {
    Session lost = session;
    session = null;
    loader = null;
    if (lost != null) {
      lost.close();
    }
  }

  @Override
  public void abort() {
    Session current = session;
    if (current != null) {
      current.abort();
    }
  }

  @Override
  public void close() {
    indexes.close();
    abort();
  }
}
