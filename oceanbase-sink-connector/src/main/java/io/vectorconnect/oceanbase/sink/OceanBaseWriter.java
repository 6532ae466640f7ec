package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sink.Change;
import io.vectorconnect.sql.sink.SqlWriter;
import io.vectorconnect.sql.sink.row.RowPlan;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.sink.SinkRecord;

/** Encodes rows as parameters, and writes them by multi-row statements. */
final class OceanBaseWriter extends SqlWriter<ValueEncoder, ValueRow, ValueBatch> {
  private final OceanBaseSinkConfig config;
  private final UnaryOperator<SinkRecord> keeper;

  /**
   * A writer that has no connection yet.
   *
   * @param keeper what is kept of a record until it is written
   */
  OceanBaseWriter(OceanBaseSinkConfig config, UnaryOperator<SinkRecord> keeper) {
    super(config, new OceanBaseDialect(config));
    this.config = config;
    this.keeper = keeper;
  }

  @Override
  protected ValueBatch emptyBatch() {
    return new ValueBatch(keyed());
  }

  @Override
  protected Link<ValueRow> connect() throws SQLException {
    OceanBaseSession session = OceanBaseSession.open(config);
    return new Link<>(session, new StatementLoader(session, config.rows().insertMode()));
  }

  @Override
  protected void encode(RowPlan<ValueEncoder> plan, Change change, ValueBatch batch) {
    batch.add(ValueRow.encode(plan, change, keeper));
  }
}
