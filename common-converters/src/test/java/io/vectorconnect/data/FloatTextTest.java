package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatTextTest {

  private static void assertAsJdk(String text) {
    float value = FloatText.parse("[" + text + ",", 1, text.length() + 1, 0);
    assertThat(Float.floatToRawIntBits(value))
        .as(text)
        .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
  }

  @Test
  void everyPrintedFloatReadsBackAsItself() {
    Random random = new Random(1);
    for (int i = 0; i < 500_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(value)) {
        assertAsJdk(Float.toString(value));
        assertAsJdk(new BigDecimal(value).round(new MathContext(9)).toString());
      }
    }
  }

  /** A decimal just between two floats, and its neighbours in the last digit. */
  @Test
  void midpointsAreRoundedOnce() {
    Random random = new Random(2);
    for (int i = 0; i < 100_000; i++) {
      int bits = random.nextInt(0x0100_0000) + 0x4A00_0000;
      BigDecimal middle =
          new BigDecimal(Float.intBitsToFloat(bits))
              .add(new BigDecimal(Float.intBitsToFloat(bits + 1)))
              .divide(BigDecimal.valueOf(2));
      for (int digits = 7; digits <= 17; digits++) {
        BigDecimal near = middle.round(new MathContext(digits));
        assertAsJdk(near.toString());
        assertAsJdk(near.add(near.ulp()).toString());
        assertAsJdk(near.subtract(near.ulp()).toString());
      }
    }
  }

  @Property
  void anyDecimalIsReadAsTheJdkReadsIt(
      @ForAll @LongRange(min = -99_999_999_999_999_999L, max = 99_999_999_999_999_999L) long digits,
      @ForAll @IntRange(min = -60, max = 20) int exponent) {
    assertAsJdk(digits + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent));
    if (Math.abs(exponent) < 20) {
      assertAsJdk(BigDecimal.valueOf(digits, Math.abs(exponent)).toPlainString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "1",
        "-1",
        "0.0",
        "1e-45",
        "-1e-45",
        "1.1754944e-38",
        "1.17549421e-38",
        "3.4028235e+38",
        "16777217",
        "0.1",
        "1e05",
        "123456789012345",
        "1234567890123456",
        " 1.5 ",
        "1.",
        ".5"
      })
  void readsOtherForms(String text) {
    assertAsJdk(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "e5", "1e", "1e+", "--1", "1.2.3", "1f", "0x1p0", "NaN", "1e99"})
  void refusesWhatIsNoFiniteNumber(String text) {
    assertThatThrownBy(() -> FloatText.parse(text, 0, text.length(), 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("element 3");
  }
}
