package io.vectorconnect.sql.sink.row;

import io.vectorconnect.sql.sink.table.TableId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long each partition waits at a row that a foreign key refuses. The row that it refers to, or
 * the delete of the rows that refer to it, may still come from another topic.
 *
 * <p>A partition that has waited in vain waits no longer than the time since then, so rows without
 * a parent cost a load half of its time at most.
 */
public final class ReferenceWaits {
  private static final Logger log = LoggerFactory.getLogger(ReferenceWaits.class);

  /** A shorter wait is not worth reading the records again. */
  private static final long SHORTEST = Duration.ofSeconds(1).toNanos();

  private record Wait(long offset, long since, long patience) {}

  private final long patience;
  private final LongSupplier clock;
  private final Map<TopicPartition, Wait> waits = new HashMap<>();

  /** When a row was refused that had been waited for. */
  private final Map<TopicPartition, Long> vain = new HashMap<>();

  public ReferenceWaits(Duration patience) {
    this(patience, System::nanoTime);
  }

  public ReferenceWaits(Duration patience, LongSupplier clock) {
    this.patience = patience.toNanos();
    this.clock = clock;
  }

  /** Whether a partition's row waits instead of being refused. */
  public boolean mayWait(TopicPartition partition) {
    Wait wait = waits.get(partition);
    return wait == null
        ? patience(partition) > 0
        : clock.getAsLong() - wait.since() < wait.patience();
  }

  private long patience(TopicPartition partition) {
    Long since = vain.get(partition);
    long nanos = since == null ? patience : Math.min(patience, clock.getAsLong() - since);
    return since != null && nanos < SHORTEST ? 0 : nanos;
  }

  /** A partition waits at a record. The wait begins again where the record is a later one. */
  public void waiting(TopicPartition partition, long offset, TableId table) {
    Wait wait = waits.get(partition);
    if (wait != null && wait.offset() == offset) {
      return;
    }
    long nanos = patience(partition);
    waits.put(partition, new Wait(offset, clock.getAsLong(), nanos));
    log.info(
        "The row of topic {}, partition {}, offset {} conflicts with a foreign key of table {}: it waits up to {} ms for records of other topics, and the records behind it wait too",
        partition.topic(),
        partition.partition(),
        offset,
        table,
        Duration.ofNanos(nanos).toMillis());
  }

  /** A batch with records of a partition was written, and none of them waits. */
  public void written(TopicPartition partition) {
    waits.remove(partition);
  }

  /** A row that may not wait any longer was refused. */
  public void refused(TopicPartition partition) {
    vain.put(partition, clock.getAsLong());
  }
}
