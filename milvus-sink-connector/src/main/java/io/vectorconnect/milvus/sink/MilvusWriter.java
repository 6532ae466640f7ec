package io.vectorconnect.milvus.sink;

import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.sink.Suspects.UnprovenException;
import io.vectorconnect.milvus.sink.alias.Rebuilds;
import io.vectorconnect.milvus.sink.collection.CollectionCreator;
import io.vectorconnect.milvus.sink.collection.CollectionRequests;
import io.vectorconnect.milvus.sink.collection.DeferredIndexes;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.row.Row;
import io.vectorconnect.milvus.sink.row.RowBatch;
import io.vectorconnect.milvus.sink.row.RowPlan;
import io.vectorconnect.milvus.sink.row.RowPlanner;
import io.vectorconnect.milvus.sink.row.StoredRows;
import io.vectorconnect.milvus.sink.row.Target;
import io.vectorconnect.milvus.sink.row.VectorPool;
import io.vectorconnect.sink.Bisection;
import io.vectorconnect.sink.Bisection.RefusedException;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.ErrantRecords;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.Ownership;
import io.vectorconnect.sink.PartialUpdate;
import io.vectorconnect.sink.PlanCache;
import io.vectorconnect.sink.TargetWriter;
import io.vectorconnect.sink.TransientWriteException;
import io.vectorconnect.task.BackgroundCall;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes batches in as few requests as the server takes. */
final class MilvusWriter implements TargetWriter<RowBatch> {
  private static final Logger log = LoggerFactory.getLogger(MilvusWriter.class);

  /** Keys in the filter of one delete; the server parses it as text. */
  private static final int MAX_DELETES = 5_000;

  /** How long fields that are added to a collection, or dropped, may go unnoticed. */
  private static final Duration DESCRIBED_FOR = Duration.ofSeconds(30);

  /** How long one call of Connect waits for a server that does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final BackgroundCall<Boolean> preparation =
      new BackgroundCall<>("milvus-preparation", "the target, which has to be looked up");

  private final MilvusSinkConfig config;
  private final UnaryOperator<SinkRecord> keeper;
  private final VectorPool pool;
  private final ParallelRequests requests;
  private final Rebuilds rebuilds;
  private final DeferredIndexes deferred;
  private final RowPlanner planner;
  private final PlanCache<RowPlan> plans;

  private long described = System.nanoTime();
  private MilvusClient client;
  private Ownership ownership = new Ownership();

  /** How often this was broken off: what was begun before is not written any more. */
  private int epoch;

  /** What the server took or refused so far: a request above this size is not tried again. */
  private volatile long maxRequestBytes = Long.MAX_VALUE;

  /**
   * A writer that has no connection yet.
   *
   * @param keeper what is kept of a record until it is written
   */
  MilvusWriter(MilvusSinkConfig config, UnaryOperator<SinkRecord> keeper) {
    this.config = config;
    this.keeper = keeper;
    this.requests = new ParallelRequests(config.requestsInFlight());
    this.rebuilds = new Rebuilds(config);
    this.pool = new VectorPool(2 * config.rows().writeSettings().maxBytes());
    CollectionCreator creator = new CollectionCreator(config);
    this.deferred = new DeferredIndexes(config, creator);
    this.planner = new RowPlanner(config, creator, rebuilds, deferred);
    this.plans = new PlanCache<>(this::plan, plan -> plan.kind() == RowPlan.Kind.NOTHING);
  }

  @Override
  public void guardedBy(Ownership given) {
    ownership = given;
  }

  @Override
  public synchronized RowBatch newBatch() {
    return new RowBatch(config.rows().insertMode() == InsertMode.UPSERT, epoch, pool);
  }

  /** A row costs the server less in a larger request; measured in benchmarks/README.md. */
  @Override
  public long worthWriting() {
    return 12 << 20;
  }

  /** Returns within a few seconds, because Connect cannot stop the task before. */
  @Override
  public void prepare(Collection<Change> changes) throws TransientWriteException {
    if (preparation.isUnderWay()) {
      awaitPreparation(); // of the same records, mostly; what it has planned is kept
    }
    preparation.begin(
        () -> {
          prepareNow(changes);
          return true;
        });
    awaitPreparation();
  }

