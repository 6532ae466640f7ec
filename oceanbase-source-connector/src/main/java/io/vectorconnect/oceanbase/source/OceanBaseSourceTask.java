package io.vectorconnect.oceanbase.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.source.DeliveryWatch;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.TaskShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Serves its ranges in turn. */
public final class OceanBaseSourceTask extends SourceTask {
  /** The SCN at which tables are scanned that have not been begun. */
  static final String SCN = "task.scn";

  private Session session;
  private ReaderLoop loop;
  private DeliveryWatch delivery;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  /** Connects to nothing. The first poll does, and may try again. */
  @Override
  public void start(Map<String, String> properties) {
    OceanBaseSourceConfig config = new OceanBaseSourceConfig(properties);
    session = new Session(config);
    TaskShare share = new TaskShare(properties);
    long proposed = Long.parseLong(properties.get(SCN));
    delivery = DeliveryWatch.of(properties, context);
    loop =
        new ReaderLoop(
            () -> readers(config, share, proposed), config.source(), OceanBaseSourceTask::failure);
  }

  private List<RangeReader> readers(
      OceanBaseSourceConfig config, TaskShare task, long proposedScn) {
    List<RangeReader> readers = new ArrayList<>();
    for (TaskShare.Share share : task.shares(config::unit, context.offsetStorageReader())) {
      String name = share.name();
      for (KeyRange range : share.ranges()) {
        readers.add(
            new RangeReader(
                session,
                () -> open(config, name),
                name,
                share.offsets(),
                range,
                config,
                snapshot(share.offsets(), proposedScn)));
      }
    }
    return readers;
  }

  /** All ranges of a table are scanned at the SCN of the first one. */
  private static long snapshot(RangeOffsets offsets, long proposed) {
    return offsets.positions().stream()
        .filter(position -> position.containsKey(RangeReader.SNAPSHOT))
        .mapToLong(position -> Long.parseLong(position.get(RangeReader.SNAPSHOT)))
        .max()
        .orElse(proposed);
  }

  private TableReader open(OceanBaseSourceConfig config, String name) {
    Table table = Table.describe(session, config.database(), name);
    RecordMapper mapper = new RecordMapper(table, config.source().topic(name), config.source());
    return new TableReader(
        session, table, mapper, config.source().pageSize(), config.stampColumn(table));
  }

  static ReaderLoop.Failure failure(RuntimeException e) {
    if (!(e instanceof OceanBaseException failure)) {
      return ReaderLoop.Failure.OTHER;
    }
    return failure.isTransient() ? ReaderLoop.Failure.TRANSIENT : ReaderLoop.Failure.PERMANENT;
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    return delivery.poll(loop::poll);
  }

  @Override
  public void commitRecord(SourceRecord record, RecordMetadata metadata) {
    delivery.acknowledged();
  }

  /** May be called while {@link #poll} is at work: ends its wait; the poll closes nothing. */
  @Override
  public void stop() {
    if (loop != null) {
      delivery.close(); // first: it clears an interrupt
      loop.stop();
    }
    if (session != null) {
      session.end();
    }
  }
}
