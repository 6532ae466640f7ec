package io.vectorconnect.source;

import io.vectorconnect.config.Problem;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks the names of the topics that a source publishes to. */
public final class TopicNames {
  /** What Kafka takes: at most 249 letters, digits, dots, underscores and hyphens of ASCII. */
  private static final Pattern ALLOWED = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  private TopicNames() {}

  /**
   * The first name that makes no topic, if there is one.
   *
   * @param noun what the names are of: a collection or a table
   */
  public static Optional<Problem> problem(SourceKeys keys, String noun, List<String> names) {
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
