package io.vectorconnect.it;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Shows, second by second, how far a target is behind: the log that the source's slot holds back,
 * and the records that the sink has not committed.
 */
final class ReplicationLag implements AutoCloseable {
  private final Sql source;
  private final String slot;
  private final String sink;
  private final AtomicLong greatest = new AtomicLong();
  private volatile boolean ended;
  private final CompletableFuture<Void> running;

  ReplicationLag(Sql source, String slot, String sink) {
    this.source = source;
    this.slot = slot;
    this.sink = sink;
    this.running = CompletableFuture.runAsync(this::run); // when all of the above is there
  }

  private void run() {
    try (Admin admin = Admin.create(bootstrap())) {
      for (int second = 0; !ended; second++) {
        long records = records(admin);
        greatest.accumulateAndGet(records, Math::max);
        System.out.printf("lag after %d s: slot %s, sink %d records%n", second, bytes(), records);
        Thread.sleep(1_000);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> bootstrap() {
    return Map.of("bootstrap.servers", Stack.get().kafka().bootstrapServers());
  }

  private String bytes() throws Exception {
    return source
        .rows(
            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) || ' bytes'"
                + " FROM pg_replication_slots WHERE slot_name = '"
                + slot
                + "'")
        .stream()
        .findFirst()
        .orElse("not there yet");
  }

  /** What Connect's own consumer group has not committed of its partitions. */
  private long records(Admin admin) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets("connect-" + sink).partitionsToOffsetAndMetadata().get();
    long behind = 0;
    for (var end :
        admin
            .listOffsets(
                committed.keySet().stream()
                    .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
            .all()
            .get()
            .entrySet()) {
      behind += end.getValue().offset() - committed.get(end.getKey()).offset();
    }
    return behind;
  }

  /** The records that the sink has not committed, now. */
  long records() throws Exception {
    try (Admin admin = Admin.create(bootstrap())) {
      return records(admin);
    }
  }

  /** The greatest number of records that was seen so far. */
  long greatest() {
    return greatest.get();
  }

  @Override
  public void close() {
    ended = true;
    running.join();
  }
}
