package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.Change;
import io.vectorconnect.sql.sink.SqlWriter;
import io.vectorconnect.sql.sink.row.RowPlan;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.sink.SinkRecord;

/** Encodes rows as COPY BINARY tuples, and writes them by COPY. */
final class DataVecWriter extends SqlWriter<ColumnEncoder, Row, CopyBatch> {
  private final DataVecSinkConfig config;
  private final UnaryOperator<SinkRecord> keeper;
  private final BufferPool buffers;

  /**
   * A writer that has no connection yet.
   *
   * @param keeper what is kept of a record until it is written
   */
  DataVecWriter(DataVecSinkConfig config, UnaryOperator<SinkRecord> keeper) {
    super(config, new DataVecDialect(config));
    this.config = config;
    this.keeper = keeper;
    // One batch is filled while another is written.
    this.buffers = new BufferPool(2 * config.rows().writeSettings().maxBytes());
  }

  @Override
  protected CopyBatch emptyBatch() {
    return new CopyBatch(keyed(), buffers);
  }

  @Override
  protected Link<Row> connect() throws SQLException {
    Session session = Session.open(config);
    return new Link<>(session, new CopyLoader(session, config.rows().insertMode()));
  }

  @Override
  protected void encode(RowPlan<ColumnEncoder> plan, Change change, CopyBatch batch) {
    batch.add(Row.encode(plan, change, batch.buffer()).keeping(keeper));
  }
}
