package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every place in vectors of every length up to beyond two words. */
class FiniteElementsTest {
  private static final int LONGEST = 19;

  /** The largest numbers of both signs, the smallest, both zeros: all fields but the exponent. */
  private static final int[] NUMBERS = {
    0x7F7F_FFFF, 0xFF7F_FFFF, 1, 0x8000_0001, 0, 0x8000_0000, 0x3F80_0000
  };

  private static final int[] OTHERS = {
    0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x7F80_0001, 0xFFFF_FFFF
  };

  private static final short[] HALVES = {0x7BFF, (short) 0xFBFF, 1, (short) 0x8001, 0, 0x3C00};
  private static final short[] OTHER_HALVES = {0x7C00, (short) 0xFC00, 0x7E00, 0x7C01, -1};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 17, LONGEST})
  void floats(int length) {
    byte[] bytes = new byte[length * Float.BYTES];
    for (int i = 0; i < length; i++) {
      LittleEndian.putInt(bytes, i * Float.BYTES, NUMBERS[i % NUMBERS.length]);
    }
    PackedVector vector = new PackedVector(VectorType.FLOAT, length, bytes);
    assertThat(vector.requireFinite()).isSameAs(vector);
    for (int i = 0; i < length; i++) {
      int before = LittleEndian.getInt(bytes, i * Float.BYTES);
      for (int other : OTHERS) {
        LittleEndian.putInt(bytes, i * Float.BYTES, other);
        assertNamed(vector, i);
      }
      LittleEndian.putInt(bytes, i * Float.BYTES, before);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void halves(VectorType type) {
    for (int length = 1; length <= LONGEST; length++) {
      byte[] bytes = new byte[length * Short.BYTES];
      for (int i = 0; i < length; i++) {
        put(type, bytes, i, HALVES[i % HALVES.length], NUMBERS[i % NUMBERS.length]);
      }
      PackedVector vector = new PackedVector(type, length, bytes);
      assertThat(vector.requireFinite()).isSameAs(vector);
      for (int i = 0; i < length; i++) {
        short before = LittleEndian.getShort(bytes, i * Short.BYTES);
        for (int n = 0; n < OTHER_HALVES.length; n++) {
          put(type, bytes, i, OTHER_HALVES[n], OTHERS[n] | 0x0001_0000);
          assertNamed(vector, i);
        }
        LittleEndian.putShort(bytes, i * Short.BYTES, before);
      }
    }
  }

  /** A bfloat16 is the upper half of a float32. */
  private static void put(VectorType type, byte[] bytes, int element, short half, int single) {
    LittleEndian.putShort(
        bytes, element * Short.BYTES, type == VectorType.FLOAT16 ? half : (short) (single >>> 16));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void sparse(int pair) {
    // An index may have any bits: those of an infinity, too.
    int[] indices = {5, 0x7F80_0000, 0xFF80_0000};
    float[] values = {1, -0.0f, Float.MAX_VALUE};
    PackedVector.ofSparse(0, indices, values).requireFinite();
    values[pair] = Float.NEGATIVE_INFINITY;
    assertNamed(PackedVector.ofSparse(0, indices, values), pair);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "BINARY"})
  void bytesAreAllNumbers(VectorType type) {
    byte[] bytes = {-1, 127, -128, 0, -1, -1, -1, -1};
    int dimension = type == VectorType.INT8 ? bytes.length : bytes.length * Byte.SIZE;
    new PackedVector(type, dimension, bytes).requireFinite();
  }

  private static void assertNamed(PackedVector vector, int element) {
    assertThatThrownBy(vector::requireFinite)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("element %d of the vector is NaN or infinite", element);
  }
}
