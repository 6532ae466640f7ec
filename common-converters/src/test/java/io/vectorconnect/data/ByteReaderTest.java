package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** BYTES without a name, for a target that is a dense vector. */
class ByteReaderTest {
  private static final float[] ELEMENTS = {0.1f, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE};

  @Test
  void readsFloatsToTheLastBit() {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(ELEMENTS);
    PackedVector expected = PackedVector.ofFloats(ELEMENTS);
    for (Schema schema : new Schema[] {Schema.BYTES_SCHEMA, Schema.OPTIONAL_BYTES_SCHEMA}) {
      assertThat(reader(schema, 4).read(bytes.array())).isEqualTo(expected);
      assertThat(reader(schema, 4).read(bytes.asReadOnlyBuffer())).isEqualTo(expected);
    }
  }

  @Test
  void readsText() {
    assertThat(read("[0.1,-0.0,1.4E-45,3.4028235e+38]", 4).toFloats()).containsExactly(ELEMENTS);
    assertThat(read("[1,2]", 2).toFloats()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,2]", "[1,secret]", "1,2,3", "secret", "", "["})
  void refusesOtherLengthsAndOtherText(String text) {
    assertThatThrownBy(() -> read(text, 3))
        .isInstanceOf(DataException.class)
        .message()
        .doesNotContain("secret");
  }

  /** Twelve bytes are three floats; these are three numbers in brackets as well. */
  @Test
  void refusesWhatCouldBeBoth() {
    assertThatThrownBy(() -> read("[1.5,2.5,33]", 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("12 bytes are a vector of dimension 3 as float32 elements")
        .hasMessageContaining("as text too");
    assertThat(read("[1.5,2.5;33]", 3).dimension()).isEqualTo(3); // no text: floats
    assertThat(read("[1.5,2.5333]", 3).dimension()).isEqualTo(3);
  }

  @Test
  void needsADenseTargetOfADimension() {
    assertThatThrownBy(() -> reader(Schema.BYTES_SCHEMA, 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a vector, got BYTES")
        .hasMessageContaining("where the target tells a dimension");
    for (VectorType type : new VectorType[] {VectorType.SPARSE, VectorType.BINARY}) {
      assertThatThrownBy(() -> VectorReader.of(Schema.BYTES_SCHEMA, type, 8, Set.of()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected a vector, got BYTES");
    }
  }

  @Test
  void castsOnlyByName() {
    byte[] bytes = PackedVector.ofFloats(new float[] {0.1f}).bytes();
    assertThatThrownBy(
            () -> VectorReader.of(Schema.BYTES_SCHEMA, VectorType.FLOAT16, 1, Set.of()).read(bytes))
        .isInstanceOf(DataException.class);
  }

  private static PackedVector read(String text, int dimension) {
    return reader(Schema.BYTES_SCHEMA, dimension).read(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static VectorReader reader(Schema schema, int dimension) {
    return VectorReader.of(schema, VectorType.FLOAT, dimension, Set.of());
  }
}
