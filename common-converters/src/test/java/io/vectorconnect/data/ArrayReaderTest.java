package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ARRAY of numbers or booleans: schemaless, and with schema as Debezium's dense types have it. */
class ArrayReaderTest {
  private static final Set<LossyCast> NONE = Set.of();
  private static final Set<LossyCast> ROUND = Set.of(LossyCast.FLOAT64_TO_FLOAT32);

  @Test
  void readsEveryTypeOfNumber() {
    PackedVector expected = PackedVector.ofFloats(new float[] {1, -2, 127});
    assertThat(read(Schema.FLOAT32_SCHEMA, 1f, -2f, 127f)).isEqualTo(expected);
    assertThat(read(Schema.FLOAT64_SCHEMA, 1d, -2d, 127d)).isEqualTo(expected);
    assertThat(read(Schema.INT8_SCHEMA, (byte) 1, (byte) -2, (byte) 127)).isEqualTo(expected);
    assertThat(read(Schema.INT16_SCHEMA, (short) 1, (short) -2, (short) 127)).isEqualTo(expected);
    assertThat(read(Schema.INT32_SCHEMA, 1, -2, 127)).isEqualTo(expected);
    assertThat(read(Schema.INT64_SCHEMA, 1L, -2L, 127L)).isEqualTo(expected);
    assertThat(
            read(
                Decimal.schema(1),
                new BigDecimal("1.0"),
                new BigDecimal("-2.0"),
                new BigDecimal("127.0")))
        .isEqualTo(expected);
    assertThat(schemaless(VectorType.FLOAT, 3, NONE).read(List.of(1L, -2d, 127)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.debezium.data.FloatVector", "io.debezium.data.DoubleVector"})
  void readsDebeziumsDenseVectors(String name) {
    boolean wide = name.contains("Double");
    Schema schema =
        SchemaBuilder.array(wide ? Schema.FLOAT64_SCHEMA : Schema.FLOAT32_SCHEMA)
            .name(name)
            .version(1)
            .optional()
            .build();
    // A pgvector value 0.1 is read from its text at 64 bits and is not the widening of 0.1f.
    List<?> value = wide ? List.of(0.1d, -0.0d, 1e-45d) : List.of(0.1f, -0.0f, Float.MIN_VALUE);
    PackedVector read = VectorReader.of(schema, VectorType.FLOAT, 3, NONE).read(value);
    assertThat(read).isEqualTo(PackedVector.ofFloats(new float[] {0.1f, -0.0f, Float.MIN_VALUE}));
  }

  @Test
  void acceptsTheShortestDecimalOfEveryFloatReadAtMoreBits() {
    List<Fixtures.Shortest> fixtures = Fixtures.shortest();
    assertThat(fixtures).hasSizeGreaterThan(3_000);
    for (Fixtures.Shortest shortest : fixtures) {
      for (Number wide :
          List.of(Double.parseDouble(shortest.text()), new BigDecimal(shortest.text()))) {
        assertThat(schemaless(VectorType.FLOAT, 1, NONE).read(List.of(wide)))
            .as(shortest.text())
            .isEqualTo(floats(shortest.value()));
      }
    }
  }

  @Test
  void acceptsTheExactWideningOfEveryKindOfFloat() {
    float[] floats = {
      0.1f,
      -0.0f,
      Float.MIN_VALUE,
      Float.MAX_VALUE,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      0x1.fffffcp-127f
    };
    Object[] wide = new Object[floats.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = (double) floats[i];
    }
    assertThat(read(Schema.FLOAT64_SCHEMA, wide)).isEqualTo(PackedVector.ofFloats(floats));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Math.PI, 0.1 + 1e-17 * 8, 1e-46, 16777217, 0.30000000000000004})
  void refusesOrRoundsWhatAFloatCannotHold(double element) {
    assertThatThrownBy(() -> read(Schema.FLOAT64_SCHEMA, 1d, element))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("element 1 of the vector is a 64-bit number")
        .hasMessageContaining("set vector.lossy.casts=float64_to_float32")
        .message()
        .doesNotContain(Double.toString(element));
    assertThat(array(Schema.FLOAT64_SCHEMA, ROUND).read(List.of(element)).toFloats())
        .containsExactly((float) element);
  }

  @Test
  void refusesIntegersThatAFloatCannotHold() {
    assertThat(read(Schema.INT64_SCHEMA, 1L << 62)).isEqualTo(floats(0x1p62f));
    assertThatThrownBy(() -> read(Schema.INT64_SCHEMA, 16_777_217L))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(() -> read(Schema.INT64_SCHEMA, Long.MAX_VALUE))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(() -> read(Schema.INT32_SCHEMA, -16_777_217))
        .isInstanceOf(DataException.class);
    assertThat(array(Schema.INT64_SCHEMA, ROUND).read(List.of(Long.MAX_VALUE)))
        .isEqualTo(floats(0x1p63f));
  }

  @Test
  void neverRoundsToInfinity() {
    for (Object element : List.of(1e39, -Double.MAX_VALUE, new BigDecimal("1e400"))) {
      for (Set<LossyCast> casts : List.of(NONE, ROUND)) {
        assertThatThrownBy(() -> schemaless(VectorType.FLOAT, 1, casts).read(List.of(element)))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("element 0 of the vector")
            .hasMessageEndingWith("correct the record");
      }
    }
  }

  @Test
  void refusesWhatIsNotANumber() {
    List<Object> value = Arrays.asList(1, null);
    assertThatThrownBy(() -> array(Schema.OPTIONAL_FLOAT64_SCHEMA, NONE).read(value))
        .isInstanceOf(DataException.class)
        .hasMessage("element 1 of the vector is null, expected a number");
    assertThatThrownBy(() -> read(Schema.STRING_SCHEMA, "secret"))
        .isInstanceOf(DataException.class)
        .hasMessage("element 0 of the vector is a String, expected a number");
    assertThatThrownBy(() -> read(Schema.BOOLEAN_SCHEMA, true))
        .isInstanceOf(DataException.class)
        .hasMessage("element 0 of the vector is a Boolean, expected a number");
    assertThatThrownBy(() -> schemaless(VectorType.FLOAT, 0, NONE).read(List.of(List.of(1, 2))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a number");
    assertThatThrownBy(() -> schemaless(VectorType.FLOAT, 0, NONE).read(42))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a vector, got Integer; without a schema a vector is");
  }

  @Test
  void refusesAnotherDimension() {
    VectorReader reader = schemaless(VectorType.FLOAT, 3, NONE);
    for (List<?> wrong : List.of(List.of(), List.of(1, 2), List.of(1, 2, 3, 4))) {
      assertThatThrownBy(() -> reader.read(wrong))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected a vector of dimension 3, got " + wrong.size());
    }
  }

  @Test
  void castsToNarrowTargets() {
    assertThat(schemaless(VectorType.INT8, 2, NONE).read(List.of(-128, 127.0)).bytes())
        .containsExactly(-128, 127);
    assertThatThrownBy(() -> schemaless(VectorType.INT8, 2, NONE).read(List.of(1, 128)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("element 1 cannot be held exactly");
    assertThat(schemaless(VectorType.FLOAT16, 1, NONE).read(List.of(1)).bytes())
        .containsExactly(0, 0x3C);
  }

  @Test
  void booleansAndZerosAndOnesAreBits() {
    VectorReader reader = schemaless(VectorType.BINARY, 9, NONE);
    List<List<?>> same =
        List.of(
            List.of(true, false, true, true, false, false, false, false, true),
            List.of(1, 0, 1, 1, 0, 0, 0, 0, 1),
            List.of(1L, 0d, (byte) 1, 1f, 0, false, 0, 0, true));
    for (List<?> bits : same) {
      assertThat(reader.read(bits).bytes()).containsExactly(0xB0, 0x80);
    }
    Schema schema = SchemaBuilder.array(Schema.BOOLEAN_SCHEMA).build();
    assertThat(VectorReader.of(schema, VectorType.BINARY, 9, NONE).read(same.get(0)).bytes())
        .containsExactly(0xB0, 0x80);
    for (Object wrong : Arrays.asList(2, 0.5, -1, null, "1")) {
      assertThatThrownBy(() -> reader.read(Arrays.asList(true, wrong)))
          .isInstanceOf(DataException.class)
          .hasMessage("element 1 of a bit vector is neither 0 nor 1");
    }
    assertThatThrownBy(() -> reader.read(List.of(true)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a vector of dimension 9, got 1");
  }

  private static PackedVector floats(float... floats) {
    return PackedVector.ofFloats(floats);
  }

  private static VectorReader schemaless(VectorType type, int dimension, Set<LossyCast> casts) {
    return VectorReader.of(null, type, dimension, casts);
  }

  private static VectorReader array(Schema elements, Set<LossyCast> casts) {
    return VectorReader.of(SchemaBuilder.array(elements).build(), VectorType.FLOAT, 0, casts);
  }

  private static PackedVector read(Schema elements, Object... value) {
    return array(elements, NONE).read(List.of(value));
  }
}
