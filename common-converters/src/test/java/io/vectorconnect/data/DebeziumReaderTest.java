package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Debezium's SparseDoubleVector and Bits, with schema and as schemaless JSON. */
class DebeziumReaderTest {
  private static final Set<LossyCast> NONE = Set.of();

  private static final Schema SPARSE =
      SchemaBuilder.struct()
          .name("io.debezium.data.SparseDoubleVector")
          .version(1)
          .optional()
          .field("dimensions", Schema.INT16_SCHEMA)
          .field("vector", SchemaBuilder.map(Schema.INT16_SCHEMA, Schema.FLOAT64_SCHEMA).build())
          .build();

  static List<Fixtures.Bits> bits() {
    return Fixtures.bits();
  }

  @Test
  void sparseIndicesStartAtOne() {
    Map<Short, Double> pairs = new LinkedHashMap<>();
    pairs.put((short) 1000, -2.25);
    pairs.put((short) 1, 0.1);
    PackedVector expected =
        PackedVector.ofSparse(1000, new int[] {0, 999}, new float[] {0.1f, -2.25f});
    for (int dimension : new int[] {0, 1000}) {
      assertThat(sparse(dimension).read(struct(1000, pairs))).isEqualTo(expected);
      assertThat(
              VectorReader.of(null, VectorType.SPARSE, dimension, NONE)
                  .read(Map.of("dimensions", 1000L, "vector", Map.of("1", 0.1, "1000", -2.25))))
          .isEqualTo(expected);
    }
    assertThat(sparse(0).read(struct(3, Map.of())).nonZeros()).isZero();
  }

  @Test
  void refusesSparseIndicesOutOfRange() {
    for (int index : new int[] {0, -1}) {
      assertThatThrownBy(() -> sparse(0).read(struct(5, Map.of((short) index, 0.5))))
          .isInstanceOf(DataException.class)
          .hasMessage("a sparse index is out of range; indices here start at 1");
    }
    assertThatThrownBy(() -> sparse(0).read(struct(5, Map.of((short) 6, 0.5))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("outside dimension 5");
    assertThatThrownBy(() -> sparse(6).read(struct(5, Map.of((short) 5, 0.5))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a vector of dimension 6, got 5");
    assertThatThrownBy(() -> sparse(0).read(struct(-5, Map.of((short) 5, 0.5))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("dimension");
  }

  @Test
  void roundsSparseValuesOnlyByName() {
    Struct struct = struct(5, Map.of((short) 2, Math.PI));
    assertThatThrownBy(() -> sparse(5).read(struct))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("vector.lossy.casts=float64_to_float32")
        .message()
        .doesNotContain("3.14");
    Set<LossyCast> casts = Set.of(LossyCast.FLOAT64_TO_FLOAT32);
    assertThat(VectorReader.of(SPARSE, VectorType.SPARSE, 5, casts).read(struct))
        .isEqualTo(PackedVector.ofSparse(5, new int[] {1}, new float[] {(float) Math.PI}));
  }

  @Test
  void refusesAStructWithoutItsFields() {
    Schema schema =
        SchemaBuilder.struct()
            .name("io.debezium.data.SparseDoubleVector")
            .field("dimensions", Schema.OPTIONAL_INT16_SCHEMA)
            .field(
                "vector",
                SchemaBuilder.map(Schema.INT16_SCHEMA, Schema.FLOAT64_SCHEMA).optional().build())
            .build();
    VectorReader reader = VectorReader.of(schema, VectorType.SPARSE, 0, NONE);
    for (Struct struct :
        List.of(
            new Struct(schema).put("dimensions", (short) 3),
            new Struct(schema).put("vector", Map.of((short) 1, 0.5)))) {
      assertThatThrownBy(() -> reader.read(struct))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("dimensions")
          .hasMessageContaining("vector");
    }
  }

  @ParameterizedTest
  @MethodSource("bits")
  void readsBitsFromTheRight(Fixtures.Bits bits) {
    VectorReader reader =
        VectorReader.of(bitsOf(bits.dimension()), VectorType.BINARY, bits.dimension(), NONE);
    PackedVector expected = new PackedVector(VectorType.BINARY, bits.dimension(), bits.packed());
    assertThat(reader.read(bits.debezium())).isEqualTo(expected);
    assertThat(reader.read(ByteBuffer.wrap(bits.debezium()).asReadOnlyBuffer()))
        .isEqualTo(expected);
    byte[] padded = Arrays.copyOf(bits.debezium(), 20);
    assertThat(reader.read(padded)).as("with trailing zeros").isEqualTo(expected);
  }

  @Test
  void readsASingleBit() {
    VectorReader reader = VectorReader.of(Schema.BOOLEAN_SCHEMA, VectorType.BINARY, 1, NONE);
    assertThat(reader.read(true).bytes()).containsExactly(0x80);
    assertThat(reader.read(false).bytes()).containsExactly(0);
  }

  @Test
  void refusesBitsThatDoNotFit() {
    assertThatThrownBy(
            () -> VectorReader.of(bitsOf(9), VectorType.BINARY, 9, NONE).read(new byte[] {0, 0x02}))
        .isInstanceOf(DataException.class)
        .hasMessage("a bit string of length 9 has bits beyond its length");
    assertThatThrownBy(
            () -> VectorReader.of(bitsOf(9), VectorType.BINARY, 10, NONE).read(new byte[] {1}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a vector of dimension 10, got 9");
    assertThatThrownBy(
            () -> VectorReader.of(bitsOf(9), VectorType.FLOAT, 9, NONE).read(new byte[] {1}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there is no conversion");
  }

  @Test
  void refusesBitsWithoutTheirLength() {
    Schema none = SchemaBuilder.bytes().name("io.debezium.data.Bits").build();
    for (Schema schema : List.of(none, bits("x"), bits("0"), bits("-1"))) {
      assertThatThrownBy(() -> VectorReader.of(schema, VectorType.BINARY, 0, NONE))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("length");
    }
  }

  private static Schema bitsOf(int length) {
    return bits(Integer.toString(length));
  }

  private static Schema bits(String length) {
    return SchemaBuilder.bytes()
        .name("io.debezium.data.Bits")
        .version(1)
        .parameter("length", length)
        .build();
  }

  private static VectorReader sparse(int dimension) {
    return VectorReader.of(SPARSE, VectorType.SPARSE, dimension, NONE);
  }

  private static Struct struct(int dimensions, Map<Short, Double> vector) {
    return new Struct(SPARSE).put("dimensions", (short) dimensions).put("vector", vector);
  }
}