  private void awaitPreparation() throws TransientWriteException {
    try {
      if (preparation.result(PATIENCE).isEmpty()) {
        // The request fails by itself when its own time is over, and that counts.
        throw TransientWriteException.busy(
            "waiting for the answer of " + config.connection().uri());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("interrupted while waiting for Milvus", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TransientWriteException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new ConnectException(e.getCause());
    }
  }

  /** Ends a preparation whose server does not answer: its thread and this one share the plans. */
  private void breakOffPreparation() {
    if (preparation.isUnderWay()) {
      disconnect(); // a write under way is sent again over another connection
      preparation.settle(config.connection().requestTimeout());
    }
  }

  private void prepareNow(Collection<Change> changes) throws TransientWriteException {
    try {
      if (System.nanoTime() - described > DESCRIBED_FOR.toNanos()) {
        Map<String, Boolean> changed = new HashMap<>();
        plans.forget(
            plan ->
                plan.kind() != RowPlan.Kind.NOTHING
                    && changed.computeIfAbsent(
                        plan.target().collection(), name -> hasChanged(plan.target())));
        described = System.nanoTime();
      }
    } catch (MilvusException e) {
      throw told(e);
    }
    plans.prepare(changes);
    try {
      if (rebuilds.isOn()) {
        rebuilds.tick(client(), changes);
      }
      if (deferred.isOn()) {
        deferred.tick(client(), changes);
      }
    } catch (MilvusException e) {
      throw told(e);
    }
  }

  /** Whether a collection has other fields than its plans know; one that is gone has not. */
  private boolean hasChanged(Target target) {
    try {
      return !new Target(io.vectorconnect.milvus.Collection.describe(client(), target.collection()))
          .hasFieldsOf(target);
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.NO_COLLECTION) {
        return false;
      }
      throw e;
    }
  }

  private RowPlan plan(Change change) throws TransientWriteException {
    try {
      return planner.plan(client(), change);
    } catch (MilvusException e) {
      throw told(e);
    }
  }

  /** What is thrown for a failure; returns if trying again may help. */
  private TransientWriteException told(MilvusException e) {
    if (e.kind().isTransient()) {
      return new TransientWriteException(described(e), e);
    }
    throw new ConnectException(described(e), e);
  }

  @Override
  public void partitionsOpened() {
    breakOffPreparation();
    rebuilds.goesOn();
    deferred.goesOn();
  }

  @Override
  public void partitionsClosed() {
    breakOffPreparation();
    rebuilds.rebalanced();
  }

  @Override
  public void add(RowBatch batch, Change change) {
    RowPlan plan = plans.get(change);
    if (plan.kind() != RowPlan.Kind.NOTHING) {
      batch.add(plan.encode(change, batch::copy).keeping(keeper));
      String collection = plan.target().collection();
      if ((rebuilds.isOn() || deferred.isOn())
          && !batch.isOfScan(collection)
          && Rebuilds.isOfScan(change)) {
        batch.markScan(collection);
      }
    }
  }

  @Override
  public void write(RowBatch batch, Map<TopicPartition, Long> next, ErrantRecords errant)
      throws TransientWriteException {
    try {
      writePending(batch, errant);
    } catch (TransientWriteException e) {
      batch.keepVectors();
      throw e;
    }
    batch.release();
  }

  private void writePending(RowBatch batch, ErrantRecords errant) throws TransientWriteException {
    for (List<Row> pending : batch.pending()) {
      fillIn(pending, batch.epoch(), errant);
      Suspects suspects = new Suspects();
      try {
        requests.write(pending, part -> writePart(part, batch, suspects, errant));
      } catch (TransientWriteException e) {
        pending.addAll(suspects.release());
        throw e;
      }
      suspects.judge((row, reason) -> report(row, reason, errant));
    }
  }

  private void writePart(List<Row> pending, RowBatch batch, Suspects suspects, ErrantRecords errant)
      throws TransientWriteException {
    while (!pending.isEmpty()) {
      boolean ofScan = batch.isOfScan(pending.get(0).plan().target().collection());
      Bisection.<Row>write(
          pending.subList(0, fitting(pending)),
          rows -> send(rows, batch.epoch(), ofScan, suspects),
          (row, reason) -> {
            if (reason instanceof UnprovenException) {
              suspects.add(row, reason);
            } else {
              report(row, reason, errant);
            }
          });
    }
  }

  private static void report(Row row, Exception reason, ErrantRecords errant) {
    synchronized (errant) { // from one thread at a time, as Connect promises no more
      row.records().forEach(record -> errant.report(record, reason));
    }
  }

  /** Takes from the collection what the records do not tell. */
  private void fillIn(List<Row> pending, int begun, ErrantRecords errant)
      throws TransientWriteException {
    if (pending.isEmpty() || pending.get(0).plan().kind() != RowPlan.Kind.UPDATE) {
      return;
    }
    try {
      for (Row row : StoredRows.fillIn(client(begun), pending)) {
        report(row, new DataException(PartialUpdate.NO_SUCH_ROW), errant);
      }
    } catch (MilvusException e) {
      throw told(e);
    }
  }

  /** How many of the rows, from the first on, go in one request. */
  private int fitting(List<Row> rows) {
    boolean deletes = rows.get(0).plan().kind() == RowPlan.Kind.DELETE;
    long bytes = 0;
    int count = 0;
    while (count < rows.size() && !(deletes && count == MAX_DELETES)) {
      bytes += rows.get(count).bytes();
      if (count > 0 && bytes > maxRequestBytes) {
        break;
      }
      count++;
    }
    return count;
  }

  private void send(List<Row> rows, int begun, boolean ofScan, Suspects suspects)
      throws TransientWriteException, RefusedException {
    RowPlan plan = rows.get(0).plan();
    try {
      MilvusClient noting = client(begun);
      rebuilds.sending(noting, rows, ofScan);
      deferred.sending(noting, rows, ofScan);
      ownership.require();
      MilvusClient server = client(begun); // after all that may have taken time
      if (plan.kind() == RowPlan.Kind.DELETE) {
        CollectionRequests.delete(server, plan.target(), rows);
      } else if (config.rows().insertMode() == InsertMode.UPSERT) {
        CollectionRequests.upsert(server, plan.target(), rows);
      } else {
        CollectionRequests.insert(server, plan.target(), rows);
      }
      suspects.taken();
      rebuilds.sent(rows);
    } catch (MilvusException e) {
      throw refused(e, rows, suspects);
    }
  }

  private RefusedException refused(MilvusException e, List<Row> rows, Suspects suspects)
      throws TransientWriteException {
    switch (e.kind()) {
      case UNREACHABLE, BUSY -> throw new TransientWriteException(described(e), e);
      case TOO_LARGE -> {
        if (rows.size() > 1) {
          maxRequestBytes = rows.stream().mapToLong(Row::bytes).sum() / 2;
          log.info("Requests are at most {} bytes from here on: {}", maxRequestBytes, described(e));
        }
        return new RefusedException(described(e), null);
      }
      case INVALID -> {
        return new RefusedException(
            rows.size() == 1 ? described(e) + rows.get(0).jsonHint() : described(e), null);
      }
      case REFUSED -> {
        suspects.refused();
        return new UnprovenException(described(e));
      }
      default -> throw new ConnectException(described(e));
    }
  }

  private String described(MilvusException e) {
    return "%s: %s".formatted(config.connection().uri(), e.getMessage());
  }

  private synchronized MilvusClient client() {
    if (client == null) {
      client = new MilvusClient(config.connection());
    }
    return client;
  }

  /**
   * The client for a batch; a request with one of before {@link #abort} fails.
   *
   * @throws TransientWriteException when the batch was given up, and may be another task's by now
   */
  private synchronized MilvusClient client(int begun) throws TransientWriteException {
    if (begun != epoch) {
      throw new TransientWriteException("the batch was given up", null);
    }
    return client();
  }

  /** The request under way is cancelled with its channel, and no other one follows. */
  @Override
  public synchronized void abort() {
    epoch++;
    disconnect();
  }

  private synchronized void disconnect() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  @Override
  public void close() {
    abort();
    preparation.close();
    requests.close();
  }
}
