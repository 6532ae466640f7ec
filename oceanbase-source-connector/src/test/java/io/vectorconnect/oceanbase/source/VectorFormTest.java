package io.vectorconnect.oceanbase.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.LittleEndian;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class VectorFormTest {
  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What the server does: float32 arithmetic, printed in six digits. */
  private static byte[][] split(float value) {
    float scaled = value * 4097;
    float low = value - (scaled - (scaled - value));
    return new byte[][] {text("[" + sixDigits(value) + "]"), text("[" + sixDigits(low) + "]")};
  }

  private static String sixDigits(float value) {
    return value == 0
        ? (Float.floatToRawIntBits(value) == 0 ? "0" : "-0")
        : new BigDecimal(value).round(new MathContext(6)).toString().replace("E+", "e");
  }

  private static int bits(byte[] vector) {
    return LittleEndian.getInt(vector, 0);
  }

  @Test
  void sixDigitsOfEachHalfTellEveryFloat() {
    Random random = new Random(7);
    for (int i = 0; i < 300_000; i++) {
      int bits = random.nextInt(0x79000000) | (random.nextInt(2) << 31);
      float value = Float.intBitsToFloat(i % 3 == 0 ? (bits & 0x80FFFFFF) : bits);
      assertThat(bits(VectorForm.SPLIT.read(split(value), 0, 1)))
          .as("%s", value)
          .isEqualTo(Float.floatToRawIntBits(value));
    }
  }

  @Test
  void zerosKeepTheirSignAndTheSmallestNumbersTheirValue() {
    for (float value : new float[] {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, 1f, -1.5f}) {
      assertThat(bits(VectorForm.SPLIT.read(split(value), 0, 1)))
          .isEqualTo(Float.floatToRawIntBits(value));
    }
  }

  @Test
  void doublesAreTheFloatsThatTheyTell() {
    Random random = new Random(8);
    for (int i = 0; i < 300_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!Float.isFinite(value)) {
        continue;
      }
      byte[][] row = {text("[" + (double) value + ",1]")};
      assertThat(bits(VectorForm.DOUBLES.read(row, 0, 1)))
          .as("%s", value)
          .isEqualTo(Float.floatToRawIntBits(value));
    }
  }

  @Test
  void aServerThatRoundsIsFoundOut() {
    // The low half is missing: as if the server had computed in another way.
    byte[][] wrong = {text("[0.123457]"), text("[0.001]")};
    assertThat(bits(VectorForm.SPLIT.read(split(0.12345679f), 0, 1)))
        .isEqualTo(Float.floatToRawIntBits(0.12345679f));
    assertThatThrownBy(() -> VectorForm.DOUBLES.read(new byte[][] {text("[0.123457,1]")}, 0, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("rounded");
    assertThatThrownBy(() -> VectorForm.SPLIT.read(wrong, 0, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("rounded");
  }

  @Test
  void aTextOfAnotherLengthOrFormIsRefused() {
    for (String bad : new String[] {"[1]", "[1,2,1]", "[1,2,1", "[a,1]", "[]", "[1,,1]", "{1:1}"}) {
      assertThatThrownBy(() -> VectorForm.DOUBLES.read(new byte[][] {text(bad)}, 0, 1))
          .as(bad)
          .isInstanceOf(DataException.class);
    }
  }
}
