package io.vectorconnect.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/**
 * What is wrong with a configuration.
 *
 * @param key the key to tell it on
 * @param message what is wrong, and what to do
 */
public record Problem(String key, String message) {
  /**
   * Adds to a validation which keys are misspelled and, if every key is right by itself, what
   * trying the server shows.
   *
   * @param validated what Connect made of the keys that the plugin has
   * @param given the configuration, with the keys that the plugin does not have
   * @param check tries the server; never throws
   */
  public static Config addTo(
      Config validated, Map<String, String> given, Supplier<Optional<Problem>> check) {
    List<ConfigValue> values = new ArrayList<>(validated.configValues());
    Set<String> known = values.stream().map(ConfigValue::name).collect(Collectors.toSet());
    for (Problem misspelled : MisspelledKeys.find(given.keySet(), known)) {
      // Without the value: it may be a password.
      ConfigValue value = new ConfigValue(misspelled.key());
      value.addErrorMessage(misspelled.message());
      values.add(value);
    }
    if (values.stream().allMatch(value -> value.errorMessages().isEmpty())) {
      check
          .get()
          .ifPresent(
              problem ->
                  values.stream()
                      .filter(value -> value.name().equals(problem.key()))
                      .forEach(value -> value.addErrorMessage(problem.message())));
    }
    return new Config(values);
  }
}
