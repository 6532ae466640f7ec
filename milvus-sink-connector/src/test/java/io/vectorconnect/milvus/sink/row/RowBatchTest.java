package io.vectorconnect.milvus.sink.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.milvus.sink.row.RowPlan.Cell;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
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
    return plan.encode(
        Change.of(new SinkRecord("t", 0, null, key, null, null, offset++)),
        UnaryOperator.identity());
  }

  @Test
  void theLastChangeOfAKeyWins() {
    RowBatch batch = new RowBatch(true, 0, new VectorPool(1_000));
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
    RowBatch batch = new RowBatch(false, 0, new VectorPool(1_000));
    batch.add(row(WRITE, 1));
    batch.add(row(WRITE, 1));
    assertThat(batch.rows()).isEqualTo(2);
    assertThat(batch.pending()).singleElement().satisfies(group -> assertThat(group).hasSize(2));
  }

  @Test
  void whatIsDoneDoesNotComeBack() {
    RowBatch batch = new RowBatch(true, 0, new VectorPool(1_000));
    batch.add(row(WRITE, 1));
    batch.pending().get(0).clear();
    assertThat(batch.pending().get(0)).isEmpty();
  }

  @Test
  void vectorsAreUsedAgainWhenAllIsWritten() {
    VectorPool pool = new VectorPool(8);
    RowBatch first = new RowBatch(true, 0, pool);
    byte[] vector = {1, 2, 3, 4};
    byte[] mine = first.copy(vector);
    assertThat(mine).isEqualTo(vector).isNotSameAs(vector);
    assertThat(new RowBatch(true, 0, pool).copy(vector)).isNotSameAs(mine);
    first.release();
    first.release(); // once more changes nothing
    RowBatch second = new RowBatch(true, 0, pool);
    assertThat(second.copy(new byte[] {5, 6})).containsExactly(5, 6);
    assertThat(second.copy(new byte[] {5, 6, 7, 8})).isSameAs(mine).containsExactly(5, 6, 7, 8);
    assertThat(second.copy(vector)).isNotSameAs(mine);
  }

  @Test
  void vectorsOfABrokenOffRequestAreNotUsedAgain() {
    VectorPool pool = new VectorPool(8);
    RowBatch batch = new RowBatch(true, 0, pool);
    byte[] mine = batch.copy(new byte[4]);
    batch.keepVectors();
    batch.release();
    assertThat(new RowBatch(true, 0, pool).copy(new byte[4])).isNotSameAs(mine);
  }

  @Test
  void thePoolKeepsNoMoreThanItMay() {
    VectorPool pool = new VectorPool(8);
    RowBatch batch = new RowBatch(true, 0, pool);
    List<byte[]> three =
        List.of(batch.copy(new byte[4]), batch.copy(new byte[4]), batch.copy(new byte[4]));
    batch.release();
    RowBatch next = new RowBatch(true, 0, pool);
    assertThat(List.of(next.copy(new byte[4]), next.copy(new byte[4]), next.copy(new byte[4])))
        .filteredOn(array -> three.stream().anyMatch(known -> known == array))
        .hasSize(2);
  }
}
