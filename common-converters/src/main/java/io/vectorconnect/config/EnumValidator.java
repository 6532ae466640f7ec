package io.vectorconnect.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Accepts the lower-case names of an enum, alone or in a list, and offers them to user interfaces.
 */
public final class EnumValidator<E extends Enum<E>>
    implements ConfigDef.Validator, ConfigDef.Recommender {
  private final Class<E> type;
  private final List<String> names;

  private EnumValidator(Class<E> type) {
    this.type = type;
    this.names =
        Arrays.stream(type.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** A validator of {@code type}. */
  public static <E extends Enum<E>> EnumValidator<E> of(Class<E> type) {
    return new EnumValidator<>(type);
  }

  /** The constant that a validated value names. */
  public E parse(String value) {
    return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
  }

  /** The constants that a validated list names. */
  public Set<E> parseAll(List<String> values) {
    Set<E> constants = EnumSet.noneOf(type);
    values.forEach(value -> constants.add(parse(value)));
    return constants;
  }

  @Override
  public void ensureValid(String key, Object value) {
    List<?> values =
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    for (Object name : values) {
      if (!names.contains(name.toString().toLowerCase(Locale.ROOT))) {
        throw new ConfigException(key, value, "must be one of " + this);
      }
    }
  }

  @Override
  public List<Object> validValues(String key, Map<String, Object> parsed) {
    return List.copyOf(names);
  }

  @Override
  public boolean visible(String key, Map<String, Object> parsed) {
    return true;
  }

  @Override
  public String toString() {
    return names.stream().collect(Collectors.joining(", "));
  }
}
