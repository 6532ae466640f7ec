package io.vectorconnect.oceanbase.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class StatementTextTest {
  private final StatementText text = new StatementText();

  @Test
  void writesEachKindOfValue() {
    assertThat(literal(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
    assertThat(literal(new BigDecimal("1E+3"))).isEqualTo("1000");
    assertThat(literal(null)).isEqualTo("NULL");
    assertThat(literal(new byte[] {0, -1, 0x5c})).isEqualTo("x'00ff5c'");
    assertThat(literal(new byte[0])).isEqualTo("x''");
    assertThat(literal("plain text, ~{1}")).isEqualTo("'plain text, ~{1}'");
    assertThat(literal("")).isEqualTo("''");
  }

  @Test
  void writesTextThatCouldNeedAnEscapeAsDigits() {
    for (String value : new String[] {"'", "\"", "\\", "\0", "\n", "\u007f", "ü", "😀"}) {
      StringBuilder digits = new StringBuilder();
      for (byte b : VectorValues.utf8(value)) {
        digits.append("%02x".formatted(b));
      }
      assertThat(literal(value)).isEqualTo("_utf8mb4 x'" + digits + "'");
    }
  }

  @Test
  void takesNoMoreRoomThanIsTold() {
    String quotes = "'".repeat(1_000);
    assertThat((long) literal(quotes).length()).isLessThan(2_000 + StatementText.around(1));
  }

  private String literal(Object value) {
    text.begin("").value(value);
    return text.toString();
  }
}
