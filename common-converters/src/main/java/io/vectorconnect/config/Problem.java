package io.vectorconnect.config;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.config.Config;

/**
 * What is wrong with a configuration.
 *
 * @param key the key to tell it on
 * @param message what is wrong, and what to do
 */
public record Problem(String key, String message) {
  /**
   * Adds to a validation what trying the server shows, if each key is right by itself.
   *
   * @param validated what Connect made of the keys
   * @param check tries the server; never throws
   * @return the same validation
   */
  public static Config addTo(Config validated, Supplier<Optional<Problem>> check) {
    if (validated.configValues().stream().allMatch(value -> value.errorMessages().isEmpty())) {
      check
          .get()
          .ifPresent(
              problem ->
                  validated.configValues().stream()
                      .filter(value -> value.name().equals(problem.key()))
                      .forEach(value -> value.addErrorMessage(problem.message())));
    }
    return validated;
  }
}
