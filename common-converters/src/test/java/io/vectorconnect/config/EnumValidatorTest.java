package io.vectorconnect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnumValidatorTest {
  private enum Mode {
    INSERT,
    UPSERT_IF_NEW
  }

  private final EnumValidator<Mode> validator = EnumValidator.of(Mode.class);

  @ParameterizedTest
  @ValueSource(strings = {"insert", "INSERT", "Insert"})
  void acceptsANameInAnyCase(String name) {
    assertThatCode(() -> validator.ensureValid("mode", name)).doesNotThrowAnyException();
    assertThat(validator.parse(name)).isEqualTo(Mode.INSERT);
  }

  @Test
  void leavesNullToTheRequiredCheck() {
    assertThatCode(() -> validator.ensureValid("mode", null)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " insert", "delete", "upsert-if-new", "upsert_if_new,insert"})
  void refusesOtherNamesAndTellsTheRightOnes(String name) {
    assertThatThrownBy(() -> validator.ensureValid("mode", name))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mode")
        .hasMessageContaining("must be one of insert, upsert_if_new");
  }

  @Test
  void offersItsNames() {
    assertThat(validator.validValues("mode", Map.of())).containsExactly("insert", "upsert_if_new");
    assertThat(validator.visible("mode", Map.of())).isTrue();
    assertThat(validator).hasToString("insert, upsert_if_new");
  }

  @Test
  void doesNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr")); // where the lower case of I is ı
      EnumValidator<Mode> turkish = EnumValidator.of(Mode.class);
      assertThat(turkish).hasToString("insert, upsert_if_new");
      turkish.ensureValid("mode", "INSERT");
      assertThat(turkish.parse("insert")).isEqualTo(Mode.INSERT);
    } finally {
      Locale.setDefault(before);
    }
  }
}
