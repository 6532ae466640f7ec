package io.vectorconnect.milvus.source.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.source.RecordReader;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class StoredStartTest {
  private static SourceRecord heartbeat(String range) {
    return new SourceRecord(
        Map.of("range", range), Map.of("log.s", "a/1/0"), "h", null, null, null);
  }

  @Test
  void aScanWaitsUntilEveryStartIsStoredForSure() {
    List<SourceRecord> records = List.of(heartbeat("0"), heartbeat("1"));
    StoredStart start = new StoredStart(() -> records);
    RecordReader scan =
        start.before(
            new RecordReader() {
              @Override
              public boolean isDone() {
                return false;
              }

              @Override
              public long idleNanos() {
                return 0;
              }

              @Override
              public List<SourceRecord> next() {
                return List.of();
              }
            });
    start.flushed(); // of something else
    assertThat(start.next()).isEqualTo(records);
    assertThat(start.idleNanos()).isPositive();
    start.flushed();
    start.acknowledged(records.get(0));
    start.flushed();
    start.flushed();
    assertThat(start.isDone()).isFalse();
    start.acknowledged(heartbeat("1"));
    start.flushed(); // this flush may have begun before the record was acknowledged
    assertThat(start.isDone()).isFalse();
    assertThat(scan.idleNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(start.next()).as("a worker may flush only after records").isEqualTo(records);
    start.flushed();
    assertThat(start.isDone()).isTrue();
    assertThat(scan.idleNanos()).isZero();
  }
}
