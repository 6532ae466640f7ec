package io.vectorconnect.source.reconcile;

import io.vectorconnect.config.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.connect.errors.ConnectException;

/** Makes and checks the topic of {@link PublishedRows}. */
public final class PublishedTopic {
  private static final String CLEANUP = "cleanup.policy";
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** For a person who waits for the answer of a validation. */
  private static final String VALIDATION_MS = "10000";

  private PublishedTopic() {}

  /**
   * What is wrong with the brokers or the topic, as far as it shows before anything is published;
   * makes nothing.
   */
  public static Optional<Problem> problem(ReconcileKeys keys, String connector) {
    String topic = keys.topic(connector);
    Map<String, Object> client = new HashMap<>(keys.client());
    client.putIfAbsent("request.timeout.ms", VALIDATION_MS);
    client.putIfAbsent("default.api.timeout.ms", VALIDATION_MS);
    try (Admin admin = Admin.create(client)) {
      if (get(admin.listTopics().names(), topic).contains(topic)) {
        requireCompacted(admin, topic);
      }
      return Optional.empty();
    } catch (ConnectException e) {
      String key = e.getCause() == null ? ReconcileKeys.TOPIC : ReconcileKeys.SERVERS;
      return Optional.of(new Problem(key, e.getMessage()));
    } catch (KafkaException e) { // the client cannot be made
      return Optional.of(new Problem(ReconcileKeys.SERVERS, failed(topic, e).getMessage()));
    }
  }

  /**
   * Makes sure that the topic is there, and keeps every key.
   *
   * @param isBegun whether something was published before, so that it must be there
   * @throws ConnectException when it is not, or forgets by time
   */
  public static void ensure(ReconcileKeys keys, String connector, boolean isBegun) {
    String topic = keys.topic(connector);
    try (Admin admin = Admin.create(keys.client())) {
      Set<String> names = get(admin.listTopics().names(), topic);
      if (!names.contains(topic)) {
        if (isBegun) {
          throw missing(topic);
        }
        create(admin, topic);
      }
      requireCompacted(admin, topic);
      if (isBegun && isEmpty(admin, topic)) { // somebody made it anew
        throw missing(topic);
      }
    } catch (ConnectException e) {
      throw e;
    } catch (KafkaException e) { // the client cannot be made
      throw failed(topic, e);
    }
  }

  private static ConnectException missing(String topic) {
    return new ConnectException(
        "there is nothing in topic %s, which says what was published: it was deleted, or the connector had another poll.strategy or reconcile.topic; reset the connector's offsets and empty the target to scan again"
            .formatted(topic));
  }

  /** Whether nothing was ever written to it. */
  private static boolean isEmpty(Admin admin, String topic) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    get(admin.describeTopics(List.of(topic)).allTopicNames(), topic)
        .get(topic)
        .partitions()
        .forEach(
            partition ->
                ends.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
    return get(admin.listOffsets(ends).all(), topic).values().stream()
        .allMatch(end -> end.offset() == 0);
  }

  private static void create(Admin admin, String topic) {
    NewTopic made =
        new NewTopic(topic, Optional.of(1), Optional.empty()).configs(Map.of(CLEANUP, "compact"));
    try {
      admin.createTopics(List.of(made)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failed(topic, e.getCause());
      }
    } catch (InterruptedException e) {
      throw interrupted(topic, e);
    }
  }

  private static void requireCompacted(Admin admin, String topic) {
    String policy = config(admin, topic).get(CLEANUP).value();
    if (!policy.equals("compact")) {
      throw new ConnectException(
          "topic %s has %s=%s, and must be compact, for it may not forget a row"
              .formatted(topic, CLEANUP, policy));
    }
  }

  /** Brokers hear of a topic that was just created one after another. */
  private static Config config(Admin admin, String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    long end = System.nanoTime() + KNOWN_WITHIN.toNanos();
    while (true) {
      try {
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > end) {
          throw failed(topic, e.getCause());
        }
        pause(topic);
      } catch (InterruptedException e) {
        throw interrupted(topic, e);
      }
    }
  }

  private static void pause(String topic) {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(topic, e);
    }
  }

  private static <T> T get(KafkaFuture<T> future, String topic) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failed(topic, e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(topic, e);
    }
  }

  private static ConnectException interrupted(String topic, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ConnectException("interrupted while looking at topic " + topic, e);
  }

  private static ConnectException failed(String topic, Throwable e) {
    return new ConnectException(
        "cannot look at topic %s, which says what was published: %s".formatted(topic, e), e);
  }
}
