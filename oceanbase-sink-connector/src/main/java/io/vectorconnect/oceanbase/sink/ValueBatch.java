package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sql.sink.row.RowBatch;

/** Rows as parameters of statements. */
final class ValueBatch extends RowBatch<ValueRow> {
  ValueBatch(boolean keyed) {
    super(keyed);
  }

  @Override
  protected ValueRow updated(ValueRow earlier, ValueRow update) {
    return earlier.updatedBy(update);
  }
}
