package io.vectorconnect.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant by one that does not exist. */
public final class SimilarName {
  /** One wrong character is a mistake in a name of this length; two are in one twice as long. */
  private static final int CHARACTERS_PER_MISTAKE = 5;

  private SimilarName() {}

  /**
   * The most similar of some names.
   *
   * <p>Upper case, hyphens, underscores and dots count for nothing. One more difference is allowed
   * for every five characters.
   *
   * @return empty where no name is similar enough
   */
  public static Optional<String> find(String wrong, Collection<String> names) {
    String plain = plain(wrong);
    return names.stream()
        .filter(name -> distance(plain, plain(name)) <= allowed(plain(name)))
        .min(
            Comparator.comparingInt((String name) -> distance(plain, plain(name)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** What a message about a name that does not exist adds: the similar one, if there is one. */
  public static String hint(String wrong, Collection<String> names) {
    return find(wrong, names).map("; there is %s"::formatted).orElse("");
  }

  private static int allowed(String name) {
    return Math.max(1, name.length() / CHARACTERS_PER_MISTAKE);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
  }

  /**
   * How many characters were inserted, left out, replaced, or exchanged with the next one (the
   * optimal string alignment distance).
   */
  static int distance(String from, String to) {
    int[][] d = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + replaced);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[from.length()][to.length()];
  }
}
