package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.PackedVector;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Floats two by two, and one that is left. */
class CopyBufferTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7})
  void turnsFloats(int length) {
    float[] elements = new float[length];
    ByteBuffer expected = ByteBuffer.allocate(Byte.BYTES + length * Float.BYTES).put((byte) 9);
    for (int i = 0; i < length; i++) {
      elements[i] = i % 2 == 0 ? -Float.MAX_VALUE / (i + 1) : Float.MIN_VALUE;
      expected.putFloat(elements[i]);
    }
    CopyBuffer buffer = new CopyBuffer(4);
    buffer.putByte(9);
    assertThat(buffer.putFiniteFloats(PackedVector.ofFloats(elements).bytes())).isTrue();
    assertThat(buffer.toByteArray()).isEqualTo(expected.array());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7})
  void noticesEveryOneThatIsNotFinite(int length) {
    for (int i = 0; i < length; i++) {
      for (float other : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1f / 0}) {
        float[] elements = new float[length];
        elements[i] = other;
        assertThat(new CopyBuffer().putFiniteFloats(PackedVector.ofFloats(elements).bytes()))
            .isFalse();
      }
    }
  }

  @Test
  void growsWhereverItIsFull() {
    for (int capacity = 1; capacity < 24; capacity++) {
      CopyBuffer buffer = new CopyBuffer(capacity);
      buffer.putByte(1);
      buffer.putShort(2);
      buffer.putInt(3);
      buffer.putLong(4);
      buffer.putBytes(new byte[] {5, 6});
      assertThat(buffer.toByteArray())
          .containsExactly(1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 5, 6);
    }
  }
}
