package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorCastTest {
  private static final Set<LossyCast> NONE = Set.of();
  private static final Set<LossyCast> ALL = EnumSet.allOf(LossyCast.class);

  static List<Fixtures.Vector> vectors() {
    return Fixtures.vectors();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void widensExactly(Fixtures.Vector vector) {
    PackedVector wide = VectorCast.to(VectorType.FLOAT, vector.packed(), NONE);
    assertThat(wide).isEqualTo(PackedVector.ofFloats(vector.elements()));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void narrowsBackToTheSameBytes(Fixtures.Vector vector) {
    PackedVector wide = PackedVector.ofFloats(vector.elements());
    assertThat(VectorCast.to(vector.type(), wide, NONE)).isEqualTo(vector.packed());
  }

  @Test
  void int8FitsBothHalfTypes() {
    PackedVector all =
        vectors().stream()
            .filter(v -> v.type() == VectorType.INT8)
            .map(Fixtures.Vector::packed)
            .findFirst()
            .orElseThrow();
    for (VectorType half : List.of(VectorType.FLOAT16, VectorType.BFLOAT16)) {
      PackedVector cast = VectorCast.to(half, all, NONE);
      assertThat(cast.type()).isEqualTo(half);
      assertThat(VectorCast.to(VectorType.INT8, cast, NONE)).isEqualTo(all);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT16, 0.1",
    "FLOAT16, 2049",
    "FLOAT16, 1e-8",
    "FLOAT16, 65505",
    "BFLOAT16, 0.1",
    "BFLOAT16, 257",
    "BFLOAT16, 1e-45",
    "INT8, 0.5",
    "INT8, 128",
    "INT8, -129",
    "INT8, -0.0",
    "INT8, NaN",
    "INT8, Infinity",
    "INT8, 1e-45",
    "INT8, 256"
  })
  void refusesWhatANarrowTypeCannotHold(VectorType type, float element) {
    PackedVector floats = PackedVector.ofFloats(new float[] {1, element});
    assertThatThrownBy(() -> VectorCast.to(type, floats, NONE))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("element 1 cannot be held exactly by a " + type.schemaName())
        .hasMessageContaining("use a wider column")
        .message()
        .doesNotContain(Float.toString(element));
  }

  @Test
  void roundsToFloat16OnlyByName() {
    PackedVector floats = PackedVector.ofFloats(new float[] {0.1f, -1e-8f});
    for (Set<LossyCast> other : List.of(NONE, Set.of(LossyCast.FLOAT64_TO_FLOAT32))) {
      assertThatThrownBy(() -> VectorCast.to(VectorType.FLOAT16, floats, other))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("set vector.lossy.casts=float32_to_float16");
    }
    PackedVector halves =
        VectorCast.to(VectorType.FLOAT16, floats, Set.of(LossyCast.FLOAT32_TO_FLOAT16));
    assertThat(halves.bytes()).containsExactly(0x66, 0x2E, 0x00, 0x80); // 0.0999756, -0.0
  }

  @ParameterizedTest
  @ValueSource(floats = {65520, -65520, Float.MAX_VALUE})
  void neverRoundsToInfinity(float element) {
    PackedVector floats = PackedVector.ofFloats(new float[] {element});
    assertThatThrownBy(() -> VectorCast.to(VectorType.FLOAT16, floats, ALL))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("use a wider column");
  }

  @Test
  void noNameRoundsToBFloat16OrInt8() {
    PackedVector floats = PackedVector.ofFloats(new float[] {0.1f});
    for (VectorType type : List.of(VectorType.BFLOAT16, VectorType.INT8)) {
      assertThatThrownBy(() -> VectorCast.to(type, floats, ALL)).isInstanceOf(DataException.class);
    }
  }

  @Test
  void keepsNaNAndItsUpperPayload() {
    byte[] nan = new byte[4];
    LittleEndian.putInt(nan, 0, 0xFFD54000);
    PackedVector floats = new PackedVector(VectorType.FLOAT, 1, nan);
    PackedVector half = VectorCast.to(VectorType.FLOAT16, floats, NONE);
    assertThat(LittleEndian.getShort(half.bytes(), 0)).isEqualTo((short) 0xFEAA);
    assertThat(VectorCast.to(VectorType.FLOAT, half, NONE)).isEqualTo(floats);
    assertThatThrownBy(() -> VectorCast.to(VectorType.BFLOAT16, floats, NONE))
        .isInstanceOf(DataException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = VectorType.class,
      names = {"BINARY", "SPARSE"})
  void bitsAndSparseHaveNoConversion(VectorType type) {
    PackedVector special = new PackedVector(type, 8, new byte[type == VectorType.BINARY ? 1 : 8]);
    PackedVector dense = PackedVector.ofFloats(new float[8]);
    assertThat(VectorCast.to(type, special, NONE)).isSameAs(special);
    for (VectorType other : VectorType.values()) {
      if (other != type) {
        assertThatThrownBy(() -> VectorCast.to(other, special, ALL))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("there is no conversion between them");
      }
    }
    assertThatThrownBy(() -> VectorCast.to(type, dense, ALL))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a " + type.schemaName());
  }
}
