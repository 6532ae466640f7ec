package io.vectorconnect.source;

import io.vectorconnect.config.SimilarName;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The include and exclude lists of a source.
 *
 * @param include regular expressions that match whole names
 * @param exclude the same form
 */
public record NameFilter(List<String> include, List<String> exclude) {
  private static final Pattern PLAIN_NAME = Pattern.compile("\\w+");

  /** What to read, in a fixed order. */
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

  /** The {@link #missing} names as a message shows them, with similar names that exist. */
  public String describeMissing(List<String> existing) {
    List<String> missing = missing(existing);
    List<String> similar =
        missing.stream()
            .flatMap(name -> SimilarName.find(name, existing).stream())
            .distinct()
            .toList();
    return similar.isEmpty()
        ? missing.toString()
        : "%s; there is %s".formatted(missing, String.join(", ", similar));
  }
}
