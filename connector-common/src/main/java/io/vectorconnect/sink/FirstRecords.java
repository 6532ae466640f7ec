package io.vectorconnect.sink;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Notices a topic of which the target takes no record at all: a wrong dimension, a converter that
 * does not fit, a table of something else. Reporting such records one after the other would move
 * the whole topic into the dead-letter queue.
 *
 * <p>Counts from the start of the task, for each topic, until the first record of it is written.
 */
final class FirstRecords {
  /** So many refused records, and none that was written, are no accident. */
  static final int ENOUGH = 100;

  private record Refused(long count, String first) {}

  private final AllRefused policy;
  private final Map<String, Refused> refused = new HashMap<>();
  private final Set<String> accepted = new HashSet<>();

  FirstRecords(AllRefused policy) {
    this.policy = policy;
  }

  /** Whether it does not matter any more how many records of a topic are refused. */
  synchronized boolean isSettled(String topic) {
    return policy == AllRefused.CONTINUE || accepted.contains(topic);
  }

  /** A record of a topic was written. */
  synchronized void accepted(String topic) {
    accepted.add(topic);
    refused.remove(topic);
  }

  /**
   * Records of a topic were refused.
   *
   * @param first what is wrong with the first of them
   */
  synchronized void refused(String topic, long count, String first) {
    if (!isSettled(topic)) {
      refused.merge(
          topic,
          new Refused(count, first),
          (before, now) -> new Refused(before.count() + now.count(), before.first()));
    }
  }

  /**
   * Checks a topic of which no record is about to be written.
   *
   * @throws ConnectException when enough of its records were refused, and none was written
   */
  synchronized void requireAccepted(String topic) {
    Refused its = refused.get(topic);
    if (its != null && its.count() >= ENOUGH) {
      throw new ConnectException(
          "the target took none of the first %d records of topic %s. The first problem: %s. Correct the target or the configuration and restart the task; nothing is lost. To have all such records reported to the dead-letter queue, set %s=continue"
              .formatted(its.count(), topic, its.first(), AllRefused.KEY));
    }
  }
}
