package io.vectorconnect.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.spi.converter.CustomConverter.Converter;
import io.debezium.spi.converter.RelationalColumn;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.UnavailableValue;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class VectorConverterTest {
  /** What Debezium hands over for a value that is not in PostgreSQL's log. */
  private static final Object MARKER = new Object();

  private record Registered(Schema schema, Converter converter) {}

  /** What snapshots hand over; the converter cannot know the driver's class but by its name. */
  private record PGobject(String value) {
    @Override
    public String toString() {
      return value;
    }
  }

  private static Optional<Registered> register(String type, int length, boolean optional) {
    Registered[] registered = new Registered[1];
    new VectorConverter()
        .converterFor(
            new Column(type, length, optional),
            (SchemaBuilder schema, Converter converter) ->
                registered[0] = new Registered(schema.build(), converter));
    return Optional.ofNullable(registered[0]);
  }

  private static Registered column(String type, int length) {
    return register(type, length, true).orElseThrow();
  }

  @Test
  void packsEachTypeOfBothForms() {
    Registered vector = column("vector", 3);
    assertThat(vector.schema().name()).isEqualTo("io.vectorconnect.data.FloatVector");
    assertThat(vector.schema().parameters()).containsEntry("dimension", "3");
    byte[] packed = PackedVector.ofFloats(new float[] {0.1f, -0f, Float.MIN_VALUE}).bytes();
    assertThat(vector.converter().convert("[0.1,-0,1e-45]")).isEqualTo(packed);
    assertThat(vector.converter().convert(new PGobject("[0.1,-0,1e-45]"))).isEqualTo(packed);

    Registered half = column("ext.\"halfvec\"", 2);
    assertThat(half.schema().name()).isEqualTo("io.vectorconnect.data.Float16Vector");
    assertThat(half.converter().convert("[1,-2]")).isEqualTo(new byte[] {0, 0x3C, 0, (byte) 0xC0});

    Registered sparse = column("sparsevec", 250_002);
    assertThat(sparse.converter().convert("{1:0.5,250002:-3}/250002"))
        .isEqualTo(
            PackedVector.ofSparse(250_002, new int[] {0, 250_001}, new float[] {0.5f, -3}).bytes());
    assertThat(sparse.converter().convert("{}/250002")).isEqualTo(new byte[0]);

    Registered bits = column("bit", 12);
    assertThat(bits.converter().convert("100000000110")).isEqualTo(new byte[] {(byte) 0x80, 0x60});
    assertThat(column("bit", 1).converter().convert(true)).isEqualTo(new byte[] {(byte) 0x80});
  }

  @Test
  void aColumnWithoutDimensionHasNoneInItsSchema() {
    Registered vector = column("vector", Integer.MAX_VALUE);
    assertThat(vector.schema().parameters()).isNull();
    assertThat(vector.converter().convert("[1,2]"))
        .isEqualTo(PackedVector.ofFloats(new float[] {1, 2}).bytes());

    Registered sparse = column("sparsevec", Integer.MAX_VALUE);
    assertThat(sparse.schema().type()).isEqualTo(Schema.Type.STRING);
    assertThat(sparse.converter().convert("{1:0.5}/10")).isEqualTo("{1:0.5}/10");
    assertThat(sparse.converter().convert(MARKER)).isEqualTo(UnavailableValue.TEXT);
  }

  /** Debezium's own form tells only the column's length. */
  @Test
  void bitStringsOfVaryingLengthKeepTheirLengthAsText() {
    Registered bits = column("varbit", 10);
    assertThat(bits.schema().type()).isEqualTo(Schema.Type.STRING);
    assertThat(bits.converter().convert("0101")).isEqualTo("0101");
    assertThat(bits.converter().convert("")).isEqualTo("");
    assertThat(bits.converter().convert(MARKER)).isEqualTo(UnavailableValue.TEXT);
  }

  @Test
  void absentIsNotNull() {
    Registered optional = column("vector", 768);
    assertThat(optional.schema().isOptional()).isTrue();
    assertThat(optional.converter().convert(null)).isNull();
    assertThat(optional.converter().convert(MARKER)).isEqualTo(UnavailableValue.bytes());

    Registered required = register("vector", 768, false).orElseThrow();
    assertThat(required.schema().isOptional()).isFalse();
    assertThat(required.converter().convert(null)).isEqualTo(UnavailableValue.bytes());
  }

  @Test
  void leavesOtherTypesToDebezium() {
    assertThat(register("text", 0, true)).isEmpty();
    assertThat(register("tsvector", 0, true)).isEmpty();
  }

  @Test
  void refusesWhatItCannotReadAndShowsNoValues() {
    Registered vector = column("vector", 3);
    for (Object value : new Object[] {"[1,2]", "[secret]", 5, new byte[0]}) {
      assertThatThrownBy(() -> vector.converter().convert(value))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("column c of table t")
          .hasMessageNotContaining("secret");
    }
  }

  private record Column(String typeName, int size, boolean isOptional) implements RelationalColumn {
    @Override
    public String name() {
      return "c";
    }

    @Override
    public String dataCollection() {
      return "t";
    }

    @Override
    public int jdbcType() {
      return 0;
    }

    @Override
    public int nativeType() {
      return 0;
    }

    @Override
    public String typeExpression() {
      return typeName;
    }

    @Override
    public OptionalInt length() {
      return size == 0 ? OptionalInt.empty() : OptionalInt.of(size);
    }

    @Override
    public OptionalInt scale() {
      return OptionalInt.empty();
    }

    @Override
    public Object defaultValue() {
      return null;
    }

    @Override
    public boolean hasDefaultValue() {
      return false;
    }
  }
}
