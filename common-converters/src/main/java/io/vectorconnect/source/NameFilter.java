package io.vectorconnect.source;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigException;

/**
 * An include and an exclude list: names, or regular expressions that match whole names.
 *
 * @param include what to take
 * @param exclude what to leave out of it
 */
public record NameFilter(List<String> include, List<String> exclude) {
  private static final Pattern PLAIN_NAME = Pattern.compile("\\w+");

  /** The names to read, in a fixed order. */
  public List<String> choose(List<String> existing) {
    return existing.stream()
        .filter(name -> include.stream().anyMatch(name::matches))
        .filter(name -> exclude.stream().noneMatch(name::matches))
        .sorted()
        .toList();
  }

  /** Plain names of the include list that do not exist. */
  public List<String> missing(List<String> existing) {
    return include.stream()
        .filter(name -> PLAIN_NAME.matcher(name).matches() && !existing.contains(name))
        .toList();
  }

  /** A validator of such a list's key. */
  public static void requirePatterns(String key, Object value) {
    for (Object pattern : (List<?>) value) {
      try {
        Pattern.compile(pattern.toString());
      } catch (PatternSyntaxException e) {
        throw new ConfigException(
            key, pattern, "is not a regular expression: " + e.getDescription());
      }
    }
  }
}
