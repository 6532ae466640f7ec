package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class Float16Test {

  @Test
  void widensEveryHalfAsNumpyDoes() {
    ByteBuffer floats = Fixtures.buffer("half_to_float.bin");
    assertThat(floats.remaining()).isEqualTo(65_536 * Float.BYTES);
    for (int half = 0; half < 65_536; half++) {
      int expected = floats.getInt(half * Float.BYTES);
      int actual = Float.floatToRawIntBits(Float16.toFloat((short) half));
      if (isNaN(expected)) {
        // Whether a signalling NaN stays one is the platform's choice; sign and payload are not.
        expected |= 0x00400000;
        actual |= 0x00400000;
      }
      assertThat(actual).as("half %04x", half).isEqualTo(expected);
    }
  }

  @Test
  void everyHalfComesBack() {
    for (int half = 0; half < 65_536; half++) {
      boolean nan = (half & 0x7FFF) > 0x7C00;
      int expected = nan ? half | 0x0200 : half;
      int actual = Float16.fromFloat(Float16.toFloat((short) half)) & 0xFFFF;
      assertThat(actual).as("half %04x", half).isEqualTo(expected);
    }
  }

  @Test
  void roundsAsNumpyDoes() {
    ByteBuffer pairs = Fixtures.buffer("float_to_half.bin");
    int count = 0;
    while (pairs.hasRemaining()) {
      int bits = pairs.getInt();
      int expected = pairs.getShort() & 0xFFFF;
      int actual = Float16.fromFloat(Float.intBitsToFloat(bits)) & 0xFFFF;
      if (isNaN(bits)) {
        assertThat(actual & 0x0200).as("a quiet NaN of %08x", bits).isNotZero();
        // Where no payload bit is left, numpy sets the lowest one and we only the quiet one.
        expected = (bits & 0x007FE000) == 0 ? (expected & ~1) | 0x0200 : expected | 0x0200;
      }
      assertThat(actual).as("half of %08x", bits).isEqualTo(expected);
      count++;
    }
    assertThat(count).isGreaterThan(4_500);
  }

  private static boolean isNaN(int bits) {
    return (bits & 0x7FFFFFFF) > 0x7F800000;
  }
}
