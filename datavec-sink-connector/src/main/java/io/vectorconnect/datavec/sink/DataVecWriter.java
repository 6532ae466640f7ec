package io.vectorconnect.datavec.sink;

import io.vectorconnect.datavec.sink.DataVecSinkConfig.InsertMode;
import io.vectorconnect.sink.Bisection;
import io.vectorconnect.sink.Bisection.RefusedException;
import io.vectorconnect.sink.ErrantRecords;
import io.vectorconnect.sink.TargetWriter;
import io.vectorconnect.sink.TransientWriteException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Writes batches through one session, which it opens again whenever it was lost. */
final class DataVecWriter implements TargetWriter<RowBatch> {
  private final DataVecSinkConfig config;
  private final PlanCache plans;
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
    this.plans = new PlanCache(new RowPlanner(config));
    // One batch is filled while another is written.
    this.buffers = new BufferPool(2 * config.writeSettings().maxBytes());
  }

  @Override
  public RowBatch newBatch() {
    return new RowBatch(config.insertMode() == InsertMode.UPSERT, buffers);
  }

  @Override
  public void prepare(Collection<SinkRecord> records) throws TransientWriteException {
    for (SinkRecord record : records) {
      if (!plans.knows(record)) {
        try {
          withSession(() -> plans.resolve(session, record));
        } catch (RefusedException e) {
          // A data error without data: two tasks created the same table at the same moment.
          throw new TransientWriteException(e.getMessage(), e);
        }
      }
    }
  }

  @Override
  public void add(RowBatch batch, SinkRecord record) {
    RowPlan plan = plans.get(record);
    if (plan.kind() != RowPlan.Kind.NOTHING) {
      batch.add(plan.encode(record, batch.buffer()).keeping(keeper));
    }
  }

  @Override
  public void write(RowBatch batch, ErrantRecords errant) throws TransientWriteException {
    for (List<Row> pending : batch.pending().values()) {
      Bisection.<Row>write(
          pending,
          rows -> withSession(() -> loader.load(rows)),
          (row, reason) -> errant.report(row.record(), reason));
    }
    batch.release();
  }

  /** Work with the session that may fail by SQL. */
  @FunctionalInterface
  private interface SqlWork {
    void run() throws SQLException;
  }

  private void withSession(SqlWork work) throws TransientWriteException, RefusedException {
    lock.lock();
    try {
      if (session == null) {
        session = Session.open(config);
        loader = new RowLoader(session, config.insertMode());
      }
      work.run();
    } catch (SQLException e) {
      throw classified(e);
    } finally {
      lock.unlock();
    }
  }

  private RefusedException classified(SQLException e) throws TransientWriteException {
    String what =
        "%s:%d/%s: %s"
            .formatted(
                config.host(),
                config.port(),
                config.database(),
                session == null ? e.getMessage() : session.describe(e));
    boolean usable = session != null && rolledBack(e);
    if (!usable) {
      forgetSession();
    }
    if (SqlErrors.isTransient(e)) {
      throw new TransientWriteException(what, e);
    }
    if (SqlErrors.isData(e)) {
      // The driver's exception stays behind: its detail may quote the row.
      return new RefusedException(what, null);
    }
    throw new ConnectException(what);
  }

  private boolean rolledBack(SQLException cause) {
    try {
      session.rollback();
      return true;
    } catch (SQLException e) {
      cause.addSuppressed(e);
      return false;
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
    abort();
  }
}
