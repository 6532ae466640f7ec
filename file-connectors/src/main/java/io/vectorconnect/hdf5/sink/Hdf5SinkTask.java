package io.vectorconnect.hdf5.sink;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.ErrantRecords;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the rows of each partition, and writes them as a file when there are enough.
 *
 * <p>jHDF writes whole arrays and appends nothing, so a file's rows wait in memory until it is
 * rolled: the roll limits bound the heap. Nothing is committed to Kafka before its file stands
 * under its final name, and a partition continues behind the last offset in the names of its files,
 * whatever Kafka has stored. So a restart loses no row and writes none twice. Before that, the last
 * record of the files is compared with the topic's.
 */
public final class Hdf5SinkTask extends SinkTask {
  private static final Logger log = LoggerFactory.getLogger(Hdf5SinkTask.class);

  private final Map<TopicPartition, RowBuffer> buffers = new HashMap<>();

  /** Where each partition goes on behind its finished files; absent before the first one. */
  private final Map<TopicPartition, Long> finished = new HashMap<>();

  /** Partitions whose topic has not been compared with their files yet. */
  private final Map<TopicPartition, Continuation> unproven = new HashMap<>();

  /**
   * Partitions whose consumer was set to another offset, so that what was delivered comes again.
   */
  private final Set<TopicPartition> leftOut = new HashSet<>();

  /** Partitions whose consumer was set forward a second time. */
  private final Set<TopicPartition> expected = new HashSet<>();

  private Hdf5SinkConfig config;
  private RolledFiles files;
  private ErrantRecords errant;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    config = new Hdf5SinkConfig(properties);
    files = new RolledFiles(config.folder());
    errant = new ErrantRecords(context, config.allRefused());
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    files.deleteAbandoned();
    partitions.forEach(this::continueBehindFiles);
  }

  private void continueBehindFiles(TopicPartition partition) {
    Optional<RolledFiles.Last> last = files.last(partition);
    if (last.isPresent()) {
      long offset = last.get().last();
      log.info("{} continues behind offset {}, the last one in its files", partition, offset);
      finished.put(partition, offset + 1);
      expected.remove(partition);
      unproven.put(
          partition,
          new Continuation(last.get().file(), offset, LastRecord.readFrom(last.get().file())));
      context.offset(partition, offset);
    }
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    leftOut.clear();
    leftOut.addAll(setForward(records));
    for (SinkRecord record : records) {
      TopicPartition partition = partition(record);
      if (!leftOut.contains(partition)) {
        Continuation continuation = unproven.get(partition);
        boolean isWritten = continuation != null && continuation.check(record, config.unverified());
        unproven.remove(partition);
        if (!isWritten) {
          add(partition, record);
        }
      }
    }
    for (TopicPartition partition : Map.copyOf(buffers).keySet()) {
      if (buffers.get(partition).age().compareTo(config.interval()) >= 0) {
        roll(partition);
      }
    }
    context.timeout(config.interval().toMillis());
  }

  private static TopicPartition partition(SinkRecord record) {
    return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
  }

  /**
   * Partitions whose records stand in files already: the consumer is set behind them once more. One
   * that does not follow finds no such offset, so it reads another topic than the files are of.
   */
  private Set<TopicPartition> setForward(Collection<SinkRecord> records) {
    Set<TopicPartition> behind = new HashSet<>();
    Set<TopicPartition> delivered = new HashSet<>();
    for (SinkRecord record : records) {
      TopicPartition partition = partition(record);
      delivered.add(partition);
      long next = next(partition);
      if (record.originalKafkaOffset() >= next || !behind.add(partition)) {
        continue;
      }
      if (!expected.add(partition)) {
        throw new ConnectException(
            "%s: the files end at offset %d, but the topic does not have that offset. It may have been deleted and created again: use another %s, or move the files of the old topic away"
                .formatted(ErrantRecords.coordinates(record), next, Hdf5SinkConfig.FOLDER));
      }
      context.offset(partition, next);
    }
    delivered.removeAll(behind);
    expected.removeAll(delivered);
    return behind;
  }

  /** The first offset of a partition that is neither in a file nor in memory. */
  private long next(TopicPartition partition) {
    Continuation continuation = unproven.get(partition);
    if (continuation != null) {
      return continuation.last(); // which is compared, not written
    }
    RowBuffer buffer = buffers.get(partition);
    return buffer != null ? buffer.last() + 1 : finished.getOrDefault(partition, 0L);
  }

  private void add(TopicPartition partition, SinkRecord record) {
    try {
      Change change = Change.of(record);
      switch (change.kind()) {
        case UPSERT -> {
          addRow(partition, change);
          errant.accepted(record);
        }
        case DELETE, TRUNCATE -> {
          if (config.deletes() == Hdf5SinkConfig.Deletes.REFUSE) {
            throw new DataException(
                "the record deletes, which files of rows cannot tell; deletes=skip passes it over");
          }
        }
        case NOTHING -> {}
      }
    } catch (DataException e) {
      errant.report(record, e);
    }
    RowBuffer buffer = buffers.get(partition);
    if (buffer != null) {
      buffer.reach(record);
      if (buffer.rows() >= config.maxRows() || buffer.bytes() >= config.maxBytes()) {
        roll(partition);
      }
    }
  }

  private void addRow(TopicPartition partition, Change change) {
    RowBuffer buffer = buffers.get(partition);
    if (buffer != null && !buffer.fits(change)) {
      roll(partition); // another schema, another file
      if (leftOut.contains(partition)) {
        return; // another task has written the file, so this record comes again
      }
      buffer = null;
    }
    if (buffer == null) {
      buffer = new RowBuffer(change, config);
      buffer.add(change);
      buffers.put(partition, buffer); // only with a row in it
      return;
    }
    buffer.add(change);
  }

  private void roll(TopicPartition partition) {
    RowBuffer buffer = buffers.get(partition);
    boolean written = files.write(partition, buffer);
    buffers.remove(partition); // only now: where writing fails, preCommit must know of the rows
    if (written) {
      finished.put(partition, buffer.last() + 1);
    } else {
      continueBehindFiles(partition);
      leftOut.add(partition);
    }
  }

  /** Only what stands in finished files, whatever was delivered. */
  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> currentOffsets) {
    errant.await();
    Map<TopicPartition, OffsetAndMetadata> safe = new HashMap<>();
    currentOffsets.forEach(
        (partition, offset) -> {
          Long next = finished.get(partition);
          if (expected.contains(partition) || unproven.containsKey(partition)) {
            return; // the consumer has not followed yet
          }
          if (!buffers.containsKey(partition)) {
            safe.put(partition, offset); // nothing waits: all was written, reported or skipped
          } else if (next != null) {
            safe.put(partition, new OffsetAndMetadata(Math.min(next, offset.offset())));
          }
        });
    return safe;
  }

  /** What is not in a file is read again by the partitions' next owner. */
  @Override
  public void close(Collection<TopicPartition> partitions) {
    buffers.keySet().removeAll(partitions);
    finished.keySet().removeAll(partitions);
    expected.removeAll(partitions);
    unproven.keySet().removeAll(partitions);
  }

  @Override
  public void stop() {
    buffers.clear();
  }
}
