package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** pgvector's text forms as psql prints them, with a schema and without. */
class TextReaderTest {
  private static final Set<LossyCast> NONE = Set.of();

  static List<Fixtures.Bits> bits() {
    return Fixtures.bits();
  }

  @Test
  void readsDenseText() {
    float[] expected = {1, 2.5f, -0.0f, Float.MIN_VALUE};
    for (Schema schema : new Schema[] {Schema.STRING_SCHEMA, null}) {
      VectorReader reader = VectorReader.of(schema, VectorType.FLOAT, 4, NONE);
      assertThat(reader.read("[1,2.5,-0,1e-45]")).isEqualTo(PackedVector.ofFloats(expected));
      assertThat(reader.read(" [ 1.0, 25e-1,\t-0.0 , 1.4E-45 ]\n").toFloats())
          .containsExactly(expected);
    }
    assertThat(dense().read("[3.4028235e+38,-1.1754944e-38]").toFloats())
        .containsExactly(Float.MAX_VALUE, -Float.MIN_NORMAL);
    assertThat(dense().read("[]").dimension()).isZero();
  }

  @Test
  void roundsDecimalsOnce() {
    // Just above the middle of 1 and its successor: rounding to a double first would lose that.
    assertThat(dense().read("[1.00000005960464477540]").toFloats())
        .containsExactly(Math.nextUp(1f));
    assertThat(dense().read("[1.000000059604644775390625]").toFloats()).containsExactly(1f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1,2",
        "[",
        "[1,secret]",
        "[1,,2]",
        "[,]",
        "[1,2,]",
        "[1 2]",
        "[[1,2]]",
        "[1,2]]",
        "[1;2]",
        "[0x10]",
        "[0x1p3]",
        "[7f]",
        "[7d]",
        "[7F]",
        "[7D]",
        "[NaN]",
        "[1e39]",
        "[-1e39]",
        "[Infinity]",
        "[null]",
        "[1,2]/3",
        "1,2",
        "secret",
        "",
        "(1,2)"
      })
  void refusesMalformedDenseText(String text) {
    assertThatThrownBy(() -> dense().read(text))
        .isInstanceOf(DataException.class)
        .hasMessageFindingMatch("expected a vector as text|is not a number|is out of range")
        .message()
        .doesNotContain("secret", "0x1", "7", "39");
  }

  @Test
  void readsSparseTextWithDimensionFromOne() {
    PackedVector expected =
        PackedVector.ofSparse(250_002, new int[] {0, 250_001}, new float[] {0.5f, -2.25f});
    for (Schema schema : new Schema[] {Schema.STRING_SCHEMA, null}) {
      for (int dimension : new int[] {0, 250_002}) {
        VectorReader reader = VectorReader.of(schema, VectorType.SPARSE, dimension, NONE);
        assertThat(reader.read("{1:0.5,250002:-2.25}/250002")).isEqualTo(expected);
        assertThat(reader.read(" { 250002 : -225e-2 , 1 : .5 } / 250002 ")).isEqualTo(expected);
      }
    }
    assertThat(sparse(0).read("{}/7"))
        .isEqualTo(new PackedVector(VectorType.SPARSE, 7, new byte[0]));
  }

  @Test
  void readsSparseTextWithoutDimensionFromZero() {
    assertThat(sparse(0).read("{0:0.5,4294967295:1e-45}"))
        .isEqualTo(
            PackedVector.ofSparse(0, new int[] {0, -1}, new float[] {0.5f, Float.MIN_VALUE}));
    assertThat(sparse(4).read("{3:-0}"))
        .isEqualTo(PackedVector.ofSparse(4, new int[] {3}, new float[] {-0.0f}));
    assertThat(sparse(4).read("{}").nonZeros()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{1:0.5/10",
        "{",
        "{secret:1}/10",
        "{1:secret}/10",
        "{1}/10",
        "{:1}/10",
        "{1:}/10",
        "{1:1,}/10",
        "{,}/10",
        "{1.5:1}/10",
        "{1:1}10",
        "{1:1}/",
        "{1:1}/secret",
        "{1:1}/0",
        "{1:1}/-10",
        "{1:1}/10/10",
        "{1:1}/99999999999",
        "{1:1e39}/10",
        "{1:NaN}/10",
        "{1:7f}/10",
        "{0:1}/10",
        "{-1:1}/10",
        "{11:1}/10",
        "{3:1,3:2}/10",
        "{99999999999:1}/10",
        "{4294967296:1}",
        "{-1:1}",
        "{2:1,2:1}",
        "{9223372036854775808:1}"
      })
  void refusesMalformedSparseText(String text) {
    assertThatThrownBy(() -> sparse(0).read(text))
        .isInstanceOf(DataException.class)
        .hasMessageFindingMatch(
            "expected a sparse vector as text|not index:value|not a number|out of range"
                + "|not a whole number|must ascend|outside dimension 10")
        .message()
        .doesNotContain("secret", "39", "7f");
  }

  @ParameterizedTest
  @CsvSource({"{10:1}/10, 9, 10", "{1:1}/1, 2, 1"})
  void refusesSparseTextOfAnotherDimension(String text, int wanted, int got) {
    assertThatThrownBy(() -> sparse(wanted).read(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a vector of dimension %d, got %d", wanted, got);
  }

  @Test
  void refusesAnotherKindOfVector() {
    assertThatThrownBy(() -> sparse(2).read("[1,2]"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a io.vectorconnect.data.SparseVector");
    assertThatThrownBy(() -> dense().read("{1:1}/2"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("got a io.vectorconnect.data.SparseVector");
    assertThatThrownBy(() -> dense().read("0101"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a vector as text, [1,2,3] or {1:0.5}/10");
  }

  @ParameterizedTest
  @MethodSource("bits")
  void readsBitStrings(Fixtures.Bits bits) {
    for (Schema schema : new Schema[] {Schema.STRING_SCHEMA, null}) {
      VectorReader reader = VectorReader.of(schema, VectorType.BINARY, bits.dimension(), NONE);
      assertThat(reader.read(bits.text()).bytes()).isEqualTo(bits.packed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0120", "01 0", "b'01'", "secret", "０１"})
  void refusesMalformedBitStrings(String text) {
    VectorReader reader = VectorReader.of(Schema.STRING_SCHEMA, VectorType.BINARY, 0, NONE);
    assertThatThrownBy(() -> reader.read(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is neither 0 nor 1")
        .message()
        .doesNotContain("secret");
  }

  private static VectorReader dense() {
    return VectorReader.of(Schema.STRING_SCHEMA, VectorType.FLOAT, 0, NONE);
  }

  private static VectorReader sparse(int dimension) {
    return VectorReader.of(Schema.STRING_SCHEMA, VectorType.SPARSE, dimension, NONE);
  }
}
