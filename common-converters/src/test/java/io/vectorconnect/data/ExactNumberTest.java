package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class ExactNumberTest {
  @Test
  void wholeNumbersPassInsideOfTheirBounds() {
    assertThat(ExactNumber.integer((byte) -128, -128, 127, "Int8")).isEqualTo(-128);
    assertThat(ExactNumber.integer(3.0, 0, 10, "Int8")).isEqualTo(3);
    assertThat(ExactNumber.integer(Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, "Int64"))
        .isEqualTo(Long.MIN_VALUE);
    assertThatThrownBy(() -> ExactNumber.integer(128, -128, 127, "Int8"))
        .isInstanceOf(DataException.class)
        .hasMessage("the number is out of the range of Int8; use a wider type");
    for (Object value : new Object[] {0.5, 0x1p60, Double.NaN, "1", true, BigDecimal.ONE}) {
      assertThatThrownBy(() -> ExactNumber.integer(value, -128, 127, "Int8"))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("expected a whole number for Int8, got a ");
    }
  }

  @Test
  void floatsAreTheSameNumberOrRefused() {
    assertThat(ExactNumber.toFloat(0.1f, "real")).isEqualTo(0.1f);
    assertThat(ExactNumber.toFloat(0.5, "real")).isEqualTo(0.5f);
    assertThat(ExactNumber.toFloat(Double.NaN, "real")).isNaN();
    assertThat(ExactNumber.toFloat(1 << 24, "real")).isEqualTo(0x1p24f);
    for (Object value : new Object[] {0.1, (1 << 24) + 1, 1e300, new BigDecimal("0.1")}) {
      assertThatThrownBy(() -> ExactNumber.toFloat(value, "real"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("real cannot hold this");
    }
  }

  @Test
  void doublesAreTheSameNumberOrRefused() {
    assertThat(ExactNumber.toDouble(0.1f, "double")).isEqualTo((double) 0.1f);
    assertThat(ExactNumber.toDouble(1L << 53, "double")).isEqualTo(0x1p53);
    assertThatThrownBy(() -> ExactNumber.toDouble((1L << 53) + 1, "double"))
        .isInstanceOf(DataException.class)
        .hasMessage("double cannot hold this Long exactly; use a wider type");
    assertThatThrownBy(() -> ExactNumber.toDouble("1", "double")).isInstanceOf(DataException.class);
  }
}
