package io.vectorconnect.sink;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * Partitions whose next record cannot be written yet. Their consumer pauses while the other
 * partitions go on, and then delivers the record again. Nothing is kept in memory meanwhile.
 */
final class HeldPartitions {
  private record Hold(long offset, long pauseMillis, long until, boolean paused) {
    Hold resumed() {
      return new Hold(offset, pauseMillis, until, false);
    }
  }

  private final WriteSettings settings;
  private final Map<TopicPartition, Hold> holds = new HashMap<>();

  HeldPartitions(WriteSettings settings) {
    this.settings = settings;
  }

  /** A partition that waits at the same record again waits longer each time. */
  void hold(Map<TopicPartition, Long> offsets, SinkTaskContext context) {
    offsets.forEach(
        (partition, offset) -> {
          Hold last = holds.get(partition);
          long pause =
              last == null || last.offset() != offset
                  ? settings.backoff().toMillis()
                  : Math.min(2 * last.pauseMillis(), settings.maxBackoff().toMillis());
          long until = System.nanoTime() + Duration.ofMillis(pause).toNanos();
          holds.put(partition, new Hold(offset, pause, until, true));
          if (context.assignment().contains(partition)) {
            context.pause(partition);
          }
        });
  }

  /** A batch with records of these partitions was written. */
  void written(Map<TopicPartition, Long> next) {
    holds.entrySet().removeIf(hold -> !hold.getValue().paused() && next.containsKey(hold.getKey()));
  }

  /**
   * Lets the consumer go on with the partitions whose pause is over. A partition that left this
   * task and came back is still paused, because Connect pauses it again. So only its time ends a
   * pause, and none ends while a rebalance leaves the task without partitions.
   */
  void resume(SinkTaskContext context) {
    Iterator<Map.Entry<TopicPartition, Hold>> each = holds.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<TopicPartition, Hold> entry = each.next();
      Hold hold = entry.getValue();
      if (!hold.paused() || System.nanoTime() < hold.until()) {
        continue;
      }
      if (context.assignment().contains(entry.getKey())) {
        context.resume(entry.getKey());
        entry.setValue(hold.resumed());
      } else if (!context.assignment().isEmpty()) {
        each.remove(); // it went to another task
      }
    }
  }

  /** Whether a consumer is paused, and the task has to look whether it can go on. */
  boolean isAnyPaused() {
    return holds.values().stream().anyMatch(Hold::paused);
  }
}
