package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own packed types, in every shape that Connect hands BYTES over in. */
class PackedVectorReaderTest {
  private static final Set<LossyCast> NONE = Set.of();

  static List<Fixtures.Vector> vectors() {
    return Fixtures.vectors();
  }

  static List<Fixtures.Bits> bits() {
    return Fixtures.bits();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void readsArraysAndBuffersOfEveryShape(Fixtures.Vector vector) {
    PackedVector packed = vector.packed();
    Schema schema = VectorSchema.builder(packed.type(), packed.dimension()).build();
    VectorReader reader = VectorReader.of(schema, packed.type(), packed.dimension(), NONE);
    for (Object value : shapes(packed.bytes())) {
      assertThat(reader.read(value)).isEqualTo(packed);
      assertThat(reader.read(value)).as("the buffer's position has moved").isEqualTo(packed);
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void castsToTheTargetsType(Fixtures.Vector vector) {
    Schema schema = VectorSchema.builder(vector.type()).optional().build();
    VectorReader reader = VectorReader.of(schema, VectorType.FLOAT, vector.elements().length, NONE);
    assertThat(reader.read(vector.packed().bytes()).toFloats()).containsExactly(vector.elements());
  }

  @ParameterizedTest
  @MethodSource("bits")
  void readsBitsAsNumpyPacksThem(Fixtures.Bits bits) {
    Schema schema = VectorSchema.builder(VectorType.BINARY, bits.dimension()).build();
    VectorReader reader = VectorReader.of(schema, VectorType.BINARY, bits.dimension(), NONE);
    for (Object value : shapes(bits.packed())) {
      PackedVector read = reader.read(value);
      assertThat(read.bytes()).isEqualTo(bits.packed());
      assertThat(read.dimension()).isEqualTo(bits.dimension());
    }
  }

  @Test
  void readsSparsePairsWithAndWithoutDimension() {
    PackedVector pairs =
        PackedVector.ofSparse(
            0, new int[] {0, 7, 1 << 30}, new float[] {-0.0f, Float.MIN_VALUE, 2});
    Schema undeclared = VectorSchema.builder(VectorType.SPARSE).build();
    assertThat(VectorReader.of(undeclared, VectorType.SPARSE, 0, NONE).read(pairs.bytes()))
        .isEqualTo(pairs);
    int dimension = (1 << 30) + 1;
    PackedVector read =
        VectorReader.of(undeclared, VectorType.SPARSE, dimension, NONE).read(pairs.bytes());
    assertThat(read.dimension()).isEqualTo(dimension);
    assertThat(read.bytes()).isEqualTo(pairs.bytes());
    assertThatThrownBy(
            () -> VectorReader.of(undeclared, VectorType.SPARSE, 1 << 30, NONE).read(pairs.bytes()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("outside dimension 1073741824");
  }

  @Test
  void sparseIndicesAreUnsigned() {
    byte[] pairs = PackedVector.ofSparse(0, new int[] {5, -1}, new float[] {1, 2}).bytes();
    Schema schema = VectorSchema.builder(VectorType.SPARSE).build();
    PackedVector read = VectorReader.of(schema, VectorType.SPARSE, 0, NONE).read(pairs);
    assertThat(read.nonZeros()).isEqualTo(2);
    assertThatThrownBy(() -> PackedVector.ofSparse(0, new int[] {-1, 5}, new float[2]))
        .isInstanceOf(DataException.class)
        .hasMessage("sparse indices must ascend, got 5 after 4294967295");
    assertThatThrownBy(() -> new PackedVector(VectorType.SPARSE, 0, new byte[12]))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("pairs of 8 bytes, got 12");
  }

  @ParameterizedTest
  @EnumSource(value = VectorType.class, names = "SPARSE", mode = EnumSource.Mode.EXCLUDE)
  void refusesBytesThatDoNotFitTheDeclaredDimension(VectorType type) {
    int length = type.packedLength(9);
    Schema schema = VectorSchema.builder(type, 9).build();
    VectorReader reader = VectorReader.of(schema, type, 9, NONE);
    for (byte[] wrong : List.of(new byte[0], new byte[length - 1], new byte[length + 1])) {
      assertThatThrownBy(() -> reader.read(wrong))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("of dimension 9")
          .hasMessageContaining(length + " bytes")
          .hasMessageContaining("got " + wrong.length);
    }
  }

  @ParameterizedTest
  @EnumSource(value = VectorType.class, names = "SPARSE", mode = EnumSource.Mode.EXCLUDE)
  void refusesAnotherDimensionThanTheTargets(VectorType type) {
    Schema undeclared = VectorSchema.builder(type).build();
    VectorReader reader = VectorReader.of(undeclared, type, 24, NONE);
    assertThat(reader.read(new byte[type.packedLength(24)]).dimension()).isEqualTo(24);
    assertThatThrownBy(() -> reader.read(new byte[type.packedLength(16)]))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a vector of dimension 24, got 16");
  }

  @Test
  void refusesBitsBeyondTheDimension() {
    Schema schema = VectorSchema.builder(VectorType.BINARY, 9).build();
    VectorReader reader = VectorReader.of(schema, VectorType.BINARY, 9, NONE);
    assertThat(reader.read(new byte[] {-1, (byte) 0x80}).dimension()).isEqualTo(9);
    assertThatThrownBy(() -> reader.read(new byte[] {0, 0x40}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("dimension 9 has bits set beyond its dimension");
  }

  @Test
  void refusesHalfAnElement() {
    Schema schema = VectorSchema.builder(VectorType.FLOAT).build();
    VectorReader reader = VectorReader.of(schema, VectorType.FLOAT, 0, NONE);
    assertThatThrownBy(() -> reader.read(new byte[6]))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("4 bytes, got 6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"three", "", "3.0", "0", "-8", "-5", "2147483647", "4294967296"})
  void refusesASchemaWhoseDimensionIsNoDimension(String dimension) {
    for (VectorType type : VectorType.values()) {
      Schema schema =
          VectorSchema.builder(type).parameter(VectorSchema.DIMENSION, dimension).build();
      assertThatThrownBy(() -> VectorReader.of(schema, type, 3, NONE).read(new byte[0]))
          .as("%s of dimension %s", type, dimension)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("dimension");
    }
  }

  @Test
  void refusesWhatIsNoVector() {
    for (Schema schema :
        List.of(
            Schema.INT32_SCHEMA,
            SchemaBuilder.bytes().name("b").build(),
            SchemaBuilder.struct().name("s").build())) {
      assertThatThrownBy(() -> VectorReader.of(schema, VectorType.FLOAT, 3, NONE))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected a vector, got " + schema.type())
          .hasMessageContaining("ARRAY of numbers");
    }
    VectorReader reader =
        VectorReader.of(VectorSchema.builder(VectorType.FLOAT).build(), VectorType.FLOAT, 1, NONE);
    assertThatThrownBy(() -> reader.read("secret"))
        .isInstanceOf(DataException.class)
        .hasMessage("expected BYTES, got String");
  }

  /** The same bytes as an array, and as whole, offset, sliced, direct and read-only buffers. */
  private static List<Object> shapes(byte[] bytes) {
    byte[] padded = new byte[bytes.length + 5];
    Arrays.fill(padded, (byte) 0x5A);
    System.arraycopy(bytes, 0, padded, 3, bytes.length);
    return List.of(
        bytes,
        ByteBuffer.wrap(bytes),
        ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 5), 0, bytes.length),
        ByteBuffer.wrap(padded, 3, bytes.length),
        ByteBuffer.wrap(padded).slice(3, bytes.length),
        ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
        ByteBuffer.wrap(padded, 3, bytes.length).asReadOnlyBuffer(),
        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
  }
}
