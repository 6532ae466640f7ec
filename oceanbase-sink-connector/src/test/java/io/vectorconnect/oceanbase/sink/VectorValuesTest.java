package io.vectorconnect.oceanbase.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.PackedVector;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorValuesTest {
  @Test
  void noVectorsTextIsLongerThanIsTold() {
    for (float worst :
        new float[] {-Float.MIN_NORMAL, -Float.MIN_VALUE, -Float.MAX_VALUE, -1e-3f, 9.999999e6f}) {
      checkLength(worst);
    }
    Random random = new Random(2);
    for (int i = 0; i < 200_000; i++) {
      float any = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(any)) {
        checkLength(any);
      }
    }
  }

  private static void checkLength(float element) {
    byte[] vector = PackedVector.ofFloats(new float[] {element, element}).bytes();
    String text = VectorValues.text(vector);
    assertThat((long) text.length()).isLessThanOrEqualTo(VectorValues.textLength(vector.length));
    float read = Float.parseFloat(text.substring(1, text.indexOf(',')));
    assertThat(read).isEqualTo(element);
  }
}
