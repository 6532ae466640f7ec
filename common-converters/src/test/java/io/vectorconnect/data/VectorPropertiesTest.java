package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** What holds for any dimension and any pattern of bits. */
class VectorPropertiesTest {
  private static final Set<LossyCast> NONE = Set.of();

  /** Random bits are NaN once in 128 times, and then have a payload. */
  @Property(tries = 300)
  void packedElementsAreTheirBitsInLittleEndian(
      @ForAll @IntRange(max = 2000) int dimension, @ForAll long seed) {
    byte[] bytes = new byte[dimension * Float.BYTES];
    new Random(seed).nextBytes(bytes);
    Schema schema = VectorSchema.builder(VectorType.FLOAT).build();
    PackedVector read = VectorReader.of(schema, VectorType.FLOAT, 0, NONE).read(bytes);
    float[] floats = read.toFloats();
    assertThat(floats).hasSize(dimension);
    for (int i = 0; i < dimension; i++) {
      int bits =
          (bytes[4 * i] & 0xFF)
              | (bytes[4 * i + 1] & 0xFF) << 8
              | (bytes[4 * i + 2] & 0xFF) << 16
              | bytes[4 * i + 3] << 24;
      assertThat(Float.floatToRawIntBits(floats[i])).isEqualTo(bits);
    }
    assertThat(PackedVector.ofFloats(floats)).isEqualTo(read);
  }

  @Property(tries = 300)
  void bfloat16AndInt8ComeBackFromFloat(
      @ForAll @IntRange(min = 1, max = 500) int dimension, @ForAll long seed) {
    for (VectorType type : List.of(VectorType.BFLOAT16, VectorType.INT8)) {
      byte[] bytes = new byte[type.packedLength(dimension)];
      new Random(seed).nextBytes(bytes);
      PackedVector narrow = new PackedVector(type, dimension, bytes);
      PackedVector wide = VectorCast.to(VectorType.FLOAT, narrow, NONE);
      assertThat(VectorCast.to(type, wide, NONE)).isEqualTo(narrow);
    }
  }

  @Property(tries = 3000)
  void textIsReadBitForBit(@ForAll @Size(min = 1, max = 20) List<Integer> patterns) {
    float[] floats = new float[patterns.size()];
    for (int i = 0; i < floats.length; i++) {
      // Only finite numbers have a text: other exponents become the one of 2 to 3.
      int bits = patterns.get(i);
      floats[i] =
          Float.intBitsToFloat((bits & 0x7F800000) == 0x7F800000 ? bits & 0xC07FFFFF : bits);
    }
    StringBuilder text = new StringBuilder();
    StringBuilder sparse = new StringBuilder();
    int[] indices = new int[floats.length];
    for (int i = 0; i < floats.length; i++) {
      text.append(i == 0 ? '[' : ',').append(floats[i]);
      sparse.append(i == 0 ? '{' : ',').append(2 * i + 1).append(':').append(floats[i]);
      indices[i] = 2 * i;
    }
    text.append(']');
    sparse.append("}/99");
    Schema schema = Schema.STRING_SCHEMA;
    assertThat(VectorReader.of(schema, VectorType.FLOAT, floats.length, NONE).read(text.toString()))
        .isEqualTo(PackedVector.ofFloats(floats));
    assertThat(VectorReader.of(schema, VectorType.SPARSE, 99, NONE).read(sparse.toString()))
        .isEqualTo(PackedVector.ofSparse(99, indices, floats));
  }

  @Property(tries = 500)
  void sparseMapsAreSortedWhateverTheirOrder(
      @ForAll @Size(max = 60) Set<Integer> unsigned, @ForAll long seed) {
    Random random = new Random(seed);
    TreeMap<Long, Float> sorted = new TreeMap<>();
    for (int index : unsigned) {
      sorted.put(Integer.toUnsignedLong(index), Float.intBitsToFloat(random.nextInt()));
    }
    int[] indices = sorted.keySet().stream().mapToInt(Long::intValue).toArray();
    float[] values = new float[indices.length];
    int i = 0;
    for (float value : sorted.values()) {
      values[i++] = value;
    }
    List<Long> order = new ArrayList<>(sorted.keySet());
    Collections.shuffle(order, random);
    Map<Object, Float> shuffled = new LinkedHashMap<>();
    order.forEach(
        index -> shuffled.put(random.nextBoolean() ? index : "" + index, sorted.get(index)));
    PackedVector read = VectorReader.of(null, VectorType.SPARSE, 0, NONE).read(shuffled);
    assertThat(read).isEqualTo(PackedVector.ofSparse(0, indices, values));
    Map<String, List<?>> lists =
        Map.of("indices", order, "values", order.stream().map(sorted::get).toList());
    assertThat(VectorReader.of(null, VectorType.SPARSE, 0, NONE).read(lists)).isEqualTo(read);
  }

  @Property(tries = 3000)
  void everyFloatAsADoubleIsExact(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    VectorReader reader = VectorReader.of(null, VectorType.FLOAT, 1, NONE);
    assertThat(reader.read(List.of((double) value)).toFloats()).containsExactly(value);
    assertThat(reader.read(List.of(Double.parseDouble(Float.toString(value)))).toFloats())
        .containsExactly(value);
  }

  /** Ten digits are no float's text. */
  @Property(tries = 3000)
  void noDecimalOfTenDigitsIsExact(
      @ForAll @IntRange(min = 1_000_000_001) int mantissa,
      @ForAll @IntRange(min = -40, max = 25) int scale) {
    double wide = new BigDecimal(mantissa).scaleByPowerOfTen(scale).doubleValue();
    Assume.that(mantissa % 10 != 0 && wide != (float) wide);
    VectorReader reader = VectorReader.of(null, VectorType.FLOAT, 1, NONE);
    assertThatThrownBy(() -> reader.read(List.of(wide))).isInstanceOf(DataException.class);
  }

  @Property(tries = 500)
  void bitsComeInTheOrderOfTheList(@ForAll @Size(max = 300) List<Boolean> bits) {
    PackedVector read = VectorReader.of(null, VectorType.BINARY, 0, NONE).read(bits);
    assertThat(read.dimension()).isEqualTo(bits.size());
    assertThat(read.bytes()).hasSize((bits.size() + 7) / 8);
    for (int i = 0; i < read.bytes().length * 8; i++) {
      boolean set = (read.bytes()[i / 8] >> (7 - i % 8) & 1) == 1;
      assertThat(set).isEqualTo(i < bits.size() && bits.get(i));
    }
  }
}
