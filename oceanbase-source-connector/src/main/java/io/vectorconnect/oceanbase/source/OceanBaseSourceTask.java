package io.vectorconnect.oceanbase.source;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.source.RangeOffsets;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.TaskShare;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Serves its ranges in turn. */
public final class OceanBaseSourceTask extends SourceTask {
  /** The SCN at which tables are scanned that have not been begun. */
  static final String SCN = "task.scn";

  private Session session;
  private ReaderLoop loop;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    OceanBaseSourceConfig config = new OceanBaseSourceConfig(properties);
    session = new Session(config);
    long proposed = Long.parseLong(properties.get(SCN));
    List<RangeReader> readers =
        new TaskShare(properties)
            .readers(
                name -> OceanBaseSourceConnector.sourcePartition(config.database(), name),
                context.offsetStorageReader(),
                (name, offsets, range) ->
                    new RangeReader(
                        session,
                        () -> open(config, name),
                        name,
                        offsets,
                        range,
                        config,
                        snapshot(offsets, proposed)));
    loop = new ReaderLoop(readers, config.source(), OceanBaseSourceTask::failure);
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
    RecordMapper mapper =
        new RecordMapper(table, config.source().topic(name), config.source().vectorFormat());
    return new TableReader(
        session, table, mapper, config.source().pageSize(), config.stampColumn(table));
  }

  private static ReaderLoop.Failure failure(RuntimeException e) {
    if (!(e instanceof OceanBaseException failure)) {
      return ReaderLoop.Failure.OTHER;
    }
    return failure.isTransient() ? ReaderLoop.Failure.TRANSIENT : ReaderLoop.Failure.PERMANENT;
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    return loop.poll();
  }

  /** May be called while {@link #poll} is at work: ends its wait; the poll closes nothing. */
  @Override
  public void stop() {
    if (loop != null) {
      loop.stop();
    }
    if (session != null) {
      session.close();
    }
  }
}
