package io.vectorconnect.source;

import io.vectorconnect.config.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks the names of the topics that a source publishes to. */
public final class TopicNames {
  /** What Kafka takes: at most 249 letters, digits, dots, underscores and hyphens of ASCII. */
  private static final Pattern ALLOWED = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  private TopicNames() {}

  /**
   * The first problem: a name that makes no topic, or two whose topics Kafka takes for one.
   *
   * @param noun what the names are of: a collection or a table
   */
  public static Optional<Problem> problem(SourceKeys keys, String noun, List<String> names) {
    return invalid(keys, noun, names).or(() -> collision(keys, noun, names));
  }

  /** Kafka refuses a topic whose name differs from another's only by dots and underscores. */
  private static Optional<Problem> collision(SourceKeys keys, String noun, List<String> names) {
    Map<String, String> taken = new HashMap<>();
    for (String name : names) {
      String other = taken.put(keys.topic(name).replace('.', '_'), name);
      if (other != null && !other.equals(name)) {
        return Optional.of(
            new Problem(
                SourceKeys.TOPIC_PREFIX,
                "%ss %s and %s would have the topics %s and %s, of which Kafka takes only one: it does not distinguish '.' and '_'; read one of them by another connector with another %s"
                    .formatted(
                        noun,
                        other,
                        name,
                        keys.topic(other),
                        keys.topic(name),
                        SourceKeys.TOPIC_PREFIX)));
      }
    }
    return Optional.empty();
  }

  private static Optional<Problem> invalid(SourceKeys keys, String noun, List<String> names) {
    return names.stream()
        .filter(name -> !ALLOWED.matcher(keys.topic(name)).matches())
        .findFirst()
        .map(
            name ->
                new Problem(
                    SourceKeys.TOPIC_PREFIX,
                    "Kafka takes no topic named %s, which %s %s would have: at most 249 letters, digits, '.', '_' and '-'; change %s, or exclude the %s"
                        .formatted(keys.topic(name), noun, name, SourceKeys.TOPIC_PREFIX, noun)));
  }
}
