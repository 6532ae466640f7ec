package io.vectorconnect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class PairsValidatorTest {
  private static final PairsValidator VALIDATOR = PairsValidator.of("name:number", ':', "[0-9]+");

  @Test
  void pairsAreTakenInOrder() {
    List<String> entries = List.of("b:1", "a:2");
    VALIDATOR.ensureValid("key", entries);
    assertThat(PairsValidator.parse(entries, ':'))
        .containsExactly(Map.entry("b", "1"), Map.entry("a", "2"));
  }

  @Test
  void aNameInTwoPairsIsRefusedBecauseOneOfThemWouldBeIgnored() {
    assertThatThrownBy(() -> VALIDATOR.ensureValid("key", List.of("a:3", "b:1", "a:4")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("has two entries for a");
    assertThatThrownBy(() -> VALIDATOR.ensureValid("key", List.of("a:3", "a :4")))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void otherFormsAreRefused() {
    assertThatThrownBy(() -> VALIDATOR.ensureValid("key", List.of("a:x")))
        .hasMessageContaining("must be a list of name:number");
  }
}
