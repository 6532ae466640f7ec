package io.vectorconnect.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Accepts lists of pairs, such as {@code name:value}, with no name in two of them. */
public final class PairsValidator implements ConfigDef.Validator {
  private final String form;
  private final Pattern pattern;
  private final char separator;
  private final boolean distinct;

  private PairsValidator(String form, Pattern pattern, char separator, boolean distinct) {
    this.form = form;
    this.pattern = pattern;
    this.separator = separator;
    this.distinct = distinct;
  }

  /**
   * A validator.
   *
   * @param form an entry as users read it, such as {@code field:column}
   * @param separator what is between the parts
   * @param value a regular expression of the second part
   */
  public static PairsValidator of(String form, char separator, String value) {
    return of(form, "[^" + separator + "]+", separator, value);
  }

  /**
   * The same with a regular expression of the first part, for names that go into a statement.
   *
   * @param name a regular expression of the first part
   */
  public static PairsValidator of(String form, String name, char separator, String value) {
    return new PairsValidator(
        form,
        Pattern.compile("(?:" + name + ")" + separator + "(?:" + value + ")"),
        separator,
        false);
  }

  /** The same, but no two entries may have the same second part. */
  public PairsValidator withDistinctValues() {
    return new PairsValidator(form, pattern, separator, true);
  }

  /** The entries of a validated list, in order. */
  public static Map<String, String> parse(List<String> entries, char separator) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String entry : entries) {
      int at = entry.indexOf(separator);
      pairs.put(entry.substring(0, at).strip(), entry.substring(at + 1).strip());
    }
    return pairs;
  }

  @Override
  public void ensureValid(String key, Object value) {
    Set<String> names = new HashSet<>();
    Map<String, String> byValue = new HashMap<>();
    for (Object entry : (List<?>) value) {
      String text = entry.toString();
      if (!pattern.matcher(text).matches()) {
        throw new ConfigException(key, value, "must be a " + this);
      }
      String name = text.substring(0, text.indexOf(separator)).strip();
      if (!names.add(name)) {
        throw new ConfigException(key, value, "has two entries for %s; remove one".formatted(name));
      }
      String second = text.substring(text.indexOf(separator) + 1).strip();
      String other = byValue.put(second, name);
      if (distinct && other != null) {
        throw new ConfigException(
            key, value, "%s and %s cannot both become %s".formatted(other, name, second));
      }
    }
  }

  @Override
  public String toString() {
    return "list of " + form;
  }
}
