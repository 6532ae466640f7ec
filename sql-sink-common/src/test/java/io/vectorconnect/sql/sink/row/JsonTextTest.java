package io.vectorconnect.sql.sink.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.sql.sink.row.JsonText.Numbers;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "null",
        "\"text\"",
        "{}",
        "[1, 2.5, -0.1, 1e300, 9007199254740993, -9223372036854775808, 18446744073709551615]",
        "{\"a\": {\"a\": [0.30000000000000004, 1.10, 5e-324]}}",
      })
  void whatAJsonColumnKeepsPasses(String document) {
    assertThat(JsonText.check(document, Numbers.FLOAT64)).isSameAs(document);
  }

  @Test
  void whereEveryNumberIsKeptOnlyFieldsOfTheSameNameAreRefused() {
    String document = "{\"a\": 1e400, \"b\": {\"a\": 123456789012345678901234567890}}";
    assertThat(JsonText.check(document, Numbers.ANY)).isSameAs(document);
    assertThatThrownBy(() -> JsonText.check("{\"b\": [{\"a\": 1, \"a\": 1}]}", Numbers.ANY))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("two fields of the same name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{} {}",
        "nonsense",
        "{\"a\": 1, \"a\": 2}",
        "18446744073709551617",
        "[3.14159265358979323846]",
        "1e400",
        "1e99999999999",
        "1e-2147483647",
        "{\"a\": [-9223372036854775809]}",
      })
  void whatItWouldChangeIsRefusedWithoutShowingIt(String document) {
    assertThatThrownBy(() -> JsonText.check(document, Numbers.FLOAT64))
        .isInstanceOf(DataException.class)
        .hasMessageNotContaining("9223372036854775809");
  }
}
