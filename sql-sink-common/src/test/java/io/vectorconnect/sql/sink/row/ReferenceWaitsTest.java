package io.vectorconnect.sql.sink.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.sql.sink.table.TableId;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** How long partitions wait for rows of other topics. */
class ReferenceWaitsTest {
  private static final TableId TABLE = new TableId("", "children");
  private static final TopicPartition P0 = new TopicPartition("children", 0);
  private static final TopicPartition P1 = new TopicPartition("children", 1);

  private long now = 1;

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void eachPartitionWaitsForItself() {
    ReferenceWaits waits = new ReferenceWaits(Duration.ofSeconds(60), () -> now);
    waits.waiting(P0, 5, TABLE);
    pass(59);
    waits.waiting(P0, 5, TABLE);
    waits.waiting(P1, 5, TABLE);
    assertThat(waits.mayWait(P0)).isTrue();
    pass(1);
    assertThat(waits.mayWait(P0)).isFalse();
    assertThat(waits.mayWait(P1)).isTrue();
  }

  @Test
  void aLaterRecordHasItsOwnTime() {
    ReferenceWaits waits = new ReferenceWaits(Duration.ofSeconds(60), () -> now);
    waits.waiting(P0, 5, TABLE);
    pass(59);
    waits.waiting(P0, 6, TABLE);
    pass(59);
    assertThat(waits.mayWait(P0)).isTrue();
  }

  @Test
  void whoHasWaitedInVainWaitsNoLongerThanTheTimeSinceThen() {
    ReferenceWaits waits = new ReferenceWaits(Duration.ofSeconds(60), () -> now);
    waits.waiting(P0, 5, TABLE);
    pass(60);
    waits.refused(P0);
    waits.written(P0);
    assertThat(waits.mayWait(P0)).isFalse();
    pass(10);
    assertThat(waits.mayWait(P0)).isTrue();
    waits.waiting(P0, 9, TABLE);
    pass(10);
    assertThat(waits.mayWait(P0)).isFalse();
    waits.written(P0);
    pass(3600);
    waits.waiting(P0, 12, TABLE);
    pass(59);
    assertThat(waits.mayWait(P0)).isTrue();
    pass(1);
    assertThat(waits.mayWait(P0)).isFalse();
  }

  @Test
  void zeroIsNoWait() {
    assertThat(new ReferenceWaits(Duration.ZERO, () -> now).mayWait(P0)).isFalse();
  }
}
