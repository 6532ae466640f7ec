package io.vectorconnect.milvus.sink.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.ValueField;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.sink.collection.FieldTypes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

/** What is refused before it goes to the server, by which name. */
class RowPlanTest {

  private static FieldSchema field(String name, DataType type, String... parameters) {
    FieldSchema.Builder field = FieldSchema.newBuilder().setName(name).setDataType(type);
    for (int i = 0; i < parameters.length; i += 2) {
      field.addTypeParams(FieldTypes.parameter(parameters[i], parameters[i + 1]));
    }
    return field.build();
  }

  private static void assertRefused(Rows rows, Object value, String... parts) {
    assertThatThrownBy(() -> rows.row(value))
        .isInstanceOf(DataException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  @Test
  void integersOutOfTheFieldsRange() {
    Rows tiny = Rows.of(field("n", DataType.Int8), Schema.INT64_SCHEMA);
    assertThat(tiny.row(-128L).values()[1]).isEqualTo(-128);
    assertRefused(tiny, 128L, "field n (Int8) of collection things", "out of the range of Int8");
    Rows fromText = Rows.of(field("n", DataType.Int64), Schema.STRING_SCHEMA);
    assertRefused(fromText, "7", "expected a whole number for Int64, got a String");
    Rows fromFloat = Rows.of(field("n", DataType.Int64), Schema.FLOAT64_SCHEMA);
    assertThat(fromFloat.row(7.0).values()[1]).isEqualTo(7L);
    assertRefused(fromFloat, 7.5, "expected a whole number for Int64, got a Double");
  }

  @Test
  void numbersThatAFloatWouldRound() {
    Rows narrow = Rows.of(field("f", DataType.Float), Schema.FLOAT64_SCHEMA);
    assertThat(narrow.row(0.5).values()[1]).isEqualTo(0.5f);
    assertRefused(narrow, 0.1, "cannot hold this Double exactly");
    Rows wide = Rows.of(field("d", DataType.Double), Schema.INT64_SCHEMA);
    assertThat(wide.row(1L << 53).values()[1]).isEqualTo((double) (1L << 53));
    assertRefused(wide, (1L << 53) + 1, "cannot hold this Long exactly");
  }

  @Test
  void textLongerThanTheFieldInBytes() {
    Rows text = Rows.of(field("t", DataType.VarChar, "max_length", "4"), Schema.STRING_SCHEMA);
    assertThat(text.row("😀").values()[1]).isEqualTo("😀");
    assertThat(text.row("éé").values()[1]).isEqualTo("éé");
    assertRefused(text, "☃é", "field t (VarChar(4))", "at most 4 bytes of UTF-8, got 5");
    assertRefused(text, "\uDE00x", "half a surrogate pair at position 0");
  }

  @Test
  void arraysBeyondTheirLimits() {
    FieldSchema field =
        FieldSchema.newBuilder(field("a", DataType.Array, "max_length", "2"))
            .setElementType(DataType.VarChar)
            .addTypeParams(FieldTypes.parameter("max_capacity", "2"))
            .build();
    Schema schema = SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).optional().build();
    Rows texts = Rows.of(field, schema);
    assertThat(texts.row(List.of()).values()[1].toString()).contains("string_data");
    assertRefused(
        texts,
        List.of("a", "b", "c"),
        "field a (Array(VarChar(2), 2)) of collection things",
        "expected at most 2 elements, got 3");
    assertRefused(texts, List.of("a", "bcd"), "element 1: expected at most 2 bytes");
    assertRefused(texts, Arrays.asList("a", null), "element 1: NULL, which Milvus's arrays");
    assertRefused(texts, null, "NULL in a field that is not nullable");
    FieldSchema bytes =
        FieldSchema.newBuilder(field("a", DataType.Array)).setElementType(DataType.Int8).build();
    Rows tiny = Rows.of(bytes, SchemaBuilder.array(Schema.INT32_SCHEMA).build());
    assertRefused(tiny, List.of(127, 128), "element 1: ", "out of the range of Int8");
    assertThatThrownBy(() -> Rows.of(bytes, Schema.STRING_SCHEMA))
        .hasMessageContaining("expected an ARRAY, got STRING");
  }

  @Test
  void nullsWhereTheFieldIsNotNullable() {
    Rows text = Rows.of(field("t", DataType.VarChar), Schema.OPTIONAL_STRING_SCHEMA);
    assertRefused(text, null, "field t (VarChar(65535))", "NULL in a field that is not nullable");
  }

  @Test
  void nullsWhereTheServerWouldStoreADefaultValue() {
    FieldSchema field =
        field("t", DataType.VarChar).toBuilder()
            .setNullable(true)
            .setDefaultValue(ValueField.newBuilder().setStringData("none"))
            .build();
    Rows text = Rows.of(field, Schema.OPTIONAL_STRING_SCHEMA);
    assertThat(text.row("told").values()[1]).isEqualTo("told");
    assertRefused(text, null, "field t (VarChar(65535))", "NULL in a field with a default value");
  }

  @Test
  void vectorsThatAreNotFiniteOrOfAnotherDimension() {
    Rows floats =
        Rows.of(
            field("v", DataType.FloatVector, "dim", "2"),
            VectorSchema.builder(VectorType.FLOAT).build());
    assertRefused(
        floats,
        PackedVector.ofFloats(new float[] {1, Float.NEGATIVE_INFINITY}).bytes(),
        "field v (FloatVector(2)) of collection things",
        "element 1 of the vector is NaN or infinite");
    assertRefused(
        floats,
        PackedVector.ofFloats(new float[] {1, 2, 3}).bytes(),
        "expected a vector of dimension 2, got 3");
    Rows halves =
        Rows.of(
            field("v", DataType.Float16Vector, "dim", "1"),
            VectorSchema.builder(VectorType.FLOAT16, 1).build());
    assertThat(halves.row(new byte[] {(byte) 0xFF, 0x7B}).values()[1]).isNotNull();
    assertRefused(halves, new byte[] {0x00, (byte) 0xFC}, "element 0 of the vector is NaN");
    Rows brains =
        Rows.of(
            field("v", DataType.BFloat16Vector, "dim", "1"),
            VectorSchema.builder(VectorType.BFLOAT16, 1).build());
    assertThat(brains.row(new byte[] {0x00, 0x7C}).values()[1]).isNotNull();
    assertRefused(brains, new byte[] {(byte) 0xC0, 0x7F}, "element 0 of the vector is NaN");
    Rows sparse =
        Rows.of(
            field("v", DataType.SparseFloatVector),
            VectorSchema.builder(VectorType.SPARSE).build());
    assertRefused(
        sparse,
        PackedVector.ofSparse(0, new int[] {3, 9}, new float[] {1, Float.NaN}).bytes(),
        "element 1 of the vector is NaN");
    assertRefused(
        sparse,
        PackedVector.ofSparse(0, new int[] {-1}, new float[] {1}).bytes(),
        "index is 4,294,967,295");
  }

  @Test
  void textThatIsNoJsonDocument() {
    Rows json = Rows.of(field("j", DataType.JSON), Json.builder().build());
    assertThat((byte[]) json.row(" {\"a\": 0.10} ").values()[1])
        .asString()
        .isEqualTo(" {\"a\": 0.10} ");
    for (String text : List.of("", "{", "{\"a\":1}}", "{} {}", "'a'", "NaN", "{a:1}")) {
      assertRefused(json, text, "field j (JSON) of collection things", "JSON document");
    }
  }

  @Test
  void schemalessObjectsBecomeJson() {
    Object document = Map.of("a", List.of(1L, "\"", true));
    assertThat(Json.write(null, document)).isEqualTo("{\"a\":[1,\"\\\"\",true]}");
    assertThat(Json.write(Schema.FLOAT32_SCHEMA, 0.1f)).isEqualTo("0.1");
    assertThatThrownBy(() -> Json.write(null, Double.NaN)).hasMessageContaining("no NaN");
    assertThat(Json.write(Schema.BYTES_SCHEMA, new byte[] {1, 2})).isEqualTo("\"AQI=\"");
    assertThatThrownBy(() -> Json.write(null, java.math.BigInteger.TEN))
        .hasMessageContaining("JSON has no place for a BigInteger");
    assertThat(
            Json.write(SchemaBuilder.array(Json.builder().build()).build(), List.of("{\"a\":1}")))
        .isEqualTo("[{\"a\":1}]");
  }

  @Test
  void aFieldOfATypeThatTheSinkDoesNotKnow() {
    assertThatThrownBy(
            () ->
                Rows.of(
                    field("a", DataType.Array), SchemaBuilder.array(Schema.INT32_SCHEMA).build()))
        .hasMessageContaining("does not write fields of this type");
  }
}
