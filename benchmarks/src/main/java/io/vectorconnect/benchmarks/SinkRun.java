package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.LocalStack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;

/** A sink connector that reads its topic once from the beginning, with a clock. */
final class SinkRun {
  /**
   * As the sinks' pages recommend: Kafka's defaults hand over 1 MiB at a time through a socket
   * buffer of 64 KiB, so that the task waits for the broker after every 200 vectors.
   */
  static final Map<String, String> CONSUMER =
      Map.of(
          "consumer.override.max.partition.fetch.bytes", "4194304",
          "consumer.override.receive.buffer.bytes", "-1");

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration OFTEN = Duration.ofMillis(20);

  /** A question costs the target something: before the end is near it is asked seldom. */
  private static final Duration SELDOM = Duration.ofMillis(100);

  /** Whether a row has arrived in the target. */
  @FunctionalInterface
  interface Arrival {
    boolean of(long key) throws Exception;
  }

  /** The connector's state is asked for seldom: it would take the machine's time from the sink. */
  private static final Duration STATE_EVERY = Duration.ofSeconds(2);

  private final ConnectRest connect;
  private final String bootstrapServers;
  private final ProcessHandle worker;

  SinkRun(LocalStack stack) {
    this.connect = new ConnectRest(stack.connect().url());
    this.bootstrapServers = stack.kafka().bootstrapServers();
    this.worker = ProcessHandle.of(stack.connect().pid()).orElseThrow();
  }

  /**
   * Creates the connector, waits until all rows have arrived, and deletes it.
   *
   * <p>The clock starts when its consumer has been given the partition: before it has asked for the
   * first record, after the connector was made and the group has settled, which takes as long for
   * one row as for a billion. It ends when the last row is to be seen: the topic has one partition,
   * so the row that comes last is also the last to be written.
   *
   * @param name new for each run: its consumer group begins at the first record
   * @param rows their keys count from 0
   */
  Duration time(String name, Map<String, String> config, int rows, Arrival arrival)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      connect.put(name, config);
      await(name, OFTEN, () -> isAssigned(admin, "connect-" + name));
      Duration used = workerTime();
      long begin = System.nanoTime();
      await(name, SELDOM, () -> arrival.of(rows - 1L - rows / 5));
      await(name, OFTEN, () -> arrival.of(rows - 1L));
      Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
      System.out.printf(
          "  worker: %d ms of processor time in %d ms%n",
          workerTime().minus(used).toMillis(), elapsed.toMillis());
      return elapsed;
    } finally {
      connect.delete(name);
    }
  }

  private Duration workerTime() {
    return worker.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static boolean isAssigned(Admin admin, String group) throws Exception {
    ConsumerGroupDescription description;
    try {
      description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.GroupIdNotFoundException) {
        return false;
      }
      throw e;
    }
    return description.members().stream()
        .anyMatch(member -> !member.assignment().topicPartitions().isEmpty());
  }

  private void await(String name, Duration every, Callable<Boolean> condition) throws Exception {
    long begin = System.nanoTime();
    long nextState = begin + STATE_EVERY.toNanos();
    while (!condition.call()) {
      long now = System.nanoTime();
      if (now > nextState) {
        List<String> failures = connect.failures(name);
        if (!failures.isEmpty()) {
          throw new IllegalStateException("the connector failed: " + failures.get(0));
        }
        nextState = now + STATE_EVERY.toNanos();
      }
      if (now - begin > LIMIT.toNanos()) {
        throw new IllegalStateException("not done within " + LIMIT);
      }
      Thread.sleep(every.toMillis());
    }
  }
}
