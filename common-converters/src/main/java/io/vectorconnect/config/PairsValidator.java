package io.vectorconnect.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Accepts lists of {@code name:value}. */
public final class PairsValidator implements ConfigDef.Validator {
  private final String form;
  private final Pattern pattern;

  private PairsValidator(String form, Pattern pattern) {
    this.form = form;
    this.pattern = pattern;
  }

  /**
   * A validator.
   *
   * @param form an entry as users read it, such as {@code field:column}
   * @param value a regular expression of the part behind the first colon
   */
  public static PairsValidator of(String form, String value) {
    return new PairsValidator(form, Pattern.compile("[^:]+:(?:" + value + ")"));
  }

  /** The entries of a validated list, in order. */
  public static Map<String, String> parse(List<String> entries) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String entry : entries) {
      int colon = entry.indexOf(':');
      pairs.put(entry.substring(0, colon).strip(), entry.substring(colon + 1).strip());
    }
    return pairs;
  }

  @Override
  public void ensureValid(String key, Object value) {
    for (Object entry : (List<?>) value) {
      if (!pattern.matcher(entry.toString()).matches()) {
        throw new ConfigException(key, value, "must be a " + this);
      }
    }
  }

  @Override
  public String toString() {
    return "list of " + form;
  }
}
