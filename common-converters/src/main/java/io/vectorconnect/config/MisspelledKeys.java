package io.vectorconnect.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds keys that nobody reads and that are close to a key of the plugin. The plugin would use the
 * default of that key, and copy everything instead of one collection.
 *
 * <p>Keys of Connect itself, and keys that are not close to any, are left alone: users keep notes
 * and settings of other tools in a configuration.
 */
final class MisspelledKeys {
  /** Keys of Connect (KIP-26, KIP-158, KIP-298, KIP-618, KIP-891), and of its transforms. */
  private static final Set<String> CONNECT =
      Set.of(
          "name",
          "type",
          "predicate",
          "negate",
          "topics",
          "topics.regex",
          "config.action.reload",
          "exactly.once.support");

  private static final List<String> CONNECT_PREFIXES =
      List.of(
          "connector.",
          "tasks.",
          "key.converter",
          "value.converter",
          "header.converter",
          "converter.",
          "plugin.",
          "transforms",
          "predicates",
          "errors.",
          "topic.creation.",
          "transaction.boundary",
          "offsets.storage.",
          "consumer.override.",
          "producer.override.",
          "admin.override.");

  /** What connectors of ours put into their tasks' configurations, and pass to Kafka's clients. */
  private static final List<String> OWN_PREFIXES =
      List.of("task.", "reconcile.kafka.", "change.stream.consumer.");

  private MisspelledKeys() {}

  /**
   * The misspelled ones of some keys.
   *
   * @param given the keys of a configuration
   * @param known the keys of the plugin
   */
  static List<Problem> find(Collection<String> given, Set<String> known) {
    return given.stream()
        .filter(key -> !known.contains(key) && !isOfOthers(key))
        .sorted()
        .flatMap(key -> meant(key, known).map(meant -> problem(key, meant)).stream())
        .toList();
  }

  private static boolean isOfOthers(String key) {
    return CONNECT.contains(key)
        || Stream.concat(CONNECT_PREFIXES.stream(), OWN_PREFIXES.stream())
            .anyMatch(key::startsWith);
  }

  private static Optional<String> meant(String key, Set<String> known) {
    return SimilarName.find(key, known)
        .or(() -> known.stream().filter(its -> isWithoutEnd(key, its)).sorted().findFirst());
  }

  /** Whether a key lacks the unit or the last word: {@code poll.interval}, or {@code batch.max}. */
  private static boolean isWithoutEnd(String key, String known) {
    return key.contains(".") && known.startsWith(key);
  }

  private static Problem problem(String key, String meant) {
    return new Problem(
        key,
        "There is no key %s; is %s meant? Correct the key, or remove it".formatted(key, meant));
  }
}
