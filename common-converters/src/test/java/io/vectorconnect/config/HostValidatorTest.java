package io.vectorconnect.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a driver's URL may take for its host. */
class HostValidatorTest {
  private final HostValidator validator = new HostValidator();

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "db-1.example.com", "my_host", "10.0.0.1", "::1", "fe80::1"})
  void takesNamesAndAddresses(String host) {
    validator.ensureValid("connection.host", host);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "a/?x=y", "a?x=y", "a b", "a,b", "a:1/b", "user@host", "a#b"})
  void refusesWhatCouldAddToTheUrl(String host) {
    assertThatThrownBy(() -> validator.ensureValid("connection.host", host))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be a host name or address");
  }
}
