package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

/** MAP of index to value, and JSON objects of the same. */
class MapReaderTest {
  private static final Set<LossyCast> NONE = Set.of();
  private static final PackedVector EXPECTED =
      PackedVector.ofSparse(0, new int[] {0, 7, -1}, new float[] {0.5f, -0.0f, 3});

  @Test
  void readsMapsOfEveryTypeOfKey() {
    Schema longs = SchemaBuilder.map(Schema.INT64_SCHEMA, Schema.FLOAT32_SCHEMA).build();
    assertThat(
            VectorReader.of(longs, VectorType.SPARSE, 0, NONE)
                .read(Map.of(7L, -0.0f, 4294967295L, 3f, 0L, 0.5f)))
        .isEqualTo(EXPECTED);
    Schema strings = SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.FLOAT64_SCHEMA).build();
    assertThat(
            VectorReader.of(strings, VectorType.SPARSE, 0, NONE)
                .read(Map.of("7", -0.0, "4294967295", 3d, "0", 0.5)))
        .isEqualTo(EXPECTED);
    assertThat(schemaless(0).read(Map.of(7, -0.0, 4294967295d, 3L, (short) 0, 0.5f)))
        .isEqualTo(EXPECTED);
    assertThat(schemaless(9).read(Map.of(8, 1)))
        .isEqualTo(PackedVector.ofSparse(9, new int[] {8}, new float[] {1}));
    assertThat(schemaless(9).read(Map.of()))
        .isEqualTo(new PackedVector(VectorType.SPARSE, 9, new byte[0]));
  }

  @Test
  void readsIndicesAndValues() {
    Map<String, ?> lists =
        Map.of("indices", List.of(7L, "4294967295", 0), "values", List.of(-0.0, 3, 0.5f));
    assertThat(schemaless(0).read(lists)).isEqualTo(EXPECTED);
    assertThatThrownBy(
            () -> schemaless(0).read(Map.of("indices", List.of(1, 2), "values", List.of(5))))
        .isInstanceOf(DataException.class)
        .hasMessage("a sparse vector has 2 indices and 1 values");
  }

  @Test
  void refusesIndicesThatAreNone() {
    for (Object index : Arrays.asList(1.5, Double.NaN, "secret", "", "1.0", null, true, 1e300)) {
      Map<Object, Object> map = Collections.singletonMap(index, 77);
      Map<String, ?> lists =
          Map.of("indices", Collections.singletonList(index), "values", List.of(77));
      for (Map<?, ?> value : List.of(map, lists)) {
        assertThatThrownBy(() -> schemaless(0).read(value))
            .as("index %s", index)
            .isInstanceOf(DataException.class)
            .hasMessage("a sparse index is not a whole number");
      }
    }
  }

  @Test
  void refusesIndicesOutOfRange() {
    for (Object index :
        List.of(-1, 4294967296L, Long.MIN_VALUE, Long.MAX_VALUE, "-1", 0x1p63, "4294967296")) {
      assertThatThrownBy(() -> schemaless(0).read(Map.of(index, 1)))
          .as("index %s", index)
          .isInstanceOf(DataException.class)
          .hasMessage("a sparse index is out of range; indices here start at 0");
    }
    assertThat(schemaless(8).read(Map.of(7, 1)).nonZeros()).isEqualTo(1);
    assertThatThrownBy(() -> schemaless(7).read(Map.of(7, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("sparse index 7 is outside dimension 7");
  }

  @Test
  void refusesTheSameIndexTwice() {
    List<Map<?, ?>> twice =
        List.of(
            Map.of("3", 77, "03", 78),
            Map.of(3, 77, 3L, 77),
            Map.of("indices", List.of(3, 1, 3), "values", List.of(77, 78, 79)));
    for (Map<?, ?> value : twice) {
      assertThatThrownBy(() -> schemaless(0).read(value))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("got 3 after 3")
          .message()
          .doesNotContain("77", "78", "79");
    }
  }

  @Test
  void refusesValuesThatAreNone() {
    for (Object wrong : Arrays.asList(null, "77", true, List.of(77))) {
      assertThatThrownBy(() -> schemaless(0).read(Collections.singletonMap(3, wrong)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected a number")
          .message()
          .doesNotContain("77");
    }
    assertThatThrownBy(() -> schemaless(0).read(Map.of(3, Math.E)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("vector.lossy.casts=float64_to_float32");
    assertThatThrownBy(() -> schemaless(0).read(Map.of(3, 1e39)))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("correct the record");
  }

  @Test
  void refusesADeclaredDimensionThatIsNone() {
    for (Number declared : List.of(0, -5, 2.5, 4294967297L)) {
      Map<String, ?> value = Map.of("dimensions", declared, "vector", Map.of("1", 77));
      assertThatThrownBy(() -> schemaless(0).read(value))
          .as("dimension %s", declared)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("dimension");
    }
  }

  @Test
  void aMapIsNoDenseVector() {
    assertThatThrownBy(
            () -> VectorReader.of(null, VectorType.FLOAT, 3, NONE).read(Map.of(0, 1, 1, 2, 2, 3)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "expected a io.vectorconnect.data.FloatVector, got a io.vectorconnect.data.SparseVector");
  }

  private static VectorReader schemaless(int dimension) {
    return VectorReader.of(null, VectorType.SPARSE, dimension, NONE);
  }
}
