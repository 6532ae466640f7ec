package io.vectorconnect.milvus.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.milvus.sink.RowPlan.Cell;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class RowBatchTest {
  private static final Target TARGET = Rows.target(false, Rows.KEY);
  private static final Cell KEY =
      new Cell(
          TARGET.columns().get(0),
          new RecordField("id", Schema.INT64_SCHEMA, change -> change.record().key()),
          value -> value);
  private static final RowPlan WRITE = RowPlan.row(TARGET, List.of(KEY), 0, null, Set.of());
  private static final RowPlan DELETE = RowPlan.delete(TARGET, KEY);

  private long offset;

  private Row row(RowPlan plan, long key) {
    return plan.encode(Change.of(new SinkRecord("t", 0, null, key, null, null, offset++)));
  }

  @Test
  void theLastChangeOfAKeyWins() {
    RowBatch batch = new RowBatch(true, 0);
    for (RowPlan plan : List.of(WRITE, DELETE, WRITE)) {
      batch.add(row(plan, 1));
    }
    batch.add(row(WRITE, 2));
    batch.add(row(DELETE, 2));
    batch.add(row(DELETE, 3));
    assertThat(batch.rows()).isEqualTo(3);
    assertThat(batch.pending())
        .extracting(
            group -> group.get(0).plan().kind() + " " + group.stream().map(Row::key).toList())
        .containsExactlyInAnyOrder("ROW [1]", "DELETE [2, 3]");
    assertThat(batch.pending().get(0).get(0).records())
        .extracting(SinkRecord::kafkaOffset)
        .containsExactly(2L);
  }

  @Test
  void withoutKeysEveryRowStays() {
    RowBatch batch = new RowBatch(false, 0);
    batch.add(row(WRITE, 1));
    batch.add(row(WRITE, 1));
    assertThat(batch.rows()).isEqualTo(2);
    assertThat(batch.pending()).singleElement().satisfies(group -> assertThat(group).hasSize(2));
  }

  @Test
  void whatIsDoneDoesNotComeBack() {
    RowBatch batch = new RowBatch(true, 0);
    batch.add(row(WRITE, 1));
    batch.pending().get(0).clear();
    assertThat(batch.pending().get(0)).isEmpty();
  }
}
